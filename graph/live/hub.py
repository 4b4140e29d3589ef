"""Views and their viewers: every picture is drawn once per tick and every frame encoded once.

A view is what a ViewSpec describes. Its viewers share its frames: a viewer that is one step
behind gets the step, one that is further behind gets the whole picture, and one that cannot keep
up skips what it missed. Nothing is queued for anybody, so a stalled viewer costs no memory.

All of it lives in the server's event loop; only drawing and encoding run in threads.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from graph.core.engine import FeedState, ViewSpec, ViewState, render, snapshot
from graph.core.wire import Delta, Snapshot, Status

log = logging.getLogger(__name__)

MAX_LETTERS = 8  # error frames kept for a viewer that sends nonsense faster than it reads

InThread = Callable[..., Awaitable[Any]]


class Full(Exception):
    """A cap is reached. ``what`` is "viewers" or "views"."""

    def __init__(self, what: str, cap: int) -> None:
        super().__init__(f"meshviz already serves {cap} {what}, the most it may")
        self.what = what
        self.variable = f"MESHVIZ_MAX_{what.upper()}"


def encode(message: Mapping[str, Any]) -> str:
    """Return the message as websocket text."""
    return orjson.dumps(message).decode()


class View:
    """One picture and who looks at it. ``version`` counts frames of every kind."""

    def __init__(self, spec: ViewSpec, epoch: str) -> None:
        self.spec = spec
        self.viewers: set[Viewer] = set()
        self.version = 0
        self.state: ViewState | None = None
        self.awaited = 0  # viewers on their way in, waiting for the first drawing
        self._drawing = asyncio.Lock()
        self._epoch = epoch
        self._step: str | None = None
        self._notice: str | None = None
        self._whole: str | None = None

    async def draw(
        self, latest: Callable[[int], FeedState], in_thread: InThread, *, first: bool = False
    ) -> None:
        """Bring the view up to the newest readings and tell its viewers.

        With ``first`` only if it was never drawn: many may wait for one first drawing.
        """
        async with self._drawing:
            if first and self.state is not None:
                return
            # Asked for inside the lock: a slower earlier drawing must not undo a newer one.
            feed = latest(self.spec.window_s)
            self._show(*await in_thread(_draw, self.state, feed, self.spec, self._epoch))

    def beat(self, feed: FeedState) -> None:
        """Say again how old the picture is, when there is nothing newer to say."""
        if self.state is None or (feed.readings and feed.readings.at != self.state.at):
            return  # about to be drawn
        self._show(*_draw(self.state, feed, self.spec, self._epoch))

    def frame_after(self, seq: int | None) -> str | None:
        """Return what brings a viewer at ``seq`` up to date, None when nothing does."""
        if self.state is None:
            return None
        if seq == self.state.seq:
            return self._notice
        if seq == self.state.seq - 1 and self._step is not None:
            return self._step
        return self._snapshot(self.state)

    def _snapshot(self, state: ViewState) -> str:
        if self._whole is None:
            self._whole = encode(snapshot(state, state.status))
        return self._whole

    def _show(self, state: ViewState, frame: Snapshot | Delta | Status, text: str) -> None:
        self.state = state
        self._whole = text if frame["type"] == "snapshot" else None
        self._notice = text if frame["type"] == "status" else None
        if frame["type"] != "status":
            self._step = text if frame["type"] == "delta" else None
        self.version += 1
        for viewer in self.viewers:
            viewer.news.set()


def _draw(
    state: ViewState | None, feed: FeedState, spec: ViewSpec, epoch: str
) -> tuple[ViewState, Snapshot | Delta | Status, str]:
    drawn, frame = render(state, feed, spec, epoch)
    return drawn, frame, encode(frame)


class Viewer:
    """One connection's place: which view it watches and how much of it it has seen."""

    def __init__(self) -> None:
        self.view: View | None = None
        self.news = asyncio.Event()
        self._seq: int | None = None
        self._version = 0
        self._letters: deque[str] = deque(maxlen=MAX_LETTERS)

    async def next(self) -> str:
        """Wait for something this viewer has not seen and return it."""
        while (text := self._take()) is None:
            self.news.clear()
            await self.news.wait()
        return text

    def write(self, letter: Mapping[str, Any]) -> None:
        """Send this viewer, and nobody else, a message."""
        self._letters.append(encode(letter))
        self.news.set()

    def resync(self) -> None:
        """Forget what the viewer has seen: the whole picture follows."""
        self._seq = None
        self._version = 0
        self.news.set()

    def watch(self, view: View) -> None:
        if self.view is not None:
            self.view.viewers.discard(self)
        self.view = view
        view.viewers.add(self)
        self.resync()

    def leave(self) -> None:
        if self.view is not None:
            self.view.viewers.discard(self)
        self.view = None

    def _take(self) -> str | None:
        if self._letters:
            return self._letters.popleft()
        view = self.view
        if view is None or view.state is None or view.version == self._version:
            return None
        text = view.frame_after(self._seq)
        self._seq, self._version = view.state.seq, view.version
        return text


