"""Pictures that workers draw, for a process that serves them."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import orjson

from graph.core.engine import FeedState, ViewSpec, start_feed, with_age
from graph.core.wire import Snapshot, SourceFacts, SourceStatus
from graph.live.clock import steady_now
from graph.live.counters import Counters
from graph.live.pictures import Pictures
from graph.live.rules import Rules
from graph.live.scaled.keys import Unreadable
from graph.live.scaled.outlook import WANTED_S, Feed, Outlook
from graph.live.scaled.relay import UNREACHABLE, Relay
from graph.live.scaled.stock import state_of
from graph.live.scaled.watched import Trouble, aged, troubled
from graph.sources import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Save:
    mark: str
    state: FeedState


@dataclass(frozen=True, slots=True)
class _Read:
    """A feed's status and when it was true, by the monotonic clock."""

    feed: Feed
    true_at: float

    def status(self) -> SourceStatus:
        return aged(self.feed.status, time.monotonic() - self.true_at)

    def is_of(self, state: FeedState) -> bool:
        """Tell whether these are the readings that the status is about, or it is older."""
        told_at = steady_now() - (time.monotonic() - self.true_at)
        return state.fetched_at is not None and state.fetched_at >= told_at


@dataclass(frozen=True, slots=True)
class _Found:
    """The mark and bytes of a saved feed and Redis' time, or why there is none."""

    save: tuple[str, bytes, float] | None
    trouble: Trouble | None = None


class Scaled:
    """The studio of scaled mode."""

    mode: Literal["embedded", "scaled"] = "scaled"

    def __init__(
        self,
        source: Source,
        rules: Rules,
        epoch: str,
        counters: Counters,
        outlook: Outlook,
        start_polling: Callable[[int], None],
    ) -> None:
        self._source = source
        self._rules = rules
        self._outlook = outlook
        self._relay = Relay(outlook, rules, epoch, counters, start_polling)
        self.hub = self._relay.hub
        self._pictures = Pictures(epoch, rules.limits)
        self._feeds: dict[int, _Read] = {}
        self._saves: dict[int, _Save] = {}
        self._restoring = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._relay.start()
        self._relay.every(self._rules.pace.interval_s, self._read_feeds)

    async def close(self) -> None:
        await self._relay.stop()
        with contextlib.suppress(*UNREACHABLE):
            await self._outlook.redis.aclose()

    def waiting_for(self) -> str:
        return "" if self._relay.has_begun else "Redis has not answered yet."

    def picture(self, spec: ViewSpec) -> Snapshot:
        """Return the newest picture. For threads; may wait for a window's first answer."""
        return self._ask(self._drawn(spec)) or self._pictures.of(spec, self.feed(spec.window_s))

    def feed(self, window_s: int) -> FeedState:
        """Return the newest readings that were saved of a window. For threads; may wait."""
        known = self._saves.get(window_s)
        found = self._ask(self._saved(window_s, known.mark if known else None))
        with self._restoring:
            state = self._restored(window_s, found.save)
        trouble = found.trouble or self._relay.trouble(window_s)
        return replace(state, status=troubled(self._status_of(state), trouble))

    def _status_of(self, state: FeedState) -> SourceStatus:
        """Return what is true of these very readings: their own status, or that they got old."""
        read = self._feeds.get(state.window_s)
        if read is not None and not read.is_of(state):
            newer = read.status()
            if newer["state"] in ("stale", "down") or state.readings is None:
                return newer
        return with_age(state, steady_now())

    def feed_states(self) -> dict[int, SourceStatus]:
        """Return the status of the feeds that are kept, aged now. For the loop."""
        return {
            window_s: troubled(read.status(), self._relay.trouble(window_s))
            for window_s, read in self._feeds.items()
        }

    def statuses(self) -> dict[int, SourceStatus]:
        """Return the same, read anew. For threads."""

        async def read() -> dict[int, SourceStatus]:
            with contextlib.suppress(*UNREACHABLE):
                await self._read_feeds()
            return self.feed_states()

        return self._ask(read())

    def queries_total(self) -> int:
        async def asked() -> int:
            with contextlib.suppress(*UNREACHABLE):
                return (await self._outlook.totals()).get("queries", 0)
            return 0

        return self._ask(asked()) + self._source.queries_total

    def facts(self) -> SourceFacts:
        read = self._feeds.get(self._rules.default_window_s)
        return read.feed.facts if read else self._source.facts()

    async def _read_feeds(self) -> None:
        windows = sorted(self._rules.windows.seconds.values())
        default_s = self._rules.default_window_s
        now = time.monotonic()
        found = await self._outlook.feeds(windows)
        for window_s, feed in found.items():
            self._relay.note(window_s, is_kept=feed.is_kept, ago_s=feed.ago_s)
        self._feeds = {
            window_s: _Read(feed, now - feed.ago_s)
            for window_s, feed in found.items()
            if feed.is_kept or feed.ago_s < WANTED_S or window_s == default_s
        }

    async def _drawn(self, spec: ViewSpec) -> Snapshot | None:
        """Return the picture that workers draw of a view, None when they draw none."""
        try:
            await self._outlook.want(spec.window_s)
            seen = await self._outlook.view(spec)
        except Unreadable:
            return None
        except UNREACHABLE:
            return self._remembered(spec)
        if seen.told is None or not seen.is_wanted:
            return None
        self._relay.note(spec.window_s, is_kept=seen.is_kept, ago_s=seen.ago_s)
        trouble = self._relay.trouble(spec.window_s)
        status = troubled(aged(seen.told.status, seen.ago_s), trouble)
        return {**seen.told.snapshot(), "source": status}

    def _remembered(self, spec: ViewSpec) -> Snapshot | None:
        watched = self._relay.watched(spec)
        if watched is None or watched.view.face is None:
            return None
        status = watched.status(time.monotonic(), "no_redis")
        found: Snapshot = orjson.loads(watched.view.face.whole.encode())
        return {**found, "source": status}

    async def _saved(self, window_s: int, known_mark: str | None) -> _Found:
        """Return the saved feed, or why there is none in time."""
        deadline = time.monotonic() + self._rules.patience_s
        try:
            await self._outlook.want(window_s)
            while (found := await self._outlook.save(window_s, known_mark)) is None:
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    return _Found(None, "no_worker")
                await self._relay.ask_for(window_s)
                await self._relay.next_feed(min(left_s, self._rules.pace.interval_s))
        except UNREACHABLE:
            return _Found(None, "no_redis")
        return _Found(found)

    def _restored(self, window_s: int, found: tuple[str, bytes, float] | None) -> FeedState:
        known = self._saves.get(window_s)
        if found is not None and (known is None or known.mark != found[0]) and found[1]:
            mark, save, shared_now = found
            with contextlib.suppress(Unreadable):
                state = state_of(save, self._rules.mesh, shared_now - steady_now())
                known = self._saves[window_s] = _Save(mark, state)
        if known is not None:
            return known.state
        return start_feed(window_s, self._rules.pace.interval_s, self._rules.mesh)

    def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's loop and return its answer to this thread."""
        assert self._loop is not None  # noqa: S101  # open() came first
        waiting = asyncio.run_coroutine_threadsafe(question, self._loop)
        return waiting.result(self._rules.patience_s * 2)
