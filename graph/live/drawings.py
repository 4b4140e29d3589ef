"""Draws the views of this process's own feeds: each once per tick, whoever watches it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from graph.core.bounds import Limits
from graph.core.engine import FeedState, ViewSpec, ViewState, render, snapshot
from graph.core.wire import Delta, Snapshot, Status
from graph.live.counters import Counters
from graph.live.hub import WHOLE, Face, Hub, Shares, View, encode
from graph.live.text import Text
from graph.outage import Outage

log = logging.getLogger(__name__)

# Drawing is Python's own work, of which a process does one thing at a time anyway; the second keeps
# a small picture from waiting for a large one.
_AT_ONCE = 2
# A picture that could not be drawn, and can again, is only known by the silence.
FORGET_BUGS_S = 300.0

InThread = Callable[..., Awaitable[Any]]
Frame = Snapshot | Delta | Status


@dataclass(slots=True)
class _Drawing:
    state: ViewState | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Drawings:
    """The painter of a process that polls by itself, told of every tick by its feeds."""

    def __init__(
        self,
        epoch: str,
        want: Callable[[int], FeedState],
        known: Callable[[int], FeedState | None],
        in_thread: InThread,
        *,
        max_views: int,
        max_viewers: int,
        shares: Shares = WHOLE,
        limits: Limits | None = None,
        counters: Counters | None = None,
    ) -> None:
        self._limits = limits
        self._counters = counters or Counters()
        self.hub = Hub(
            self,
            max_views=max_views,
            max_viewers=max_viewers,
            shares=shares,
            counters=self._counters,
        )
        self._epoch = epoch
        # The newest state of a window's feed: as somebody who wants it polled, or as a bystander.
        self._want = want
        self._known = known
        self._in_thread = in_thread
        self._drawings: dict[ViewSpec, _Drawing] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._bugs = Outage(log, "Everything is drawn", over_after_s=FORGET_BUGS_S)

    async def begin(self, view: View) -> None:
        """Draw the view if it never was; many may wait for one first drawing."""
        await self._draw(view, first=True)

    def end(self, view: View) -> None:
        self._drawings.pop(view.spec, None)

    def drawn(self, spec: ViewSpec) -> ViewState | None:
        """Return what the viewers of ``spec`` see, None when it has none."""
        drawing = self._drawings.get(spec)
        return drawing.state if drawing else None

    def is_watched(self, window_s: int) -> bool:
        return self.hub.is_watched(window_s)

    async def publish(self, window_s: int) -> None:
        """Draw every view of a window anew, once, whoever watches it."""
        self.hub.sweep()
        await asyncio.gather(*(self._redraw(view) for view in self.hub.of(window_s)))

    def beat(self, window_s: int) -> None:
        """Tell the viewers of a window that nothing new came, and how old the picture is."""
        feed = self._known(window_s)
        if feed is None:
            return
        for view in self.hub.of(window_s):
            drawing = self._drawings.get(view.spec)
            if drawing is None or drawing.state is None:
                continue
            if feed.readings and feed.readings.at != drawing.state.at:
                continue  # about to be drawn
            self._show(view, drawing, *self._made(drawing.state, feed, view.spec))

    async def _redraw(self, view: View) -> None:
        try:
            async with self._turns:
                if self.hub.views.get(view.spec) is view:
                    await self._draw(view)
        # One picture that cannot be drawn must not stop the others.
        except Exception as error:  # noqa: BLE001  # the log is told
            self._bugs.failed(repr(view.spec), f"could not draw {view.spec}", error=error)

    async def _draw(self, view: View, *, first: bool = False) -> None:
        drawing = self._drawings.setdefault(view.spec, _Drawing())
        async with drawing.turn:
            if first and drawing.state is not None:
                return
            # Asked for inside the lock: a slower earlier drawing must not undo a newer one.
            feed = self._want(view.spec.window_s)
            started = time.perf_counter()
            drawn = await self._in_thread(self._made, drawing.state, feed, view.spec)
            self._counters.drawings.add(time.perf_counter() - started)
            self._show(view, drawing, *drawn)

    def _made(
        self, state: ViewState | None, feed: FeedState, spec: ViewSpec
    ) -> tuple[ViewState, Frame, Text]:
        drawn, frame = render(state, feed, spec, self._epoch, self._limits)
        return drawn, frame, encode(frame)

    def _show(
        self, view: View, drawing: _Drawing, state: ViewState, frame: Frame, text: Text
    ) -> None:
        drawing.state = state
        view.show(face_of(state, frame, text, view.face))


def face_of(state: ViewState, frame: Frame, text: Text, before: Face | None) -> Face:
    """Return the face of a view after ``frame``, which is ``text`` on the wire."""
    kind = frame["type"]
    if kind == "snapshot":
        return Face(state.epoch, state.seq, kind=kind, whole=lambda: text)

    def whole() -> Text:
        return encode(snapshot(state, state.status))

    if kind == "delta":
        return Face(state.epoch, state.seq, kind=kind, whole=whole, step=text)
    # A notice changes no number: who is one step behind still needs the step.
    step = before.step if before else None
    return Face(state.epoch, state.seq, kind=kind, whole=whole, step=step, notice=text)
