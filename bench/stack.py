"""Programs to measure: a simulated mesh, a real Prometheus that scrapes it, a meshviz server."""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from graph.demo.process import Child
from graph.demo.prometheus import (
    Setup,
    answers,
    find_prometheus,
    free_port,
    is_ready,
    start_prometheus,
)

ROOT = Path(__file__).resolve().parents[1]
_READY_S = 120.0
# A busy Prometheus with a million series takes its time.
_ANSWER_S = 180.0
_QUERIES = re.compile(r'^prometheus_http_requests_total\{.*handler="/api/v1/query"\} (\S+)$', re.M)
# How often people who wait are told that something goes on.
_NOTE_S = 30.0


@dataclass(frozen=True, slots=True)
class Mesh:
    """A simulated mesh and the Prometheus that scrapes it."""

    simulator: Child
    prometheus: Child
    prometheus_url: str
    scrape_interval_s: float

    def ask(self, promql: str, at: float | None = None) -> float | None:
        """Return the first number that Prometheus answers, None when the answer is empty."""
        moment = {} if at is None else {"time": f"{at:.3f}"}
        query = urlencode({"query": promql, **moment})
        result = fetched(f"{self.prometheus_url}/api/v1/query?{query}")["data"]["result"]
        return float(result[0]["value"][1]) if result else None

    def labels(self, name: str) -> set[str]:
        """Return the values that a label of the mesh's requests has."""
        return set(fetched(f"{self.prometheus_url}/api/v1/label/{name}/values")["data"])

    def queries(self) -> float:
        """Return how many queries Prometheus has answered, by its own count."""
        with urlopen(f"{self.prometheus_url}/metrics", timeout=_ANSWER_S) as response:
            return sum(map(float, _QUERIES.findall(response.read().decode())))

    def series(self) -> int:
        """Return how many samples one round of scrapes brings."""
        # To count the series themselves would take Prometheus a minute when there are a million.
        return int(self.ask("sum(scrape_samples_scraped)") or 0)

    def wait_for_history(self, seconds: float) -> None:
        """Return once rates over ``seconds`` have all their samples."""
        started = time.monotonic()
        while not self.ask("sum(scrape_samples_scraped)"):
            _still_alive(self.simulator)
            time.sleep(0.5)
        # Rates need the window full; scrapes are spread over one interval.
        end = time.monotonic() + seconds + self.scrape_interval_s
        while (left := end - time.monotonic()) > 0:
            note(f"another {left:.0f} s until the window is full")
            time.sleep(min(left, _NOTE_S))
            _still_alive(self.simulator)
        note(f"history of {seconds:.0f} s after {time.monotonic() - started:.0f} s")


@dataclass(frozen=True, slots=True)
class Server:
    """A meshviz server: its ``host:port`` and its process."""

    address: str
    child: Child

    def get(self, path: str) -> Any:
        """Return what it answers, from JSON."""
        return fetched(f"http://{self.address}{path}")

    def size(self, path: str) -> int:
        """Return how many bytes it answers."""
        with urlopen(f"http://{self.address}{path}", timeout=_ANSWER_S) as response:
            return len(response.read())


@contextmanager
def running_mesh(*, services: int, scrape_interval_s: float) -> Iterator[Mesh]:
    """Run a simulated mesh and a Prometheus; stop both in the end."""
    with TemporaryDirectory(prefix="meshviz-bench-") as name:
        folder = Path(name)
        options = ["--port", "0", "--seed", "1", "--services", str(services), "--no-compress"]
        simulator = Child(
            "the simulator",
            [sys.executable, "-m", "graph.demo.simulate", "--scenario", "steady", *options],
            folder / "simulator.log",
            cwd=ROOT,
        )
        try:
            simulator.wait_until(lambda: simulator.first_line() is not None, _READY_S)
            port = int(json.loads(simulator.first_line() or "")["port"])
            setup = Setup(folder / "prometheus", free_port(), port, scrape_interval_s)
            prometheus = start_prometheus(find_prometheus(), setup)
            try:
                prometheus.wait_until(lambda: is_ready(setup), _READY_S)
                yield Mesh(simulator, prometheus, setup.url, scrape_interval_s)
            finally:
                prometheus.stop()
        finally:
            simulator.stop()


@contextmanager
def serving(mesh: Mesh, **settings: str) -> Iterator[Server]:
    """Run a meshviz server on the mesh; settings by the names of their variables."""
    port = free_port()
    with command(mesh, "serve", "--port", str(port), **settings) as server:
        server.wait_until(lambda: answers(port, "/healthz"), _READY_S)
        yield Server(f"127.0.0.1:{port}", server)


@contextmanager
def command(mesh: Mesh, *words: str, **settings: str) -> Iterator[Child]:
    """Run one of meshviz' own commands on the mesh."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("MESHVIZ_")}
    with TemporaryDirectory(prefix="meshviz-bench-") as name:
        child = Child(
            f"meshviz {words[0]}",
            [sys.executable, "manage.py", *words],
            Path(name) / "meshviz.log",
            cwd=ROOT,
            env={**own, "MESHVIZ_PROMETHEUS_URL": mesh.prometheus_url, **settings},
        )
        try:
            yield child
        finally:
            child.stop()


@contextmanager
def running_server(mesh: Mesh, **settings: str) -> Iterator[str]:
    """Run a meshviz server on the mesh; yields its ``host:port``."""
    with serving(mesh, **settings) as server:
        yield server.address


def note(text: str) -> None:
    """Tell the person who waits what is going on."""
    print(f"    {text}", file=sys.stderr, flush=True)


def fetched(url: str) -> Any:
    """Return the JSON at an address."""
    with urlopen(url, timeout=_ANSWER_S) as response:
        return json.load(response)


def _still_alive(child: Child) -> None:
    if child.exit_code() is not None:
        raise child.failure(f"ended with exit code {child.exit_code()}")
