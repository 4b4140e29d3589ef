"""Where a source and the engine meet: ask, then step. Nothing else knows both.

Blocking; run it in a thread. A failing source is not an exception here but a state of the feed.
"""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from graph.core import engine, verdict
from graph.core.engine import FeedState
from graph.core.readings import SlowFacts, read_slow
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Fault, Harvest
from graph.sources.base import Source, SourceError

_log = logging.getLogger(__name__)

# The slow lane may use this share of wall time, so that buckets of a big mesh are asked less often.
_SLOW_SHARE = 0.15
# A frame waits this long for the slow lane, so that a small mesh is drawn once per tick, not twice.
_TOGETHER_S = 0.25
_SLOW = ThreadPoolExecutor(4, thread_name_prefix="slow-lane")

_SlowAnswer = tuple[Harvest, SlowFacts] | Fault


def steps(source: Source, state: FeedState, now: float) -> Iterator[FeedState]:
    """Yield the feed's next states: with the fast lane's answers, then with the slow lane's.

    Both lanes are asked at once, for the same moment. The slow lane only comes when it is due; if
    it is as quick as the fast one, the two come in one state.
    """
    try:
        source.prepare(now)
        fault = _window_fault(source, state.window_s)
        if fault is not None:
            yield engine.absorb_fault(state, fault, source.scrape_interval_s, now)
            return
        yield from _lanes(source, state, now, source.time_at(now))
    except SourceError as error:
        _log_change(state, error.fault())
        yield engine.absorb_fault(state, error.fault(), source.scrape_interval_s, now)


def _window_fault(source: Source, window_s: int) -> Fault | None:
    return verdict.window_fault(window_s, source.scrape_interval_s, source.leading_jobs)


def _lanes(source: Source, state: FeedState, now: float, at: float) -> Iterator[FeedState]:
    def begin(known: FeedState) -> Future[_SlowAnswer]:
        brief = engine.workloads_suffice(known)
        return _SLOW.submit(_ask_slow, source, known, at, brief)

    is_due = now >= state.slow_due_at
    # A first answer of the fast lane tells whether the slow one may be brief: worth waiting for.
    pending = begin(state) if is_due and state.readings else None
    brief = engine.workloads_suffice(state)
    harvest = source.fetch("fast", state.window_s, at, brief=brief)
    fresh = engine.absorb_fast(state, harvest, source.scrape_interval_s, now)
    if state.status["state"] in ("stale", "down"):
        _log.warning("Prometheus answers again; the last answer was %s s old.", _age(state, now))
    if not is_due:
        yield fresh
        return
    pending = pending or begin(fresh)
    if not wait([pending], _TOGETHER_S).done:
        yield fresh
    yield _absorb_slow(fresh, pending.result(), now)


def advance(source: Source, state: FeedState, now: float) -> FeedState:
    """Return the feed's state after a whole tick."""
    for following in steps(source, state, now):
        state = following
    return state


def _ask_slow(source: Source, known: FeedState, at: float, brief: bool) -> _SlowAnswer:
    """Return quantiles and bytes and what they cost, or why they cannot be had."""
    try:
        harvest = source.fetch("slow", known.window_s, at, brief=brief)
    except SourceError as error:
        return error.fault()
    return harvest, read_slow(harvest, known.rules)


def _absorb_slow(state: FeedState, answer: _SlowAnswer, now: float) -> FeedState:
    interval_s = state.status["interval_s"]
    if isinstance(answer, Fault):
        _log.warning("latency quantiles and bytes were not answered: %s", answer.detail)
        return engine.note_slow_fault(state, answer, now + 2 * interval_s, now)
    harvest, facts = answer
    rest_s = max(interval_s, harvest.query_ms / 1000 / _SLOW_SHARE)
    # A tick is never exactly on time: half an interval of slack keeps the lane on its beat.
    return engine.absorb_slow(state, harvest, facts, now + rest_s - interval_s / 2, now)


def look(
    source: Source,
    window_s: int,
    at: float,
    interval_s: float,
    rules: MeshRules = DEFAULT,
) -> FeedState:
    """Return the state of a feed as it was at ``at``: one question to each lane."""
    state = engine.start_feed(window_s, interval_s, rules)
    now = time.time()
    try:
        source.prepare(now)
        fault = _window_fault(source, window_s)
        if fault is None:
            for following in _lanes(source, state, now, at):
                state = following
            return state
    except SourceError as error:
        fault = error.fault()
    return engine.absorb_fault(state, fault, source.scrape_interval_s, now)


def next_delay_s(interval_s: float, took_s: float, budget: float) -> float:
    """Return how long to wait before the next tick, counted from the end of this one.

    Ticks keep their interval, and stretch when asking took more than ``budget`` (0..1) of the time.
    """
    return max(interval_s - took_s, took_s / budget - took_s, 0.0)


def _age(state: FeedState, now: float) -> str:
    age_s = engine.with_age(state, now)["age_s"]
    return "?" if age_s is None else f"{age_s:.0f}"


def _log_change(state: FeedState, fault: Fault) -> None:
    """Log a failure when it begins or changes, not once per tick."""
    if state.status["detail"] != fault.detail:
        _log.warning("%s", fault.detail)
