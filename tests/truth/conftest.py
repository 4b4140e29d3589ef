"""All scenarios, each in a real Prometheus of its own, and what really flowed in each.

Two are scraped live, with the clock on the wall. The others are the same scrapes of the same pages,
recorded as fast as the simulator goes, because a window takes as long to fill for each of them.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from graph import poll
from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.wire import GraphType, Snapshot
from graph.demo import simulator
from graph.demo.backfill import Recording, backfill
from graph.demo.prometheus import free_port
from graph.demo.scenarios import mesh_of
from graph.demo.simulator import Options
from graph.demo.truth import TrueRange
from graph.sources import open_source
from tests.stack import PrometheusServer, Simulator, wait_until

WINDOW_S = 40
SCRAPE_INTERVAL_S = 2.0
# More traffic than the demo has, so that chance stays well below the tolerance.
LOAD = 4.0

# A tour changes all the time; five seconds into its first act it stands still for long enough.
TOUR_OFFSET_S = 50.0

# "NAME:full" begins where the incident has reached its final state.
SCENARIOS = (
    "steady",
    "ratings-delay:full",
    "canary:full",
    "payments-503:full",
    "plaintext-client:full",
    "rolling-restart:full",
    "tour",
)
# Pods that come and go are told apart by what is missing as well, which only live scrapes have.
LIVE = ("steady", "rolling-restart:full")
# So long before its window a recording begins: two flushes of what proxies have counted.
LEAD_S = 12
# Recording is plain computing: more at once than there are cores gains nothing.
RECORDERS = 2


@dataclass(frozen=True)
class Measured:
    """What meshviz says of a scenario, and what really flowed in the same window."""

    feed: FeedState
    truth: TrueRange
    server: PrometheusServer

    def view(self, graph_type: GraphType) -> Snapshot:
        state, _ = engine.render(None, self.feed, ViewSpec(graph_type, WINDOW_S, ()), "truth")
        return engine.snapshot(state, state.status)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Measured]]:
    """Return every scenario's measurement, taken after one full window."""
    folders = {name: tmp_path_factory.mktemp(name.replace(":", "-")) for name in SCENARIOS}
    with ExitStack() as stack:
        running = {name: _started(stack, name, folders[name]) for name in LIVE}
        recorded = _recorded(stack, {n: f for n, f in folders.items() if n not in LIVE})
        for _, server in running.values():
            server.wait_for_samples(WINDOW_S + 2 * SCRAPE_INTERVAL_S)
        live = {name: _measure(mesh, server) for name, (mesh, server) in running.items()}
        yield {name: {**recorded, **live}[name] for name in SCENARIOS}


def _started(stack: ExitStack, name: str, folder: Path) -> tuple[Simulator, PrometheusServer]:
    mesh = stack.enter_context(Simulator(name, load=LOAD))
    server = PrometheusServer(mesh, folder, scrape_interval_s=SCRAPE_INTERVAL_S)
    return mesh, stack.enter_context(server)


def _measure(mesh: Simulator, server: PrometheusServer) -> Measured:
    source = open_source(server.url, timeout_s=20, scrape_interval_s=SCRAPE_INTERVAL_S)
    try:
        feed = poll.advance(source, engine.start_feed(WINDOW_S, 5.0), time.time())
    finally:
        source.close()
    assert feed.readings is not None, feed.status["detail"]
    end = feed.readings.at
    wait_until(lambda: mesh.now()["at"] > end, what="the simulator passing the window's end")
    return Measured(feed, mesh.truth(end - WINDOW_S, end), server)


def _recorded(stack: ExitStack, folders: dict[str, Path]) -> dict[str, Measured]:
    end = float(round(time.time()))
    servers = {
        name: PrometheusServer(free_port(), folder, jobs=()) for name, folder in folders.items()
    }
    # Spawned, because this process may have threads by now.
    with ProcessPoolExecutor(RECORDERS, get_context("spawn")) as pool:
        making = {name: pool.submit(_record, name, end, servers[name].data) for name in servers}
        truths = {name: made.result() for name, made in making.items()}
    return {
        name: Measured(_look(stack.enter_context(server), end), truths[name], server)
        for name, server in servers.items()
    }


def _record(name: str, end: float, data: Path) -> TrueRange:
    """Leave the scenario's scrapes in a folder; return what flowed in the window at their end."""
    offset_s = TOUR_OFFSET_S if name == "tour" else 0.0
    seconds = WINDOW_S + LEAD_S
    options = Options(name, load=LOAD, phase_offset_s=offset_s)
    mesh = simulator.Simulator(mesh_of(name), options, end - seconds)
    backfill(mesh, seconds, Recording(SCRAPE_INTERVAL_S), data)
    return mesh.truth.between(end - WINDOW_S, end)


def _look(server: PrometheusServer, end: float) -> FeedState:
    source = open_source(server.url, timeout_s=20, scrape_interval_s=SCRAPE_INTERVAL_S)
    try:
        feed = poll.look(source, WINDOW_S, end, 5.0)
    finally:
        source.close()
    assert feed.readings is not None, feed.status["detail"]
    return feed
