"""Views and their viewers: who gets which frame. Every frame is text made once for all of them.

A view is what a ViewSpec describes, and shows a *face*: the newest frames that its painter made of
it. A viewer that is one step behind gets the step, one that is further behind gets the whole
picture, and one that cannot keep up skips what it missed. Nothing is queued for anybody, so a
stalled viewer costs no memory.

Who paints is not decided here: `drawings` does in the process that polls, `scaled.relay` brings
what workers have drawn. All of it lives in the server's event loop.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import orjson

from graph.core.engine import ViewSpec
from graph.live.counters import Counters
from graph.live.flag import Flag
from graph.live.text import Text

MAX_LETTERS = 8  # error frames kept for a viewer that sends nonsense faster than it reads


class Full(Exception):
    """A cap is reached. ``what`` is "viewers" or "views"; it may be the cap of one user."""

    def __init__(self, what: str, cap: int, *, of_user: bool = False) -> None:
        whom = "you " if of_user else ""
        super().__init__(f"meshviz already serves {whom}{cap} {what}, the most it may")
        self.what = what
        self.variable = f"MESHVIZ_MAX_{what.upper()}{'_PER_USER' if of_user else ''}"


def encode(message: Mapping[str, Any]) -> Text:
    """Return the message as websocket text."""
    return Text(orjson.dumps(message).decode())


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of the caps one user may take, None for all of it."""

    viewers: int | None = None
    views: int | None = None


WHOLE = Shares()


class Face:
    """What a view shows at present: frame ``seq`` of ``epoch``, and the ways to get there.

    ``step`` leads from the frame before, ``notice`` tells news that change no number. The whole
    picture is only made when somebody needs it.
    """

    def __init__(
        self,
        epoch: str,
        seq: int,
        *,
        kind: str,
        whole: Callable[[], Text],
        step: Text | None = None,
        notice: Text | None = None,
    ) -> None:
        self.epoch = epoch
        self.seq = seq
        self.kind = kind
        self.step = step
        self.notice = notice
        self._make_whole = whole

    @cached_property
    def whole(self) -> Text:
        return self._make_whole()


class View:
    """One picture and who looks at it. ``version`` counts its faces."""

    def __init__(self, spec: ViewSpec, counters: Counters, opened_by: str = "") -> None:
        self.spec = spec
        self.opened_by = opened_by
        self.viewers: set[Viewer] = set()
        self.version = 0
        self.face: Face | None = None
        self.awaited = 0  # viewers on their way in, waiting for the first face
        self._counters = counters

    def show(self, face: Face) -> None:
        """Put on a new face and wake the viewers."""
        self.face = face
        self.version += 1
        self._counters.published(face.kind, 0 if face.kind == "status" else face.seq)
        for viewer in self.viewers:
            viewer.news.set()


class Viewer:
    """One connection's place: which view it watches and how much of it it has seen."""

    def __init__(self, counters: Counters, key: str = "") -> None:
        self.key = key  # whom limits count
        self.view: View | None = None
        self.news = Flag()
        self._counters = counters
        # The epoch and number of the last frame, None before the first.
        self._seen: tuple[str, int] | None = None
        self._version = 0
        self._letters: list[Text] = []

    async def next(self) -> Text:
        """Wait for something this viewer has not seen and return it."""
        while (text := self._take()) is None:
            self.news.clear()
            await self.news.wait()
        return text

    def write(self, letter: Mapping[str, Any]) -> None:
        """Send this viewer, and nobody else, a message."""
        self._letters = [*self._letters, encode(letter)][-MAX_LETTERS:]
        self.news.set()

    def resync(self) -> None:
        """Forget what the viewer has seen: the whole picture follows."""
        self._seen = None
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

    def _take(self) -> Text | None:
        if self._letters:
            return self._letters.pop(0)
        view = self.view
        if view is None or view.face is None or view.version == self._version:
            return None
        text = self._brought_up_to(view.face)
        self._seen, self._version = (view.face.epoch, view.face.seq), view.version
        return text

    def _brought_up_to(self, face: Face) -> Text | None:
        """Return what this viewer lacks of a face, None when that is nothing."""
        epoch, seq = self._seen or (None, 0)
        if epoch != face.epoch:
            return face.whole
        if seq == face.seq:
            return face.notice
        self._counters.frames_skipped += max(0, face.seq - seq - 1)
        return face.step if face.step is not None and seq == face.seq - 1 else face.whole