class Hub:
    """All views and viewers of this process, within their caps."""

    def __init__(
        self,
        epoch: str,
        latest: Callable[[int], FeedState],
        in_thread: InThread,
        *,
        max_views: int,
        max_viewers: int,
    ) -> None:
        self.viewers: set[Viewer] = set()
        self.views: dict[ViewSpec, View] = {}
        self._epoch = epoch
        self._latest = latest
        self._in_thread = in_thread
        self._max_views = max_views
        self._max_viewers = max_viewers

    def enter(self) -> Viewer:
        """Return a new viewer; raise Full when there are too many."""
        if len(self.viewers) >= self._max_viewers:
            raise Full("viewers", self._max_viewers)
        viewer = Viewer()
        self.viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        viewer.leave()
        self.viewers.discard(viewer)

    async def show(self, viewer: Viewer, spec: ViewSpec) -> None:
        """Make ``viewer`` watch ``spec``; raise Full, changing nothing, when views run out."""
        view = self._open(spec, viewer)
        view.awaited += 1
        try:
            await view.draw(self._latest, self._in_thread, first=True)
        finally:
            view.awaited -= 1
        if viewer in self.viewers:
            viewer.watch(view)

    async def publish(self, window_s: int) -> None:
        """Draw every view of a window anew, once, whoever watches it."""
        self._sweep()
        for view in self._of(window_s):
            await self._draw(view)

    def beat(self, window_s: int) -> None:
        """Tell the viewers of a window that nothing new came, and how old the picture is."""
        for view in self._of(window_s):
            view.beat(self._latest(window_s))

    def drawn(self, spec: ViewSpec) -> ViewState | None:
        """Return what the viewers of ``spec`` see, None when it has none."""
        view = self.views.get(spec)
        return view.state if view else None

    def counts(self, window_s: int) -> tuple[int, int]:
        """Return how many views and viewers a window has."""
        views = self._of(window_s)
        return len(views), sum(len(view.viewers) for view in views)

    def is_watched(self, window_s: int) -> bool:
        return any(view.viewers for view in self._of(window_s))

    def _of(self, window_s: int) -> list[View]:
        return [view for spec, view in self.views.items() if spec.window_s == window_s]

    def _open(self, spec: ViewSpec, viewer: Viewer) -> View:
        if spec in self.views:
            return self.views[spec]
        if len(self.views) >= self._max_views:
            self._sweep(leaving=viewer)
        if len(self.views) >= self._max_views:
            raise Full("views", self._max_views)
        view = self.views[spec] = View(spec, self._epoch)
        return view

    async def _draw(self, view: View) -> None:
        try:
            await view.draw(self._latest, self._in_thread)
        except Exception:  # one picture that cannot be drawn must not stop the others
            log.exception("could not draw %s", view.spec)

    def _sweep(self, leaving: Viewer | None = None) -> None:
        """Drop the views that nobody watches, or that only ``leaving`` does."""
        for spec, view in list(self.views.items()):
            if not view.awaited and not view.viewers - {leaving}:
                del self.views[spec]
