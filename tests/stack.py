"""Real processes for tests: the simulated mesh and a Prometheus that scrapes it.

    with Simulator("canary:full") as mesh, PrometheusServer(mesh, tmp_path) as prometheus:
        prometheus.wait_for_samples(30)
        ...  mesh.truth(start, end)

Ports come from the system, waiting is polling, and leaving the block ends the processes.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import requests

from graph.demo.process import Child
from graph.demo.prometheus import (
    ROOT,
    Job,
    Setup,
    find_prometheus,
    free_port,
    is_ready,
    start_prometheus,
)
from graph.demo.simulator import Now
from graph.demo.truth import TrueRange

START_S = 30.0


def wait_until(claim: Callable[[], bool], timeout_s: float = START_S, what: str = "") -> None:
    """Return once the claim holds; fail the test when it never does."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:.0f} s: {what or claim}")
        time.sleep(0.05)


class Simulator(AbstractContextManager["Simulator"]):
    """The simulated mesh as a process; ``scenario`` may be "NAME:full" (after its ramp)."""

    def __init__(
        self,
        scenario: str = "steady",
        *,
        seed: int = 1,
        load: float = 1.0,
        services: int = 0,
        phase_offset_s: float = 0.0,
    ) -> None:
        self._arguments = [
            *("--scenario", scenario, "--seed", str(seed), "--load", str(load)),
            *("--services", str(services), "--phase-offset", str(phase_offset_s)),
        ]
        self.port = 0

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="mesh-")
        self._child = Child(
            "The simulator",
            [sys.executable, "-m", "graph.demo.simulate", "--port", "0", *self._arguments],
            Path(self._folder.name) / "simulator.log",
            cwd=ROOT,
        )
        try:
            self._child.wait_until(lambda: self._child.first_line() is not None, START_S)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.port = json.loads(self._child.first_line() or "")["port"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.stop()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Where the simulator answers."""
        return f"http://127.0.0.1:{self.port}"

    def truth(self, start: float, end: float) -> TrueRange:
        """Return what flowed in (start, end], unix seconds."""
        answer = _get(f"{self.url}/truth", {"start": start, "end": end})
        return answer  # type: ignore[return-value]

    def now(self) -> Now:
        """Return the mesh's clock and what is on."""
        return _get(f"{self.url}/truth/now", {})  # type: ignore[return-value]


class PrometheusServer(AbstractContextManager["PrometheusServer"]):
    """A Prometheus on a port and in a folder that it keeps over ``restart``."""

    def __init__(
        self,
        mesh: Simulator | int,
        folder: Path,
        *,
        scrape_interval_s: float = 1.0,
        jobs: Sequence[Job] = (Job(),),
        external_labels: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._program = find_prometheus()
        self._setup = Setup(
            folder=folder / "prometheus",
            port=free_port(),
            mesh_port=mesh if isinstance(mesh, int) else mesh.port,
            scrape_interval_s=scrape_interval_s,
            jobs=tuple(jobs),
            external_labels=external_labels,
        )
        self._child: Child | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where Prometheus answers, running or not."""
        return self._setup.url

    @property
    def port(self) -> int:
        """Its port on the loopback interface."""
        return self._setup.port

    @property
    def data(self) -> Path:
        """The folder of its blocks, which may be filled before it starts."""
        return self._setup.data

    def start(self) -> None:
        """Start it and wait until it answers queries."""
        self._child = start_prometheus(self._program, self._setup)
        try:
            self._child.wait_until(lambda: is_ready(self._setup), START_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it in good order; its data stay."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def kill(self) -> None:
        """End it as a crash would."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def restart(self) -> None:
        """Start it again on the same port with the same data."""
        self.stop()
        self.start()

    def query(self, promql: str, at: float | None = None) -> list[dict[str, object]]:
        """Return the result vector of an instant query."""
        parameters: dict[str, object] = {"query": promql} | ({"time": at} if at else {})
        data = _get(f"{self.url}/api/v1/query", parameters)["data"]
        return data["result"]  # type: ignore[index, no-any-return]

    def wait_for_samples(self, seconds: float) -> None:
        """Return once the mesh's request counters have samples over this long a time."""
        span = "max(max_over_time(timestamp(istio_requests_total)[1h:1s])) - "
        span += "min(min_over_time(timestamp(istio_requests_total)[1h:1s]))"

        def covered() -> bool:
            result = self.query(span)
            return bool(result) and float(result[0]["value"][1]) >= seconds  # type: ignore[index]

        wait_until(covered, START_S + seconds * 2, f"{seconds} s of samples")


def _get(url: str, parameters: dict[str, object]) -> dict[str, object]:
    answer = requests.get(url, params=parameters, timeout=30)  # type: ignore[arg-type]
    answer.raise_for_status()
    body: dict[str, object] = answer.json()
    return body