class Painter(Protocol):
    """Who gives views their faces."""

    async def begin(self, view: View) -> None:
        """See to it that the view has a face, and gets new ones. Raises Full.

        May be called by several newcomers at a time, and for a view that has a face already.
        """

    def end(self, view: View) -> None:
        """Forget a view that nobody watches any more."""


class Hub:
    """All views and viewers of this process, within their caps."""

    def __init__(
        self,
        painter: Painter,
        *,
        max_views: int,
        max_viewers: int,
        shares: Shares = WHOLE,
        counters: Counters | None = None,
    ) -> None:
        self.viewers: set[Viewer] = set()
        self.views: dict[ViewSpec, View] = {}
        self._painter = painter
        self._max_views = max_views
        self._max_viewers = max_viewers
        self._shares = shares
        self._present: Counter[str] = Counter()
        self._counters = counters or Counters()

    def enter(self, key: str = "") -> Viewer:
        """Return a new viewer of somebody; raise Full when there are too many, or of them."""
        if len(self.viewers) >= self._max_viewers:
            raise self._full("viewers", self._max_viewers)
        own = self._shares.viewers
        if own is not None and self._present[key] >= own:
            raise self._full("viewers", own, of_user=True)
        viewer = Viewer(self._counters, key)
        self.viewers.add(viewer)
        self._present[key] += 1
        return viewer

    def leave(self, viewer: Viewer) -> None:
        viewer.leave()
        if viewer not in self.viewers:
            return
        self.viewers.remove(viewer)
        self._present[viewer.key] -= 1
        if not self._present[viewer.key]:
            del self._present[viewer.key]

    async def show(self, viewer: Viewer, spec: ViewSpec) -> None:
        """Make ``viewer`` watch ``spec``; raise Full, changing nothing, when views run out."""
        view = self._open(spec, viewer)
        view.awaited += 1
        try:
            await self._painter.begin(view)
        except Full:
            self._counters.refused["views"] += 1
            raise
        finally:
            view.awaited -= 1
            if view.face is None:
                self._drop_unwatched(view)
        if viewer in self.viewers:
            viewer.watch(view)

    def of(self, window_s: int) -> list[View]:
        """Return the views of a window."""
        return [view for spec, view in self.views.items() if spec.window_s == window_s]

    def counts(self, window_s: int) -> tuple[int, int]:
        """Return how many views and viewers a window has."""
        views = self.of(window_s)
        return len(views), sum(len(view.viewers) for view in views)

    def is_watched(self, window_s: int) -> bool:
        return any(view.viewers for view in self.of(window_s))

    def sweep(self, leaving: Viewer | None = None) -> None:
        """Drop the views that nobody watches, or that only ``leaving`` does."""
        for view in list(self.views.values()):
            self._drop_unwatched(view, leaving)

    def _open(self, spec: ViewSpec, viewer: Viewer) -> View:
        if spec in self.views:
            return self.views[spec]
        if len(self.views) >= self._max_views:
            self.sweep(leaving=viewer)
        if len(self.views) >= self._max_views:
            raise self._full("views", self._max_views)
        self._check_share(viewer)
        view = self.views[spec] = View(spec, self._counters, viewer.key)
        return view

    def _check_share(self, viewer: Viewer) -> None:
        """Raise Full if all the views are open that this viewer's user may open."""
        own = self._shares.views
        if own is None or self._opened_by(viewer.key) < own:
            return
        self.sweep(leaving=viewer)
        if self._opened_by(viewer.key) >= own:
            raise self._full("views", own, of_user=True)

    def _opened_by(self, key: str) -> int:
        return sum(view.opened_by == key for view in self.views.values())

    def _drop_unwatched(self, view: View, leaving: Viewer | None = None) -> None:
        if view.awaited or view.viewers - {leaving}:
            return
        if self.views.pop(view.spec, None) is not None:
            self._painter.end(view)

    def _full(self, what: str, cap: int, *, of_user: bool = False) -> Full:
        self._counters.refused[what] += 1
        return Full(what, cap, of_user=of_user)
