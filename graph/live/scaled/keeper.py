"""Keeps one window in a worker: asks on time, draws what is wanted, tells it through Redis.

A keeper holds the window's lease from tick to tick, so that feed and views stay in its memory; what
it saves is for whoever comes after it. Two threads: this one asks and draws, an attendant holds the
lease and draws newly wanted views meanwhile.
"""

import contextlib
import logging
import secrets
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace

from redis import RedisError

from graph.core.cadence import share_of
from graph.core.engine import ViewSpec, ViewState, render, start_feed, with_age
from graph.live.clock import steady_now
from graph.live.counters import Counters
from graph.live.drawings import FORGET_BUGS_S
from graph.live.feeds import fault_of, rest_s
from graph.live.hub import encode
from graph.live.rules import Rules
from graph.live.scaled import faces
from graph.live.scaled.keys import News, Unreadable, digest_of
from graph.live.scaled.lease import Lease, Lost
from graph.live.scaled.stock import Stock, feed_fields, save_fields
from graph.outage import Outage
from graph.poll import Diary, steps
from graph.sources import Source

log = logging.getLogger(__name__)

# A lease lasts for so many intervals, within these bounds: long enough for a busy worker to renew
# it, short enough for the next to come before viewers are told that nobody asks.
_LEASE_INTERVALS = 2
_LEASE_S = (2.0, 10.0)
_RENEWALS = 4  # per lease
_RETRY_S = 0.2
# Saving a feed takes time that drawing could have; it is only read when something is lost.
_SAVING_SHARE = 0.05


def lease_s(interval_s: float) -> float:
    """Return how long a lease lasts that is not renewed."""
    shortest, longest = _LEASE_S
    return min(max(_LEASE_INTERVALS * interval_s, shortest), longest)


@dataclass(slots=True)
class _Shown:
    """A view as it was told last; ``is_torn`` when what lies in Redis may be something else."""

    state: ViewState | None = None
    number: int = 0
    is_torn: bool = True
    turn: threading.Lock = field(default_factory=threading.Lock)


