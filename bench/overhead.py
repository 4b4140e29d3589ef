"""What meshviz adds to Prometheus: a whole picture against the slowest of its own queries.

The simulator is stopped before the clock runs, so that Prometheus and meshviz have the machine to
themselves; all is evaluated at one moment before the stop. Rounds are interleaved and their medians
compared.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

import orjson
import requests

from bench import deltas
from bench.figures import Figure
from bench.stack import Mesh, note, running_mesh
from graph.core.engine import ViewSpec, absorb_fast, render, start_feed
from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS
from graph.poll import look
from graph.sources import Source, open_source
from graph.sources.promql import QUESTIONS

_WINDOW_S = 60
_INTERVAL_S = 5.0
_SCRAPE_S = 15.0
_TIMEOUT_S = 120.0
_VIEW = ViewSpec("workload", _WINDOW_S, ())


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one look gave."""

    nodes: int
    edges: int
    size: int


def measure(services: int, rounds: int, seconds: float) -> list[Figure]:
    """Return the overhead at so many services, and the size of a delta while it is running."""
    with running_mesh(services=services, scrape_interval_s=_SCRAPE_S) as mesh:
        note(f"{services} services: filling Prometheus")
        mesh.wait_for_history(_WINDOW_S)
        delta = deltas.measure_on(mesh, f"{services} services", seconds)
        at = time.time() - 1
        series = mesh.ask('count({__name__=~"istio_.+"})', at)
        mesh.simulator.stop()
        # The failed scrapes that follow are over quickly; let them pass.
        time.sleep(2)
        source = open_source(mesh.prometheus_url, timeout_s=_TIMEOUT_S, scrape_interval_s=_SCRAPE_S)
        try:
            setting = f"{services} services, {series or 0:.0f} series"
            return [*_compare(mesh, source, at, rounds, setting), delta]
        finally:
            source.close()


def _compare(mesh: Mesh, source: Source, at: float, rounds: int, setting: str) -> list[Figure]:
    session = requests.Session()
    session.trust_env = False
    source.prepare(time.time())
    drawn = _everything(source, at)
    note(f"{setting}: {drawn.nodes} nodes, {drawn.edges} edges, snapshot {drawn.size / 1e6:.1f} MB")
    contests: dict[str, Callable[[], object]] = {
        "all": lambda: _everything(source, at),
        "fast": lambda: _fast(source, at),
    }
    for name in (*FAST_QUESTIONS, *SLOW_QUESTIONS):
        contests[name] = _alone(session, mesh, QUESTIONS[name].promql(_WINDOW_S), at)
    times = _medians(contests, rounds)
    size = f"{drawn.nodes} nodes, {drawn.edges} edges"
    return [
        _figure(f"whole picture, {size}", times, "all", (*FAST_QUESTIONS, *SLOW_QUESTIONS), 1.25),
        _figure(f"tick without quantiles, {size}", times, "fast", FAST_QUESTIONS, None),
    ]


def _figure(
    what: str, times: dict[str, float], contest: str, names: Iterable[str], budget: float | None
) -> Figure:
    slowest = max(names, key=times.__getitem__)
    return Figure(
        what,
        f"{times[contest]:.2f} s",
        f"{slowest} alone: {times[slowest]:.2f} s",
        times[contest] / times[slowest],
        budget,
    )


def _everything(source: Source, at: float) -> Drawn:
    """Ask both lanes, draw, encode: all that a first viewer waits for."""
    feed = look(source, _WINDOW_S, at, _INTERVAL_S)
    if feed.status["state"] != "ok" or feed.slow_fetched_at is None:
        raise RuntimeError(f"Prometheus did not answer: {feed.status['detail']}")
    state, frame = render(None, feed, _VIEW, "bench")
    return Drawn(len(state.picture.nodes), len(state.picture.edges), len(orjson.dumps(frame)))


def _fast(source: Source, at: float) -> int:
    """Ask the fast lane, draw, encode: what most ticks do."""
    start = start_feed(_WINDOW_S, _INTERVAL_S)
    feed = absorb_fast(start, source.fetch("fast", _WINDOW_S, at), _SCRAPE_S, at)
    return len(orjson.dumps(render(None, feed, _VIEW, "bench")[1]))


def _alone(session: requests.Session, mesh: Mesh, promql: str, at: float) -> Callable[[], object]:
    """Return a run of one query by a plain client that only reads the bytes."""
    form = {"query": promql, "time": f"{at:.3f}", "timeout": f"{_TIMEOUT_S:g}s"}
    headers = {"Accept-Encoding": "identity"}

    def run() -> int:
        url = f"{mesh.prometheus_url}/api/v1/query"
        answer = session.post(url, data=form, headers=headers, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        return len(answer.content)

    return run


def _medians(contests: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return each contest's median seconds over interleaved rounds."""
    times: dict[str, list[float]] = {name: [] for name in contests}
    for number in range(rounds):
        for name, run in contests.items():
            started = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - started)
        note(f"round {number + 1} of {rounds}: {times['all'][-1]:.2f} s for everything")
    return {name: median(values) for name, values in times.items()}
