"""A real Prometheus that scrapes the simulated mesh, on the loopback interface only."""

import http.client
import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from graph.demo.process import Child

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "MESHVIZ_DEMO_PROMETHEUS"
CACHED = ROOT / ".cache" / "prometheus" / "bin" / "prometheus"


class NoPrometheusError(RuntimeError):
    """There is no Prometheus to start; the message says what to do."""


def find_prometheus(environment: Mapping[str, str] = os.environ, cached: Path = CACHED) -> Path:
    """Return the program: from MESHVIZ_DEMO_PROMETHEUS, PATH or the cache folder."""
    named = environment.get(VARIABLE)
    if named:
        if not os.access(named, os.X_OK) or Path(named).is_dir():
            raise NoPrometheusError(f"{VARIABLE} is {named!r}, which is not a program to run.")
        return Path(named)
    found = shutil.which("prometheus", path=environment.get("PATH", os.defpath))
    if found:
        return Path(found)
    if cached.is_file() and os.access(cached, os.X_OK):
        return cached
    raise NoPrometheusError(
        "No Prometheus found: neither on PATH nor in .cache/prometheus. Do one of these:\n"
        "  scripts/get-prometheus            fetches one into .cache/prometheus\n"
        "  apt-get install prometheus        as root, on Debian and Ubuntu\n"
        f"  {VARIABLE}=/path/to/prometheus    if you have one already"
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One scrape job: the mesh's targets as discovery tells them, or another Prometheus' series."""

    name: str = "kubernetes-pods"
    # As in Istio's own addon: pages of merged pods bring their own names.
    honor_labels: bool = True
    interval_s: float | None = None
    # Scrapes with more samples than this fail; 0 is no limit.
    sample_limit: int = 0
    # Asks discovery for this part of the mesh only, such as "?cluster=c1".
    part: str = ""
    # Ports to scrape instead of the mesh: processes that tell of themselves.
    ports: tuple[int, ...] = ()
    # The port of a Prometheus to federate from, instead of scraping the mesh.
    federate_port: int | None = None

    def config(self, mesh_port: int) -> dict[str, object]:
        """Return the job as Prometheus' configuration wants it."""
        interval = {"scrape_interval": _duration(self.interval_s)} if self.interval_s else {}
        limit = {"sample_limit": self.sample_limit} if self.sample_limit else {}
        told = {"job_name": self.name, "honor_labels": self.honor_labels, **interval, **limit}
        if self.federate_port is not None:
            return {
                **told,
                "metrics_path": "/federate",
                "params": {"match[]": ['{__name__=~"istio_.+|up"}']},
                "static_configs": [{"targets": [f"127.0.0.1:{self.federate_port}"]}],
            }
        if self.ports:
            targets = [f"127.0.0.1:{port}" for port in self.ports]
            return {**told, "static_configs": [{"targets": targets}]}
        discovery = {
            "url": f"http://127.0.0.1:{mesh_port}/sd{self.part}",
            "refresh_interval": "5s",
        }
        return {**told, "http_sd_configs": [discovery]}


@dataclass(frozen=True, slots=True)
class Setup:
    """Where a Prometheus keeps its things, and what it scrapes how often."""

    folder: Path
    port: int
    mesh_port: int
    scrape_interval_s: float = 5.0
    retention: str = "6h"
    jobs: tuple[Job, ...] = (Job(),)
    # What it calls itself where others read its series.
    external_labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """The folder of its blocks."""
        return self.folder / "data"

    def config(self) -> str:
        """Return the text of its configuration file."""
        interval = _duration(self.scrape_interval_s)
        timing = {"scrape_interval": interval, "scrape_timeout": interval}
        return yaml.safe_dump(
            {
                "global": {**timing, "external_labels": dict(self.external_labels)},
                "scrape_configs": [job.config(self.mesh_port) for job in self.jobs],
            }
        )


def _duration(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"


def start_prometheus(program: Path, setup: Setup) -> Child:
    """Start a Prometheus; the same folder again continues with the same data."""
    setup.folder.mkdir(parents=True, exist_ok=True)
    config = setup.folder / "prometheus.yml"
    config.write_text(setup.config(), encoding="utf-8")
    return Child(
        "Prometheus",
        [
            str(program),
            f"--config.file={config}",
            f"--storage.tsdb.path={setup.data}",
            f"--storage.tsdb.retention.time={setup.retention}",
            f"--web.listen-address=127.0.0.1:{setup.port}",
            "--log.level=warn",
        ],
        setup.folder / "prometheus.log",
    )


def is_ready(setup: Setup) -> bool:
    """True once it answers queries."""
    return answers(setup.port, "/-/ready")


def answers(port: int, path: str) -> bool:
    """True when a GET from this port on the loopback interface is answered with success."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return 200 <= connection.getresponse().status < 300
    except (http.client.HTTPException, OSError):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