class Keeper:
    """One worker's care for one window."""

    def __init__(
        self,
        source: Source,
        stock: Stock,
        rules: Rules,
        window_s: int,
        stopping: threading.Event,
        counters: Counters | None = None,
    ) -> None:
        self._source = source
        self._stock = stock
        self._rules = rules
        self.window_s = window_s
        self._counters = counters or Counters()
        self.is_keeping = False
        self._diary = Diary(window_s)
        self._redis = Outage(log, f"Redis answers the keeper of the {window_s} s window")
        self._bugs = Outage(log, f"Ticks of the {window_s} s window succeed")
        self._undrawn = Outage(log, "Everything is drawn", over_after_s=FORGET_BUGS_S)
        self._stopping = stopping
        self._name = secrets.token_hex(4)
        self._lasts_s = lease_s(rules.pace.interval_s)
        self._lease = Lease(stock.redis, stock.keys, window_s, self._lasts_s)
        self._feed = start_feed(window_s, rules.pace.interval_s, rules.mesh)
        self._views: defaultdict[ViewSpec, _Shown] = defaultdict(_Shown)
        self._over = threading.Event()  # the lease is another's, or this keeper ends
        self._retaken = threading.Event()
        self._saved_at = 0.0
        self._saving_s = 0.0

    def keep(self) -> bool:
        """Keep the window until nobody wants it, the worker stops or another took over.

        Return at once, and False, when another keeps it already. Raises RedisError.
        """
        if not self._lease.take():
            return False
        self.is_keeping = True
        log.info("keeps the %d s window", self.window_s)
        self._take_up(anew=True)
        attendant = threading.Thread(target=self._attend, name=f"attendant {self.window_s}s")
        attendant.start()
        try:
            self._turn_over()
        finally:
            self._over.set()
            attendant.join()
            self._leave()
        return True

    def _turn_over(self) -> None:
        while not self._has_ended():
            rest = _RETRY_S
            try:
                if self._retaken.is_set():
                    self._take_up()
                if self._lease.is_sure:
                    windows = self._windows()
                    if self.window_s not in windows:
                        return
                    rest = self._tick(len(windows))
            except Lost:
                log.warning("the %d s window was kept by another meanwhile", self.window_s)
            except RedisError as error:
                self._redis.failed("away", f"Redis does not answer: {error}")
            self._wait(rest)

    def _has_ended(self) -> bool:
        return self._stopping.is_set() or self._over.is_set()

    def _wait(self, seconds: float) -> None:
        """Rest, but end at once when told to, and begin at once with a lease taken anew."""
        until = time.monotonic() + seconds
        while not self._has_ended() and (left := until - time.monotonic()) > 0:
            if self._retaken.wait(min(left, _RETRY_S)):
                return

    def _windows(self) -> set[int]:
        return self._stock.wanted_windows() | {self._rules.default_window_s}

    def _take_up(self, *, anew: bool = False) -> None:
        """Go on from memory if nobody else kept the window since, else from what was saved."""
        keeper = self._stock.keeper(self.window_s)
        if anew or keeper not in (None, self._name):
            self._views.clear()
            saved = self._stock.feed(self.window_s, self._rules.mesh, self._lease.ahead_s)
            self._feed = saved or start_feed(
                self.window_s, self._rules.pace.interval_s, self._rules.mesh
            )
        for shown in list(self._views.values()):
            shown.is_torn = True
        self._saved_at = 0.0
        self._tell_feed({"keeper": self._name}, News("taken", str(self.window_s)))
        self._retaken.clear()

    def _tick(self, windows: int) -> float:
        """Ask once, draw and tell; return how long to rest. Raises Lost and RedisError."""
        started = time.monotonic()
        share = share_of(self._rules.pace.budget, windows)
        asked = self._source.queries_total
        try:
            for state in steps(self._source, self._feed, steady_now(), share, self._diary):
                self._feed = state
                self._tell_feed({})
                self._draw_all()
            self._save_now_and_then()
        except (Lost, RedisError):
            raise
        except Exception as error:  # noqa: BLE001  # the log is told
            # A bug of ours; viewers see the age grow, and the next answer may be another one.
            self._bugs.failed(
                repr(error), f"The tick of the {self.window_s} s window failed", error=error
            )
            self._count_tick(time.monotonic() - started, "bug")
            return self._rules.pace.interval_s
        finally:
            with contextlib.suppress(RedisError):
                self._stock.add_queries(self._source.queries_total - asked)
        self._bugs.over()
        self._redis.over()
        elapsed_s = time.monotonic() - started
        self._count_tick(elapsed_s, fault_of(self._feed.status))
        return rest_s(self._feed.status, elapsed_s)

    def _count_tick(self, elapsed_s: float, fault: str) -> None:
        with self._counters.turn:
            self._counters.ticks[self.window_s].add(elapsed_s)
            if fault:
                self._counters.failed_ticks[self.window_s, fault] += 1

    def _tell_feed(self, fields: dict[str, faces.Value], news: News | None = None) -> None:
        now = steady_now()
        status = with_age(self._feed, now)
        told = feed_fields(status, now + self._lease.ahead_s, self._source.facts())
        news = news or News("feed", str(self.window_s))
        self._lease.tell(self._stock.keys.feed(self.window_s), {**told, **fields}, news)

    def _save_now_and_then(self, *, surely: bool = False) -> None:
        begun = time.monotonic()
        if not surely and begun - self._saved_at < self._saving_s / _SAVING_SHARE:
            return
        mark = f"{self._name}.{begun}"
        self._tell_feed(save_fields(self._feed, mark, self._lease.ahead_s))
        self._saved_at = time.monotonic()
        self._saving_s = self._saved_at - begun

    def _draw_all(self) -> None:
        wanted = self._stock.wanted_views(self.window_s)
        for spec in list(self._views):
            if spec not in wanted:
                self._views.pop(spec, None)
        for spec in wanted:
            self._draw(spec)

    def _draw_new(self) -> None:
        if self._feed.status["reason"] == "starting":
            return  # the tick that is under way draws everything
        for spec in self._stock.wanted_views(self.window_s):
            self._draw(spec, only_torn=True)

    def _draw(self, spec: ViewSpec, *, only_torn: bool = False) -> None:
        """Draw a view and tell it; ``only_torn``: if it may not be in Redis as it was told."""
        shown = self._views[spec]
        with shown.turn:
            if only_torn and not shown.is_torn:
                return
            try:
                begun = time.monotonic()
                self._bring_up_to_date(spec, shown)
                with self._counters.turn:
                    self._counters.drawings.add(time.monotonic() - begun)
            except (Lost, RedisError):
                raise
            # One picture that fails must not stop the others.
            except Exception as error:  # noqa: BLE001  # the log is told
                self._undrawn.failed(repr(spec), f"could not draw {spec}", error=error)

    def _bring_up_to_date(self, spec: ViewSpec, shown: _Shown) -> None:
        if shown.state is None:
            self._recall(spec, shown)
        # Asked for with the view's turn: a slower earlier drawing must not undo a newer one.
        now = steady_now()
        feed = replace(self._feed, status=with_age(self._feed, now))
        epoch = shown.state.epoch if shown.state else secrets.token_hex(4)
        state, frame = render(shown.state, feed, spec, epoch, self._rules.limits)
        text = encode(frame)
        told_at = now + self._lease.ahead_s
        number = shown.number + 1
        entire = shown.is_torn
        # Whether a write was done that is not answered, nobody knows: its number is used up.
        shown.state, shown.number, shown.is_torn = state, number, True
        key, news = self._stock.keys.view(digest_of(spec)), News("view", digest_of(spec), number)
        fields = faces.written(state, frame, text, number, told_at, entire=entire)
        if not self._lease.tell(key, fields, news, needs="" if "whole" in fields else "whole"):
            fields = faces.written(state, frame, text, number, told_at, entire=True)
            self._lease.tell(key, fields, news)
        shown.is_torn = False

    def _recall(self, spec: ViewSpec, shown: _Shown) -> None:
        """Go on from what an earlier keeper told, if there is anything."""
        told = self._stock.face(spec)
        if told is None:
            return
        try:
            shown.state = faces.view_state(told, spec)
        except Unreadable as error:
            log.warning("%s is drawn anew: %s", spec, error)
        shown.number = told.number

    def _attend(self) -> None:
        beat_s = self._lasts_s / _RENEWALS
        while not self._over.is_set():
            try:
                self._attend_once(beat_s)
            except Lost:
                continue
            except RedisError:
                self._over.wait(_RETRY_S)
            except Exception as error:  # noqa: BLE001  # the log is told
                self._undrawn.failed(repr(error), "the attendant stumbled", error=error)
                self._over.wait(_RETRY_S)

    def _attend_once(self, beat_s: float) -> None:
        if not self._lease.hold():
            if not self._lease.take():
                self._over.set()
                return
            self._retaken.set()
        if self._stock.wait_for_wishes(self.window_s, beat_s) and not self._retaken.is_set():
            self._draw_new()

    def _leave(self) -> None:
        """Save for whoever comes next and let go, as far as Redis answers."""
        try:
            if self._lease.is_sure:
                self._save_now_and_then(surely=True)
            self._lease.release()
        except (Lost, RedisError):
            pass
        log.info("no longer keeps the %d s window", self.window_s)
