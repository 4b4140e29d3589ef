"""A web process of many: shows its viewers what workers have drawn, and says what they watch.

Notices say that something is new; each view's face is then read once and goes to all its viewers
as it is. Where nothing comes, viewers hear how old their picture is, and soon why.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

from redis import RedisError

from graph.core.engine import ViewSpec, ViewState, render, start_feed
from graph.live.counters import Counters
from graph.live.hub import Full, Hub, View
from graph.live.rules import Rules
from graph.live.scaled.keys import News, Unreadable, digest_of
from graph.live.scaled.outlook import RENEWED_S, Outlook, Seen
from graph.live.scaled.subscription import Subscription
from graph.live.scaled.watched import Trouble, Watched
from graph.outage import Outage

log = logging.getLogger(__name__)

# A worker says more often than once an interval that it is there. After so many without a word
# nobody is; sooner than in `_SILENT_S` nobody needs to know.
_SILENT_INTERVALS = 3
_SILENT_S = 3.0
# A newcomer waits so long for a view that is being drawn before it sees an empty one.
_FIRST_S = 1.0

# A mistake of ours that comes again and again is told of once in so long.
_FORGET_BUGS_S = 300.0

# What Redis does when it cannot be asked. TimeoutError is asyncio's as well.
UNREACHABLE = (RedisError, OSError)


class Relay:
    """The painter of a process that does not draw."""

    def __init__(
        self,
        outlook: Outlook,
        rules: Rules,
        epoch: str,
        counters: Counters,
        start_polling: Callable[[int], None],
    ) -> None:
        self.hub = Hub(
            self,
            max_views=rules.max_views,
            max_viewers=rules.max_viewers,
            shares=rules.shares,
            counters=counters,
        )
        self._fed = asyncio.Condition()
        self._outlook = outlook
        self._rules = rules
        self._epoch = epoch
        self._start_polling = start_polling
        self._interval_s = rules.pace.interval_s
        self._silence_s = max(_SILENT_S, _SILENT_INTERVALS * self._interval_s)
        self._watched: dict[str, Watched] = {}
        self._heard_at: dict[int, float] = {}
        self._started_at: dict[int, float] = {}
        self._is_linked = False
        self.has_begun = False  # whether Redis was ever heard
        self._lost: set[ViewSpec] = set()  # to be abandoned, when Redis can be told
        self._tasks: set[asyncio.Task[None]] = set()
        self._bugs = Outage(log, "The relay goes on", over_after_s=_FORGET_BUGS_S)

    def start(self) -> None:
        """Begin to listen; call in the server's loop."""
        news = Subscription(self._outlook.redis, self._outlook.keys, self, self._silence_s)
        self._spawn(news.run())
        self.every(min(self._interval_s, 1.0) / 2, self._say_ages)
        self.every(RENEWED_S, self._renew)

    def every(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something again and again until the relay stops."""
        self._spawn(self._repeat(seconds, work))

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def begin(self, view: View) -> None:
        """Say that the view is wanted, and show what there is of it. Raises Full."""
        spec = view.spec
        watched = self._watched.setdefault(
            digest_of(spec), Watched(view, lambda: self._blank(spec))
        )
        if view.face is not None:
            return
        is_new = spec.window_s not in self._heard_at
        self._heard_at.setdefault(spec.window_s, time.monotonic())
        try:
            if not await self._outlook.want(spec.window_s, spec):
                # Those that have just left may have made room.
                await self._abandon()
                if not await self._outlook.want(spec.window_s, spec):
                    raise Full("views", self._rules.max_views)
            self._lost.discard(spec)
            await self._fetch(watched)
        except UNREACHABLE:
            if is_new:  # nobody has been heard, and nobody can be: no patience is due
                self._heard_at[spec.window_s] -= self._silence_s + 1.0
            self._show_something(watched, "no_redis")
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(watched.arrived.wait(), _FIRST_S)
        self._show_something(watched, self.trouble(spec.window_s))

    def end(self, view: View) -> None:
        self._watched.pop(digest_of(view.spec), None)
        self._lost.add(view.spec)

    def watched(self, spec: ViewSpec) -> Watched | None:
        """Return what is known here of a view that somebody watches."""
        return self._watched.get(digest_of(spec))

    def trouble(self, window_s: int) -> Trouble | None:
        """Return why nothing new comes of a window, None when something does."""
        heard_at = self._heard_at.get(window_s)
        if heard_at is None or time.monotonic() - heard_at <= self._silence_s:
            return None
        return "no_worker" if self._is_linked else "no_redis"

    async def ask_for(self, window_s: int) -> None:
        """See to it that a window is kept, and that what is newly wanted of it is drawn."""
        await self._outlook.ask(window_s)
        now = time.monotonic()
        if now - self._started_at.get(window_s, -self._interval_s) >= self._interval_s:
            self._started_at[window_s] = now
            self._start_polling(window_s)

    def note(self, window_s: int, *, is_kept: bool, ago_s: float) -> None:
        """Note a sign of life that was read, and so may be an old one."""
        at = time.monotonic() - (0.0 if is_kept else ago_s)
        known = self._heard_at.get(window_s)
        self._heard_at[window_s] = at if known is None else max(known, at)

    def linked(self) -> None:
        self._is_linked = self.has_begun = True
        self._spawn(self._renew())

    def unlinked(self) -> None:
        self._is_linked = False

    def heard(self, news: News) -> None:
        if news.what == "view":
            watched = self._watched.get(news.name)
            if watched is not None and watched.number != news.number:
                self._spawn(self._fetch_quietly(watched))
            return
        self._heard_at[int(news.name)] = time.monotonic()
        if news.what == "feed":
            self._spawn(self._notify_fed())
        elif news.what == "taken":
            # Where Redis has forgotten what is wanted, the new keeper does not know it either.
            self._spawn(self._renew())

    async def next_feed(self, timeout_s: float) -> None:
        """Wait until some feed is told of, or for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._fed:
                await self._fed.wait()

    async def _notify_fed(self) -> None:
        async with self._fed:
            self._fed.notify_all()

    def _blank(self, spec: ViewSpec) -> ViewState:
        feed = start_feed(spec.window_s, self._interval_s, self._rules.mesh)
        return render(None, feed, spec, self._epoch)[0]

    def _show_something(self, watched: Watched, trouble: Trouble | None) -> None:
        if watched.view.face is None:
            watched.say(trouble)

    async def _fetch(self, watched: Watched) -> None:
        """Read what was told of a view and show it if it is new. Raises RedisError."""
        spec = watched.view.spec
        async with watched.turn:
            try:
                seen = await self._outlook.view(spec)
            except Unreadable as error:
                log.warning("%s is asked for anew: %s", spec, error)
                seen = Seen(None, 0.0, is_kept=False, is_wanted=False)
            if seen.told is not None:
                self.note(spec.window_s, is_kept=seen.is_kept, ago_s=seen.ago_s)
                self._show_new(watched, seen)
            elif seen.is_kept:
                self.note(spec.window_s, is_kept=True, ago_s=0.0)
        if seen.told is None or not seen.is_kept or seen.ago_s > self._silence_s:
            await self.ask_for(spec.window_s)

    def _show_new(self, watched: Watched, seen: Seen) -> None:
        told = seen.told
        if told is None or watched.is_known(told):
            return
        fresh = seen.ago_s <= self._interval_s
        trouble = self.trouble(watched.view.spec.window_s)
        watched.put_on(told, seen.ago_s, fresh=fresh, trouble=trouble)

    async def _fetch_quietly(self, watched: Watched) -> None:
        with contextlib.suppress(*UNREACHABLE):
            await self._fetch(watched)

    async def _say_ages(self) -> None:
        """Tell viewers who have heard nothing for an interval how old their picture is, and
        Redis what nobody watches any more."""
        now = time.monotonic()
        for watched in list(self._watched.values()):
            if watched.view.face is not None and now - watched.said_at >= self._interval_s:
                watched.say(self.trouble(watched.view.spec.window_s))
        await self._abandon()

    async def _renew(self) -> None:
        """Say again what is wanted, and look whether a notice was missed."""
        with contextlib.suppress(*UNREACHABLE):
            for watched in list(self._watched.values()):
                spec = watched.view.spec
                await self._outlook.want(spec.window_s, spec, again=True)
                await self._fetch(watched)

    async def _abandon(self) -> None:
        """Tell Redis what nobody here watches any more. Raises RedisError."""
        self.hub.sweep()
        while self._lost:
            spec = next(iter(self._lost))
            await self._outlook.abandon(spec)
            self._lost.discard(spec)

    async def _repeat(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except UNREACHABLE:
                continue  # the subscription says so
            # A bug of ours must not leave viewers without their ages.
            except Exception as error:  # noqa: BLE001  # the log is told
                self._bugs.failed(repr(error), "the relay stumbled", error=error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        # In a context of its own: it is not a part of the request that happens to cause it.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._bugs.failed(repr(error), "the relay stumbled", error=error)
