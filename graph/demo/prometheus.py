"""A real Prometheus that scrapes the simulated mesh, on the loopback interface only."""

import http.client
import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.demo.process import Child

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "MESHVIZ_DEMO_PROMETHEUS"
CACHED = ROOT / ".cache" / "prometheus" / "bin" / "prometheus"

# honor_labels as in Istio's own addon: pages of merged pods bring their own names.
CONFIG = """\
global:
  scrape_interval: {interval}
  scrape_timeout: {timeout}
scrape_configs:
  - job_name: kubernetes-pods
    honor_labels: true
    http_sd_configs:
      - url: http://127.0.0.1:{mesh_port}/sd
        refresh_interval: 5s
"""


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
class Setup:
    """Where a Prometheus keeps its things, and what it scrapes how often."""

    folder: Path
    port: int
    mesh_port: int
    scrape_interval_s: float = 5.0
    retention: str = "6h"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


def start_prometheus(program: Path, setup: Setup) -> Child:
    """Start a Prometheus; the same folder again continues with the same data."""
    setup.folder.mkdir(parents=True, exist_ok=True)
    config = setup.folder / "prometheus.yml"
    interval = f"{round(setup.scrape_interval_s * 1000)}ms"
    config.write_text(
        CONFIG.format(interval=interval, timeout=interval, mesh_port=setup.mesh_port),
        encoding="utf-8",
    )
    return Child(
        "Prometheus",
        [
            str(program),
            f"--config.file={config}",
            f"--storage.tsdb.path={setup.folder / 'data'}",
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
