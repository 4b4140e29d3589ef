"""Recorded cases, each in a real Prometheus of its own; only those that the tests at hand need.

CANARY = case("canary", seconds=200, looks=(60,))

@pytest.mark.scene(CANARY)
def test_...(scene: Recorded) -> None:
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

import pytest

from graph.demo.prometheus import free_port
from tests.scenarios.cases import Case, named
from tests.scenarios.live import Running, fill, start_all
from tests.scenarios.recorded import Recorded, Truths, make, open_case
from tests.stack import PrometheusServer

# Recording is plain computing: more at once than there are cores gains nothing.
_RECORDERS = 2


def _wanted(session: pytest.Session) -> dict[str, Case]:
    marks = (mark for item in session.items for mark in item.iter_markers("scene"))
    return named(name for mark in marks for name in mark.args)


class Library:
    """The recorded cases: all are being made at once, and each opens when it is first asked for."""

    def __init__(self, cases: dict[str, Case], folder: Path, stack: ExitStack) -> None:
        self._cases = cases
        self._folder = folder
        self._stack = stack
        self._ended_at = float(round(time.time()))
        # Spawned, because this process has threads by now.
        pool = stack.enter_context(ProcessPoolExecutor(_RECORDERS, get_context("spawn")))
        self._servers = {
            name: PrometheusServer(free_port(), folder / name, jobs=()) for name in cases
        }
        self._making: dict[str, Future[Truths]] = {
            name: pool.submit(make, each, self._ended_at, self._servers[name].data)
            for name, each in cases.items()
        }
        self._open: dict[str, Recorded] = {}

    def __getitem__(self, name: str) -> Recorded:
        """Return a case; wait for its recording if need be."""
        if name not in self._open:
            truths = self._making[name].result()
            server = self._stack.enter_context(self._servers[name])
            found = open_case(self._cases[name], self._ended_at, truths, server)
            self._stack.callback(found.source.close)
            self._open[name] = found
        return self._open[name]


@pytest.fixture(scope="session")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """Return every recorded case that a collected test is marked with."""
    with ExitStack() as stack:
        yield Library(_wanted(request.session), tmp_path_factory.mktemp("scenes"), stack)


@pytest.fixture(scope="session", autouse=True)
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Running]]:
    """Start what scrapes before all else, so that windows fill while other tests run."""
    with ExitStack() as stack:
        wanted = any(item.get_closest_marker("live") for item in request.session.items)
        yield start_all(stack, tmp_path_factory.mktemp("live")) if wanted else {}


@pytest.fixture(scope="session")
def servers(started: dict[str, Running]) -> dict[str, Running]:
    """Return every server that scrapes, once its window is full."""
    fill(started)
    return started


@pytest.fixture
def scene(request: pytest.FixtureRequest, scenes: Library) -> Recorded:
    """Return the case that the test is marked with."""
    mark = request.node.get_closest_marker("scene")
    (name,) = mark.args
    return scenes[name]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "scene(name...): looks at these recorded cases")
    config.addinivalue_line("markers", "live: looks at Prometheus servers that scrape")
