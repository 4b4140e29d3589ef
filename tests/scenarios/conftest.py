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

from tests.scenarios.cases import Case, named
from tests.scenarios.recorded import Recorded, Truths, make, open_case
from tests.stack import PrometheusServer, free_port

# Recording is plain computing: more at once than there are cores gains nothing.
_RECORDERS = 2


def _wanted(session: pytest.Session) -> dict[str, Case]:
    marks = (mark for item in session.items for mark in item.iter_markers("scene"))
    return named(name for mark in marks for name in mark.args)


@pytest.fixture(scope="session")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Recorded]]:
    """Return every recorded case that a collected test is marked with."""
    cases = _wanted(request.session)
    ended_at = float(round(time.time()))
    with ExitStack() as stack:
        # Spawned, because this process has threads by now.
        pool = stack.enter_context(ProcessPoolExecutor(_RECORDERS, get_context("spawn")))
        servers = {
            name: PrometheusServer(free_port(), tmp_path_factory.mktemp(name), jobs=())
            for name in cases
        }
        making: dict[str, Future[Truths]] = {
            name: pool.submit(make, each, ended_at, Path(servers[name].data))
            for name, each in cases.items()
        }
        recorded: dict[str, Recorded] = {}
        for name, future in making.items():
            truths = future.result()
            server = stack.enter_context(servers[name])
            recorded[name] = open_case(cases[name], ended_at, truths, server)
            stack.callback(recorded[name].source.close)
        yield recorded


@pytest.fixture
def scene(request: pytest.FixtureRequest, scenes: dict[str, Recorded]) -> Recorded:
    """Return the case that the test is marked with."""
    mark = request.node.get_closest_marker("scene")
    (name,) = mark.args
    return scenes[name]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "scene(name...): looks at these recorded cases")
