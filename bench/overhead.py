"""What meshviz adds to Prometheus: whole pictures against the slowest of their own queries.

The simulator is stopped before the clock runs, so that Prometheus and meshviz have the machine to
themselves; all is evaluated at one moment before the stop. What races against what, and why:
docs/adr/0012.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import orjson
import requests

from bench import deltas
from bench.figures import Figure
from bench.pinned import Pinned
from bench.race import Run, best_times, slowest, timed
from bench.stack import Mesh, note, running_mesh
from graph.core.engine import FeedState, ViewSpec, ViewState, render, start_feed
from graph.core.samples import Lane
from graph.live.garbage import collect_seldom
from graph.poll import steps
from graph.sources import Source, open_source
from graph.sources.plan import parts

_WINDOW_S = 60
_INTERVAL_S = 5.0
_SCRAPE_S = 15.0
_TIMEOUT_S = 120.0
_VIEW = ViewSpec("workload", _WINDOW_S, ())
_BUDGET = 1.25
_TOGETHER = "all its queries at once"

Queries = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class _Race:
    """A poll, what it is measured against, and what the ratio may be."""

    poll: str
    run: Run
    rival: str
    budget: float | None = None


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
            return [*_raced(mesh, Pinned(source, at), rounds), delta]
        finally:
            source.close()


def _raced(mesh: Mesh, source: Pinned, rounds: int) -> list[Figure]:
    cold = start_feed(_WINDOW_S, _INTERVAL_S)
    last = _whole(source, cold)
    warm, fast_only = replace(last, slow_due_at=0.0), replace(last, slow_due_at=inf)
    shown = replace(render(None, last, _VIEW, "bench")[0], at=0.0)
    queries = _queries(mesh, source)
    rivals = {name: timed(query) for name, query in queries.items()}
    longest = slowest(rivals)

    def to_first(feed: FeedState, before: ViewState | None) -> Run:
        return lambda: _seconds(source, feed, before, quantiles=False)

    def to_quantiles(feed: FeedState, before: ViewState | None) -> Run:
        return lambda: _seconds(source, feed, before, quantiles=True)

    races = [
        _Race("first picture", to_first(cold, None), longest, _BUDGET),
        _Race("next picture, quantiles under way", to_first(warm, shown), longest, _BUDGET),
        _Race("next picture, quantiles not due", to_first(fast_only, shown), longest, _BUDGET),
        _Race("next picture with new quantiles", to_quantiles(warm, shown), _TOGETHER, _BUDGET),
        _Race("the same", to_quantiles(warm, shown), longest),
        _Race("first picture with quantiles", to_quantiles(cold, None), longest),
    ]
    together = {_TOGETHER: timed(lambda: _at_once(queries))}
    runs = {race.poll: race.run for race in races if race.poll != "the same"}
    times = best_times({**runs, longest: rivals[longest], **together}, rounds)
    times["the same"] = times["next picture with new quantiles"]
    return [_figure(race, times) for race in races]


def _figure(race: _Race, times: Mapping[str, float]) -> Figure:
    alone = "" if race.rival == _TOGETHER else " alone"
    return Figure(
        race.poll,
        f"{times[race.poll]:.2f} s",
        f"{race.rival}{alone}: {times[race.rival]:.2f} s",
        times[race.poll] / times[race.rival],
        race.budget,
    )


def _seconds(
    source: Source, feed: FeedState, before: ViewState | None, *, quantiles: bool
) -> float:
    """Return the seconds until viewers have the tick's first picture, or that with quantiles.

    All that the tick brings is drawn and encoded as it comes, as a server does.
    """
    started, took = time.perf_counter(), 0.0
    state = feed
    for state in steps(source, feed, time.time()):
        before, frame = render(before, state, _VIEW, "bench")
        orjson.dumps(frame)
        if not took or quantiles:
            took = time.perf_counter() - started
    _demand(state)
    return took


def _whole(source: Source, state: FeedState) -> FeedState:
    """Return the feed's state after a whole tick."""
    *_, last = steps(source, state, time.time())
    return _demand(last)


def _demand(state: FeedState) -> FeedState:
    """Return the state; raise when Prometheus did not answer: the figure would flatter."""
    if state.status["state"] != "ok" or state.slow_fetched_at is None:
        raise RuntimeError(f"Prometheus did not answer: {state.status['detail']}")
    return state


def _queries(mesh: Mesh, source: Pinned) -> Queries:
    """Return every query of a tick, asked by a plain client that only reads the bytes."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))

    def asked(promql: str) -> Callable[[], Any]:
        form = {"query": promql, "time": f"{source.at:.3f}", "timeout": f"{_TIMEOUT_S:g}s"}
        url = f"{mesh.prometheus_url}/api/v1/query"
        return lambda: session.post(url, data=form, timeout=_TIMEOUT_S).raise_for_status()

    lanes: tuple[Lane, Lane] = ("fast", "slow")
    found: dict[str, Callable[[], object]] = {}
    for lane in lanes:
        for part in parts(lane, _WINDOW_S, source.naming, source.shape, brief=True):
            # Births answer the same question as their rates.
            name = part.question if part.question not in found else f"{part.question}, births"
            found[name] = asked(part.promql)
    return found


def _at_once(queries: Queries) -> None:
    with ThreadPoolExecutor(len(queries)) as pool:
        for pending in [pool.submit(query) for query in queries.values()]:
            pending.result()
