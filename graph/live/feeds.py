"""Turns the poll: one task per look-back window that somebody watches, in the server's loop.

A feed is asked every interval while it is watched and for a grace period after; the default
window always, so that the first visitor sees a graph at once. Ticks of a feed never overlap:
the next begins when the last has ended and its delay is over. Between answers, and while a slow
Prometheus keeps us waiting, a beat goes out every interval so that viewers see the age grow.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from graph.core.cadence import share_of
from graph.core.engine import FeedState, start_feed, with_age
from graph.core.rules import DEFAULT, MeshRules
from graph.core.wire import SourceStatus
from graph.live.clock import steady_now
from graph.live.counters import Counters
from graph.outage import Outage
from graph.poll import Diary, steps
from graph.sources import Source

log = logging.getLogger(__name__)

T = TypeVar("T")

GRACE_S = 60.0  # a reload, or a look at another window, finds its feed still warm
# However long drawing takes, this part of the time is left for serving what was drawn.
_IDLE_SHARE = 0.2


class Audience(Protocol):
    """Who is told of every tick."""

    async def publish(self, window_s: int) -> None: ...
    def beat(self, window_s: int) -> None: ...
    def is_watched(self, window_s: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how hard Prometheus may be asked."""

    interval_s: float
    budget: float
    grace_s: float = GRACE_S


@dataclass(slots=True)
class _Feed:
    state: FeedState
    wanted_until: float
    diary: Diary
    bugs: Outage
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


def rest_s(status: SourceStatus, elapsed_s: float) -> float:
    """Return how long a feed rests after a tick that lasted ``elapsed_s``.

    The next begins when its status says; but drawing never uses up all of the time.
    """
    cadence_s = status["cadence_s"] or status["interval_s"]
    return max(cadence_s - elapsed_s, elapsed_s * _IDLE_SHARE)


def fault_of(status: SourceStatus) -> str:
    """Return the reason why a tick brought no new data, empty if it did."""
    return status["reason"] or "" if status["state"] in ("stale", "down") else ""


class Feeds:
    """The feeds of this process, by window in seconds."""

    def __init__(
        self,
        source: Source,
        pace: Pace,
        default_window_s: int,
        in_thread: Callable[..., Awaitable[Any]],
        mesh: MeshRules = DEFAULT,
        counters: Counters | None = None,
    ) -> None:
        self._counters = counters or Counters()
        self._source = source
        self._pace = pace
        self._mesh = mesh
        self._default_window_s = default_window_s
        self._in_thread = in_thread
        self._feeds: dict[int, _Feed] = {}
        self._audience: Audience | None = None

    def start(self, audience: Audience) -> None:
        """Begin to poll the default window; call once, in the server's loop."""
        self._audience = audience
        self.want(self._default_window_s)

    async def stop(self) -> None:
        """End every feed. A query in flight is left to its own deadline."""
        tasks = [feed.task for feed in self._feeds.values() if feed.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def want(self, window_s: int) -> FeedState:
        """Keep a window polled for the grace period and return what is known now."""
        feed = self._feeds.get(window_s)
        until = time.monotonic() + self._pace.grace_s
        if feed is None:
            feed = _Feed(
                start_feed(window_s, self._pace.interval_s, self._mesh),
                until,
                Diary(window_s),
                Outage(log, f"Ticks of the {window_s} s window succeed"),
            )
            self._feeds[window_s] = feed
            # In a context of its own: it outlives the request that wanted it first.
            feed.task = asyncio.create_task(
                self._run(window_s, feed), name=f"feed {window_s}s", context=Context()
            )
        feed.wanted_until = max(feed.wanted_until, until)
        return feed.state

    def known(self, window_s: int) -> FeedState | None:
        """Return what is known of a window, None if it is not polled; that alone keeps no feed."""
        feed = self._feeds.get(window_s)
        return feed.state if feed else None

    async def answered(self, window_s: int, timeout_s: float) -> FeedState:
        """Like `want`, but wait, within limits, for a new feed's first answer or failure."""
        self.want(window_s)
        feed = self._feeds[window_s]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(feed.answered.wait(), timeout_s)
        return feed.state

    @property
    def has_begun(self) -> bool:
        """Whether the default window has had its first answer or failure."""
        default = self._feeds.get(self._default_window_s)
        return default is not None and default.answered.is_set()

    def states(self) -> dict[int, FeedState]:
        """Return every feed that is polled now."""
        return {window_s: self._feeds[window_s].state for window_s in sorted(self._feeds)}

    async def _run(self, window_s: int, feed: _Feed) -> None:
        try:
            wanted = True
            while wanted:
                delay_s = await self._tick(window_s, feed)
                await self._with_beats(window_s, feed, asyncio.sleep(delay_s))
                wanted = self._is_wanted(window_s, feed)
        finally:
            del self._feeds[window_s]

    def _is_wanted(self, window_s: int, feed: _Feed) -> bool:
        if window_s == self._default_window_s:
            return True
        return self._listeners.is_watched(window_s) or time.monotonic() < feed.wanted_until

    async def _tick(self, window_s: int, feed: _Feed) -> float:
        """Ask once, publish, and return how long to rest."""
        started = time.monotonic()
        share = share_of(self._pace.budget, len(self._feeds))
        try:
            coming = steps(self._source, feed.state, steady_now(), share, feed.diary)
            while state := await self._next(window_s, feed, coming):
                # By now it is as old as asking took.
                feed.state = replace(state, status=with_age(state, steady_now()))
                feed.answered.set()
                await self._listeners.publish(window_s)
        except Exception as error:  # noqa: BLE001  # the log is told
            # A bug of ours; viewers see the age grow, and the next answer may be another one.
            detail = f"The tick of the {window_s} s window failed"
            feed.bugs.failed(repr(error), detail, error=error)
            self._counters.failed_ticks[window_s, "bug"] += 1
            return self._pace.interval_s
        finally:
            feed.answered.set()
        feed.bugs.over()
        elapsed_s = time.monotonic() - started
        self._counters.ticks[window_s].add(elapsed_s)
        status = feed.state.status
        if fault := fault_of(status):
            self._counters.failed_ticks[window_s, fault] += 1
        return rest_s(status, elapsed_s)

    async def _next(
        self, window_s: int, feed: _Feed, coming: Iterator[FeedState]
    ) -> FeedState | None:
        """Return what the tick brings next; None when it is over."""
        return await self._with_beats(window_s, feed, self._in_thread(next, coming, None))

    async def _with_beats(self, window_s: int, feed: _Feed, awaitable: Awaitable[T]) -> T:
        """Await something; beat once an interval until it is there."""
        task = asyncio.ensure_future(awaitable)
        try:
            while not (await asyncio.wait({task}, timeout=self._pace.interval_s))[0]:
                feed.state = replace(feed.state, status=with_age(feed.state, steady_now()))
                self._listeners.beat(window_s)
            return task.result()
        finally:
            task.cancel()

    @property
    def _listeners(self) -> Audience:
        assert self._audience is not None  # noqa: S101  # feeds only run after start()
        return self._audience
