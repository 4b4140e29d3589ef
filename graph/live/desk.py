"""The desk: everything one serving process knows and does, behind a few methods.

The ASGI application opens it at start-up and closes it at the end. Websocket consumers use its
hub; REST views, which run in threads, use the methods marked as such.
"""

import asyncio
import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from graph.core.engine import FeedState, ViewSpec, ViewState, render, snapshot, with_age
from graph.core.origins import origins
from graph.core.rules import DEFAULT, MeshRules
from graph.core.wire import (
    PROTOCOL_VERSION,
    Diagnosis,
    FeedStatus,
    MeshvizStatus,
    Queries,
    Snapshot,
)
from graph.doctor import Checkup, Habits
from graph.live.feeds import Feeds, Pace
from graph.live.hub import Hub
from graph.live.memo import Memo
from graph.live.parameters import Windows
from graph.poll import look
from graph.sources import Source, explain

log = logging.getLogger(__name__)

T = TypeVar("T")

_PICTURES_KEPT = 32  # pictures that REST callers asked for and nobody watches
_MOMENTS_KEPT = 8  # looks at the past; one of a large mesh weighs tens of MB
_LOOKS_AT_ONCE = 2  # looks at the past cost Prometheus more than a tick
_SPARE_S = 2.0  # on top of a query's own deadline


class Busy(Exception):
    """Too many callers ask Prometheus about the past at the same time."""


