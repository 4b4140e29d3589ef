"""All scenarios at once, each with its own simulator and its own real Prometheus.

They run side by side because rates take time to fill a window, not work.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph import poll
from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.wire import GraphType, Snapshot
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
    with ExitStack() as stack:
        running: dict[str, tuple[Simulator, PrometheusServer]] = {}
        for name in SCENARIOS:
            offset_s = TOUR_OFFSET_S if name == "tour" else 0.0
            mesh = stack.enter_context(Simulator(name, load=LOAD, phase_offset_s=offset_s))
            folder: Path = tmp_path_factory.mktemp(name.replace(":", "-"))
            server = PrometheusServer(mesh, folder, scrape_interval_s=SCRAPE_INTERVAL_S)
            running[name] = (mesh, stack.enter_context(server))
        for _, server in running.values():
            server.wait_for_samples(WINDOW_S + 2 * SCRAPE_INTERVAL_S)
        yield {name: _measure(mesh, server) for name, (mesh, server) in running.items()}


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
