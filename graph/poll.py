"""Where a source and the engine meet: ask, then step. Nothing else knows both.

Blocking; run it in a thread. A failing source is not an exception here but a state of the feed.
"""

import logging
import time

from graph.core import engine
from graph.core.engine import FeedState
from graph.core.samples import Fault
from graph.sources.base import Source, SourceError

_log = logging.getLogger(__name__)

# The slow lane may use this share of wall time, so that buckets of a big mesh are asked less often.
_SLOW_SHARE = 0.15


def advance(source: Source, state: FeedState, now: float) -> FeedState:
    """Return the feed's next state: the fast lane's answers, and the slow lane's when it is due."""
    try:
        source.prepare(now)
        fault = engine.window_fault(state.window_s, source.scrape_interval_s)
        if fault is not None:
            return engine.absorb_fault(state, fault, source.scrape_interval_s, now)
        at = source.time_at(now)
        fresh = engine.absorb_fast(
            state, source.fetch("fast", state.window_s, at), source.scrape_interval_s, now
        )
    except SourceError as error:
        _log_change(state, error.fault())
        return engine.absorb_fault(state, error.fault(), source.scrape_interval_s, now)
    return _advance_slow(source, fresh, at, now) if now >= state.slow_due_at else fresh


def _advance_slow(source: Source, state: FeedState, at: float, now: float) -> FeedState:
    """Return the state with fresh quantiles and bytes; the old ones stay if they cannot be had."""
    interval_s = state.status["interval_s"]
    try:
        harvest = source.fetch("slow", state.window_s, at)
    except SourceError as error:
        _log.warning("latency and bytes were not answered: %s", error.detail)
        return engine.note_slow_fault(state, error.fault(), now + 2 * interval_s, now)
    rest_s = max(interval_s, harvest.query_ms / 1000 / _SLOW_SHARE)
    # A tick is never exactly on time: half an interval of slack keeps the lane on its beat.
    return engine.absorb_slow(state, harvest, now + rest_s - interval_s / 2, now)


def look(source: Source, window_s: int, at: float, interval_s: float) -> FeedState:
    """Return the state of a feed as it was at ``at``: one question to each lane."""
    state = engine.start_feed(window_s, interval_s)
    now = time.time()
    try:
        source.prepare(now)
        fault = engine.window_fault(window_s, source.scrape_interval_s)
        if fault is not None:
            return engine.absorb_fault(state, fault, source.scrape_interval_s, now)
        fast = source.fetch("fast", window_s, at)
        fresh = engine.absorb_fast(state, fast, source.scrape_interval_s, now)
    except SourceError as error:
        return engine.absorb_fault(state, error.fault(), source.scrape_interval_s, now)
    return _advance_slow(source, fresh, at, now)


def next_delay_s(state: FeedState, interval_s: float, took_s: float, budget: float) -> float:
    """Return how long to wait before the next tick, counted from the end of this one.

    Ticks keep their interval, and stretch when asking took more than ``budget`` (0..1) of the time.
    """
    del state
    return max(interval_s - took_s, took_s / budget - took_s, 0.0)


def _log_change(state: FeedState, fault: Fault) -> None:
    """Log a failure when it begins or changes, not once per tick."""
    if state.status["detail"] != fault.detail:
        _log.warning("%s", fault.detail)
