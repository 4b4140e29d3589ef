"""Where a source and the engine meet: ask, then step. Nothing else knows both.

Blocking; run it in a thread. A failing source is not an exception here but a state of the feed.
"""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from graph.core import engine, verdict
from graph.core.cadence import period_s, planned, usual_s
from graph.core.engine import FeedState
from graph.core.readings import SlowFacts, read_slow
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Fault, Harvest
from graph.outage import Outage
from graph.sources.base import Source, SourceError
from graph.sources.tab import carried

_log = logging.getLogger(__name__)

# However long a failing question took, and so whatever rest its cost would ask for.
RETRY_WITHIN_S = 15.0
# A frame waits this long for the slow lane, so that a small mesh is drawn once per tick, not twice.
_TOGETHER_S = 0.25
_SLOW = ThreadPoolExecutor(4, thread_name_prefix="slow-lane")


@dataclass(frozen=True, slots=True)
class _Slow:
    """What came of asking the slow lane, and how long that took."""

    took_s: float
    harvest: Harvest | None
    facts: SlowFacts | None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _Tick:
    """One tick: ``now`` by the caller's clock is ``at`` by the source's."""

    source: Source
    now: float
    at: float
    share: float

    def behind_s(self, harvest: Harvest) -> float:
        """Return how long before the tick the moment is that an answer is about."""
        return max(0.0, self.at - harvest.at)

    def local(self, at: float) -> float:
        """Return a moment of the source's clock by the caller's."""
        return self.now + at - self.at


class Diary:
    """What the log is told of one feed: of each lane once, however many ticks a failure lasts."""

    def __init__(self, window_s: int) -> None:
        self.fast = Outage(_log, f"Prometheus answers for the {window_s} s window")
        self.slow = Outage(_log, f"Quantiles and bytes of the {window_s} s window are answered")


def steps(
    source: Source, state: FeedState, now: float, share: float = 1.0, diary: Diary | None = None
) -> Iterator[FeedState]:
    """Yield the feed's next states: with the fast lane's answers, then with the slow lane's.

    Both lanes are asked at once, for the same moment. The slow lane only comes when it is due; if
    it is as quick as the fast one, the two come in one state. Each state says in ``cadence_s`` when
    the next tick should begin, counted from the begin of this one, so that asking takes no more
    than ``share`` (0..1) of the time. ``diary`` is the feed's, from tick to tick.
    """
    diary = diary or Diary(state.window_s)
    started = time.monotonic()
    try:
        source.prepare(now)
        fault = _window_fault(source, state.window_s)
        if fault is None:
            yield from _lanes(_Tick(source, now, source.time_at(now), share), state, diary)
            return
    except SourceError as error:
        fault = error.fault()
        diary.fast.failed(fault.reason, fault.detail)
    bad = engine.absorb_fault(state, fault, source.scrape_interval_s, now)
    took_s = time.monotonic() - started
    cadence_s = period_s(state.status["interval_s"], took_s, share)
    retry_s = max(state.status["interval_s"], took_s + RETRY_WITHIN_S)
    yield engine.with_cadence(bad, min(cadence_s, retry_s), state.status["slow_cadence_s"])


def _window_fault(source: Source, window_s: int) -> Fault | None:
    return verdict.window_fault(window_s, source.scrape_interval_s, source.leading_jobs)


def _lanes(tick: _Tick, state: FeedState, diary: Diary) -> Iterator[FeedState]:
    def begin(known: FeedState) -> Future[_Slow]:
        return _SLOW.submit(carried(_ask_slow), tick, known, brief=engine.workloads_suffice(known))

    is_due = tick.now >= state.slow_due_at
    # A first answer of the fast lane tells whether the slow one may be brief: worth waiting for.
    pending = begin(state) if is_due and state.readings else None
    brief = engine.workloads_suffice(state)
    harvest = tick.source.fetch("fast", state.window_s, tick.at, brief=brief)
    interval_s = tick.source.scrape_interval_s
    fresh = engine.absorb_fast(state, harvest, interval_s, tick.now, tick.behind_s(harvest))
    diary.fast.over()
    took_s = harvest.query_ms / 1000
    fresh = _paced(tick, replace(fresh, fast_took_s=usual_s(state.fast_took_s, took_s)), took_s)
    if not is_due:
        yield fresh
        return
    pending = pending or begin(fresh)
    if not wait([pending], _TOGETHER_S).done:
        yield fresh
    yield _absorb_slow(tick, fresh, pending.result(), diary)


def _paced(tick: _Tick, state: FeedState, took_s: float) -> FeedState:
    """Return the state with the plan after only the fast lane answered."""
    interval_s = state.status["interval_s"]
    cadence = planned(interval_s, state.fast_took_s, state.slow_took_s, tick.share)
    slow_s = state.status["slow_cadence_s"]
    fast_s = max(cadence.fast_s, took_s)
    return engine.with_cadence(state, fast_s, None if slow_s is None else max(slow_s, fast_s))


def advance(source: Source, state: FeedState, now: float, share: float = 1.0) -> FeedState:
    """Return the feed's state after a whole tick; ``share`` as in `steps`."""
    for following in steps(source, state, now, share):
        state = following
    return state


def _ask_slow(tick: _Tick, known: FeedState, *, brief: bool) -> _Slow:
    """Return quantiles and bytes, or why they cannot be had."""
    started = time.monotonic()
    try:
        harvest = tick.source.fetch("slow", known.window_s, tick.at, brief=brief)
    except SourceError as error:
        return _Slow(time.monotonic() - started, None, None, error.fault())
    return _Slow(harvest.query_ms / 1000, harvest, read_slow(harvest, known.rules))


def _absorb_slow(tick: _Tick, state: FeedState, answer: _Slow, diary: Diary) -> FeedState:
    interval_s = state.status["interval_s"]
    state = replace(state, slow_took_s=usual_s(state.slow_took_s, answer.took_s))
    fast_cadence_s, slow_cadence_s = planned(
        interval_s, state.fast_took_s, state.slow_took_s, tick.share
    )
    if answer.fault is not None:
        detail = f"Latency quantiles and bytes were not answered: {answer.fault.detail}"
        diary.slow.failed(answer.fault.reason, detail)
        slow_cadence_s = max(slow_cadence_s, 2 * interval_s)
    # A tick is never exactly on time: half a period of slack keeps the lane on its beat.
    due_at = tick.now + slow_cadence_s - fast_cadence_s / 2
    if answer.harvest is None or answer.facts is None:
        assert answer.fault is not None  # noqa: S101  # there is nothing only where there is one
        state = engine.note_slow_fault(state, answer.fault, due_at, tick.now)
    else:
        diary.slow.over()
        harvest = answer.harvest
        if harvest.next_at is not None:
            due_at = max(due_at, tick.local(harvest.next_at))
            slow_cadence_s = max(slow_cadence_s, harvest.next_at - harvest.at)
        behind_s = tick.behind_s(harvest)
        state = engine.absorb_slow(state, harvest, answer.facts, due_at, tick.now, behind_s)
    # This tick was as long as its slower lane, whatever the next one will be.
    cadence_s = max(fast_cadence_s, answer.took_s)
    return engine.with_cadence(state, cadence_s, slow_cadence_s)


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
            for following in _lanes(_Tick(source, now, at, 1.0), state, Diary(window_s)):
                state = following
            return state
    except SourceError as error:
        fault = error.fault()
    return engine.absorb_fault(state, fault, source.scrape_interval_s, now)
