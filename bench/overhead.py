"""What meshviz adds to Prometheus: a whole picture against the slowest of its own queries.

The simulator is stopped before the clock runs, so that Prometheus and meshviz have the machine to
themselves; all is evaluated at one moment before the stop.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf

import orjson
import requests

from bench import deltas
from bench.figures import Figure
from bench.pinned import Pinned
from bench.race import Run, best_times, slowest
from bench.stack import Mesh, note, running_mesh
from graph.core.engine import FeedState, ViewSpec, render, start_feed
from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS
from graph.live.garbage import collect_seldom
from graph.poll import steps
from graph.sources import Source, open_source
from graph.sources.promql import QUESTIONS

_WINDOW_S = 60
_INTERVAL_S = 5.0
_SCRAPE_S = 15.0
_TIMEOUT_S = 120.0
_VIEW = ViewSpec("workload", _WINDOW_S, ())
_BUDGET = 1.25


def measure(services: int, rounds: int, seconds: float) -> list[Figure]:
    """Return the overhead at so many services, and the size of a delta while it is running."""
    collect_seldom()  # as the server does
    with running_mesh(services=services, scrape_interval_s=_SCRAPE_S) as mesh:
        note(f"{services} services: filling Prometheus")
        mesh.wait_for_history(_WINDOW_S)
        delta = deltas.measure_on(mesh, f"{services} services", seconds)
        at = time.time() - 1
        note(f"{mesh.series():,} series")
        mesh.simulator.stop()
        # The failed scrapes that follow are over quickly; let them pass.
        time.sleep(2)
        source = open_source(mesh.prometheus_url, timeout_s=_TIMEOUT_S, scrape_interval_s=_SCRAPE_S)
        try:
            return [*_race(mesh, Pinned(source, at), rounds), delta]
        finally:
            source.close()


def _race(mesh: Mesh, source: Pinned, rounds: int) -> list[Figure]:
    cold = start_feed(_WINDOW_S, _INTERVAL_S)
    warm = replace(_whole(source, cold), slow_due_at=0.0)
    fast_only = replace(warm, slow_due_at=inf)
    polls: dict[str, Run] = {
        "first picture": lambda: _draw(next(steps(source, cold, source.at))),
        "first picture with quantiles": lambda: _draw(_whole(source, cold)),
        "tick with quantiles": lambda: _draw(_whole(source, warm)),
        "tick without quantiles": lambda: _draw(_whole(source, fast_only)),
    }
    # A first poll names every peer in full once; everything after that is brief.
    full_fast = _queries(mesh, source.at, FAST_QUESTIONS, brief=False)
    fast = _queries(mesh, source.at, FAST_QUESTIONS, brief=True)
    slow = _queries(mesh, source.at, SLOW_QUESTIONS, brief=True)
    first, tick = {**full_fast, **slow}, {**fast, **slow}
    rivals = dict(zip(polls, map(slowest, (first, first, tick, fast)), strict=True))
    queries = {**first, **tick}
    runs = {**polls, **{name: queries[name] for name in rivals.values()}}
    times = best_times(runs, rounds)
    return [_figure(poll, rival, times) for poll, rival in rivals.items()]


def _figure(poll: str, rival: str, times: Mapping[str, float]) -> Figure:
    # Without quantiles there is no query that is slow enough to measure drawing against.
    budget = None if poll == "tick without quantiles" else _BUDGET
    return Figure(
        poll,
        f"{times[poll]:.2f} s",
        f"{rival} alone: {times[rival]:.2f} s",
        times[poll] / times[rival],
        budget,
    )


def _whole(source: Source, state: FeedState) -> FeedState:
    """Return the feed's state after a whole tick, and demand that Prometheus answered it."""
    *_, last = steps(source, state, time.time())
    if last.status["state"] != "ok" or last.slow_fetched_at is None:
        raise RuntimeError(f"Prometheus did not answer: {last.status['detail']}")
    return last


def _draw(feed: FeedState) -> bytes:
    """Return the snapshot as it goes to a browser."""
    return orjson.dumps(render(None, feed, _VIEW, "bench")[1])


def _queries(mesh: Mesh, at: float, names: Iterable[str], *, brief: bool) -> dict[str, Run]:
    """Return each question as a run by a plain client that only reads the bytes."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"

    def run(promql: str) -> Run:
        form = {"query": promql, "time": f"{at:.3f}", "timeout": f"{_TIMEOUT_S:g}s"}
        url = f"{mesh.prometheus_url}/api/v1/query"
        return lambda: session.post(url, data=form, timeout=_TIMEOUT_S).raise_for_status()

    kind = " (brief)" if brief else ""
    return {f"{name}{kind}": run(QUESTIONS[name].promql(_WINDOW_S, brief=brief)) for name in names}
