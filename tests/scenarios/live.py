"""Servers that really scrape, all side by side: rates take time to fill a window, not work."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from graph import poll
from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.wire import GraphType, SourceFacts
from graph.demo.prometheus import Job
from graph.demo.truth import TrueRange
from graph.sources import open_source
from tests.scenarios.recorded import Graph
from tests.stack import PrometheusServer, Simulator, wait_until

WINDOW_S = 20
# What a look may miss at the window's edges while many servers share few cores.
UNSEEN_S = 4
# The scene "crash" breaks down after 70 s.
CRASH_OFFSET_S = 60.0
SLOW_S = 4.0
# More samples than any page of Bookinfo has but those of its front page.
SAMPLE_LIMIT = 420


@dataclass(frozen=True)
class Look:
    """What meshviz says of one server, and what really flowed in the same window."""

    feed: FeedState
    facts: SourceFacts
    truth: TrueRange

    def graph(self, graph_type: GraphType = "workload") -> Graph:
        state, _ = engine.render(None, self.feed, ViewSpec(graph_type, WINDOW_S, ()), "live")
        return Graph(engine.snapshot(state, state.status))


@dataclass(frozen=True)
class Running:
    """A server that scrapes (a part of) a mesh."""

    mesh: Simulator
    server: PrometheusServer

    def look(self, at: float | None = None, window_s: int = WINDOW_S) -> Look:
        """Return what is seen right now, or was at a moment."""
        source = open_source(self.server.url, timeout_s=20)
        try:
            if at is None:
                feed = poll.advance(source, engine.start_feed(window_s, 5.0), time.time())
            else:
                feed = poll.look(source, window_s, at, 5.0)
            facts = source.facts()
        finally:
            source.close()
        assert feed.readings is not None, feed.status["detail"]
        end = feed.readings.at
        wait_until(lambda: self.mesh.now()["at"] > end, what="the mesh passing the window's end")
        return Look(feed, facts, self.mesh.truth(end - window_s, end))


def crash_at(mesh: Simulator) -> float:
    """Return when the pod of ratings crashes, or has crashed."""
    now = mesh.now()
    return now["at"] - now["act_s"] + 70.0


def start_all(stack: ExitStack, folder: Path) -> dict[str, Running]:
    """Start every server; nothing is waited for but that they answer."""
    bookinfo = stack.enter_context(Simulator("bookinfo", load=4))
    crash = stack.enter_context(Simulator("crash", load=4, phase_offset_s=CRASH_OFFSET_S))
    clusters = stack.enter_context(Simulator("clusters", load=2))
    running: dict[str, Running] = {}

    def start(name: str, mesh: Simulator, *jobs: Job, **external_labels: str) -> Job:
        """Start a server; return the job that federates from it."""
        server = PrometheusServer(
            mesh, folder / name, jobs=jobs or (Job(),), external_labels=external_labels
        )
        running[name] = Running(mesh, stack.enter_context(server))
        return Job(f"federate-{name}", federate_port=server.port)

    plain = start("plain", bookinfo, cluster="only")
    start("twice", bookinfo, Job(), Job("istio-system/envoy-stats-monitor"))
    start("limited", bookinfo, Job(sample_limit=SAMPLE_LIMIT))
    start("restarted", bookinfo)
    start("overlapping", bookinfo, Job(), plain)
    start("crash", crash)
    quick = Job(part="?namespace=bookinfo")
    slow = Job("kubernetes-pods-slow", part="?namespace=istio-system", interval_s=SLOW_S)
    start("mixed", bookinfo, quick, slow)
    east = start("east", clusters, Job(part="?cluster=east"), cluster="east")
    west = start("west", clusters, Job(part="?cluster=west"), cluster="west")
    start("global", clusters, east, west)
    start("renamed", clusters, *(replace(job, honor_labels=False) for job in (east, west)))
    start("beside", clusters, Job(), east, west)
    return running


def fill(running: dict[str, Running]) -> None:
    """Return once every server's window is full, and one has been away and is back."""
    _restart(running["restarted"], running["plain"])
    for each in running.values():
        each.server.wait_for_samples(WINDOW_S + 3)


def _restart(broken: Running, witness: Running) -> None:
    """Let one Prometheus be away for three scrapes of another's."""
    broken.server.wait_for_samples(4)
    broken.server.kill()
    newest = "max(max_over_time(timestamp(istio_requests_total)[1h:1s]))"

    def told() -> float:
        (row,) = witness.server.query(newest)
        return float(row["value"][1])  # type: ignore[index]

    before = told()
    wait_until(lambda: told() > before + 3, what="three scrapes to be missed")
    broken.server.start()
