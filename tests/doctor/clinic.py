"""Real Prometheus servers in a bad state: scrape configurations that people really have.

One simulated mesh serves them all. Waiting is polling, ports come from the system.
"""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

import requests

from graph.demo.process import Child
from graph.demo.prometheus import answers, find_prometheus, free_port
from tests.stack import START_S, wait_until

_JOB = """\
  - job_name: {name}
    honor_labels: true
    scrape_interval: {interval}
    scrape_timeout: {interval}
    http_sd_configs: [{{url: "http://127.0.0.1:{mesh}/sd", refresh_interval: 5s}}]
"""
# Nobody listens there: the address is reserved for documentation, the proxy refuses.
_DEAD = """\
  - job_name: {name}
    scrape_interval: 1s
    scrape_timeout: 1s
    proxy_url: http://127.0.0.1:9
    static_configs: [{{targets: ["192.0.2.1:{port}", "192.0.2.2:{port}"]}}]
"""
# What a thrifty operator may drop: identities, clusters and the buckets of quantiles.
_THRIFT = """\
    metric_relabel_configs:
      - {regex: ".*_principal|.*_cluster", action: labeldrop}
      - {source_labels: [__name__], regex: istio_request_duration_milliseconds_bucket, action: drop}
"""
_COPIES = """\
groups:
  - name: copies
    interval: 1s
    rules:
      - {record: istio_requests_total, expr: "sum without (pod, instance) (istio_requests_total)"}
"""


def ill_config(mesh_port: int) -> str:
    """Return the configuration of a Prometheus that scrapes twice, unevenly and with limits."""
    return (
        "rule_files: [rules.yml]\nscrape_configs:\n"
        + _JOB.format(name="kubernetes-pods", interval="1s", mesh=mesh_port)
        + _THRIFT
        + _JOB.format(name="podmonitor", interval="2s", mesh=mesh_port)
        # Enough for the small pages only.
        + "    sample_limit: 300\n"
        + _THRIFT
    )


def half_dead_config(mesh_port: int) -> str:
    """Return the configuration of a Prometheus one of whose jobs finds nobody at home."""
    return (
        "scrape_configs:\n"
        + _JOB.format(name="kubernetes-pods", interval="1s", mesh=mesh_port)
        + _DEAD.format(name="ztunnels", port=15020)
        + _DEAD.format(name="database", port=9187)
    )


def limited_config(mesh_port: int) -> str:
    """Return the configuration of a Prometheus whose limit lets no proxy in."""
    job = _JOB.format(name="kubernetes-pods", interval="1s", mesh=mesh_port)
    return f"scrape_configs:\n{job}    sample_limit: 1\n"


class IllPrometheus(AbstractContextManager["IllPrometheus"]):
    """A Prometheus with a configuration of its own."""

    def __init__(self, folder: Path, config: str, rules: str = _COPIES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "prometheus.yml").write_text(config, encoding="utf-8")
        (folder / "rules.yml").write_text(rules, encoding="utf-8")
        self._folder = folder
        self._port = free_port()

    def __enter__(self) -> Self:
        self._child = Child(
            "Prometheus",
            [
                str(find_prometheus()),
                f"--config.file={self._folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={self._folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self._port}",
                "--log.level=warn",
            ],
            self._folder / "prometheus.log",
        )
        try:
            self._child.wait_until(lambda: answers(self._port, "/-/ready"), START_S)
        except BaseException:
            self._child.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._child.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def wait_for(self, promql: str) -> None:
        """Return once the query answers something."""
        query = {"query": promql}

        def is_there() -> bool:
            answer = requests.get(f"{self.url}/api/v1/query", params=query, timeout=10).json()
            return bool(answer["data"]["result"])

        wait_until(is_there, what=promql)