class Unanswered(Exception):
    """Prometheus did not answer a question about the past. ``state`` says why."""

    def __init__(self, state: FeedState) -> None:
        super().__init__(state.status["detail"])
        self.state = state


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided, as far as the desk is concerned."""

    version: str
    windows: Windows
    pace: Pace
    query_timeout_s: float
    max_views: int
    max_viewers: int
    max_nodes: int = 1500
    max_edges: int = 5000
    # How long a question about the past may wait for its turn.
    look_queue_s: float = 5.0
    mesh: MeshRules = DEFAULT


def _habits(rules: Rules) -> Habits:
    windows = rules.windows
    return Habits(
        window_s=windows.seconds[windows.default],
        windows_s=tuple(windows.seconds.values()),
        interval_s=rules.pace.interval_s,
        budget=rules.pace.budget,
        mesh=rules.mesh,
    )


class Desk:
    """Feeds, hub and source of one process."""

    def __init__(self, source: Source, rules: Rules) -> None:
        self.rules = rules
        self.epoch = secrets.token_hex(4)
        self._source = source
        # A feed holds a thread while Prometheus thinks; two more draw for everybody.
        self._threads = ThreadPoolExecutor(len(rules.windows.seconds) + 2, "desk")
        default_s = rules.windows.seconds[rules.windows.default]
        self._feeds = Feeds(source, rules.pace, default_s, self._in_thread, rules.mesh)
        self.hub = Hub(
            self.epoch,
            self._feeds.want,
            self._in_thread,
            max_views=rules.max_views,
            max_viewers=rules.max_viewers,
        )
        self._pictures: Memo[tuple[ViewSpec, float], ViewState] = Memo(_PICTURES_KEPT)
        self._moments: Memo[tuple[int, float], FeedState] = Memo(_MOMENTS_KEPT)
        self._checkup = Checkup(source, _habits(rules))
        self._looks = threading.BoundedSemaphore(_LOOKS_AT_ONCE)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Begin to poll. Waits for nothing: a dead Prometheus is a state, not an obstacle."""
        self._loop = asyncio.get_running_loop()
        self._feeds.start(self.hub)

    async def close(self) -> None:
        await self._feeds.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._source.close()

    def live(self, spec: ViewSpec) -> Snapshot:
        """Return the newest picture. For threads; may wait for a window's first answer."""
        feed, watched = self._ask(self._newest(spec))
        return self._picture(spec, feed, watched)

    def moment(self, spec: ViewSpec, at: float) -> Snapshot:
        """Return the picture as it was. For threads; raises Unanswered or Busy."""
        return self._picture(spec, self._past(spec, at), None)

    def _past(self, spec: ViewSpec, at: float) -> FeedState:
        return self._moments.get((spec.window_s, at), lambda: self._look(spec.window_s, at))

    def queries(
        self, spec: ViewSpec, at: float | None, *, node: str | None, edge: str | None
    ) -> Queries:
        """Return the queries behind one entity. For threads; KeyError if it is not drawn."""
        feed, watched = (
            self._ask(self._newest(spec)) if at is None else (self._past(spec, at), None)
        )
        view = self._picture(spec, feed, watched)
        if feed.readings is None:
            raise KeyError(edge or node)
        found = origins(feed.readings, spec.look)
        return explain(self._source, view, found, node=node, edge=edge)

    def diagnosis(self) -> Diagnosis:
        """Return what the doctor says of the source, a few seconds old at most. For threads."""
        return self._checkup.diagnosis()

    def status(self) -> MeshvizStatus:
        """Return how this process is doing. For threads."""
        feeds = self._ask(self._feed_statuses())
        windows = self.rules.windows
        return {
            "version": self.rules.version,
            "mode": "embedded",
            "limits": {
                "viewers": self.rules.max_viewers,
                "views": self.rules.max_views,
                "nodes": self.rules.max_nodes,
                "edges": self.rules.max_edges,
            },
            "protocol": PROTOCOL_VERSION,
            "epoch": self.epoch,
            "viewers": len(self.hub.viewers),
            "windows": list(windows.seconds),
            "default_window": windows.default,
            "queries_total": self._source.queries_total,
            "source": self._source.facts(),
            "feeds": feeds,
        }

    @property
    def _patience_s(self) -> float:
        return self.rules.query_timeout_s + _SPARE_S

    async def _feed_statuses(self) -> list[FeedStatus]:
        now = time.time()
        return [
            self._feed_status(window_s, state, now)
            for window_s, state in self._feeds.states().items()
        ]

    def _feed_status(self, window_s: int, state: FeedState, now: float) -> FeedStatus:
        views, viewers = self.hub.counts(window_s)
        return {
            "window": self.rules.windows.name(window_s),
            "window_s": window_s,
            "views": views,
            "viewers": viewers,
            "source": with_age(state, now),
        }

    async def _newest(self, spec: ViewSpec) -> tuple[FeedState, ViewState | None]:
        feed = await self._feeds.answered(spec.window_s, self._patience_s)
        return feed, self.hub.drawn(spec)

    def _picture(self, spec: ViewSpec, feed: FeedState, watched: ViewState | None) -> Snapshot:
        """Return a view for one caller: what its viewers see, or else a drawing of its own.

        Callers of the same view and tick share the drawing.
        """
        at = feed.readings.at if feed.readings else 0.0
        if watched is not None and watched.at == at:
            drawn = watched
        else:
            drawn = self._pictures.get((spec, at), lambda: render(None, feed, spec, self.epoch)[0])
        aged = replace(feed, status=with_age(feed, time.time()))
        # Not drawn again, as nothing is newer; it only settles what the status says today.
        state, _ = render(drawn, aged, spec, self.epoch)
        return snapshot(state, state.status)

    def _look(self, window_s: int, at: float) -> FeedState:
        with self._turn():
            state = look(self._source, window_s, at, self.rules.pace.interval_s, self.rules.mesh)
        if state.readings is None:
            raise Unanswered(state)
        return state

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._looks.acquire(timeout=self.rules.look_queue_s):
            raise Busy("too many questions about the past at once; try again in a few seconds")
        try:
            yield
        finally:
            self._looks.release()

    def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's loop and return its answer to this thread."""
        assert self._loop is not None  # noqa: S101  # open() came first
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(self._patience_s * 2)

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, function, *args)
