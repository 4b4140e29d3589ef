"""The websocket of a browser: one writer, one frame on its way, and a few words back.

The connection's first view is in its address, as in REST; later ones come as messages. Frames
do not go through a channel layer: its dispatch costs a thread hop for every frame and viewer.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qs

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from graph.core.wire import ErrorFrame
from graph.live.desk import Desk
from graph.live.guest import Guest, guest_of
from graph.live.hub import Full, Viewer, encode
from graph.live.parameters import (
    VIEW_PARAMETERS,
    BadParameter,
    client_message,
    refuse_unknown,
    view_spec,
)
from graph.live.replies import ABORT

log = logging.getLogger(__name__)

MESSAGES = 20  # per MESSAGES_S; a person clicking fast stays far below
MESSAGES_S = 10.0

# RFC 6455 close codes: what the client may do about it is different for each.
ASKED_NONSENSE = 1008  # the same again will fail again
TRY_LATER = 1013
TOO_MANY_MESSAGES = 4429  # of our own, after HTTP's 429: what was asked is fine, not how often


class GraphConsumer(AsyncWebsocketConsumer):
    """One viewer.

    It reads what the client says in the connection's own task, and writes in one other. Channels
    would start a task for every message and visit a thread to close database connections that
    no viewer has: of two thousand viewers that is most of their memory.
    """

    send_timeout_s = 10.0  # a viewer that takes no byte for this long is gone or hopeless

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        self._viewer: Viewer | None = None
        self._writer: asyncio.Task[None] | None = None
        self._budget: _Budget | None = None
        self._given_up = False
        try:
            while await self._handle(await receive()):
                pass
        except asyncio.CancelledError:
            if not self._given_up:
                raise
        finally:
            self._leave()

    async def _handle(self, message: Mapping[str, Any]) -> bool:
        """Do what a message asks for; False when it was the last."""
        match message["type"]:
            case "websocket.connect":
                await self.connect()
            case "websocket.receive":
                await self.receive(message.get("text"), message.get("bytes"))
            case "websocket.disconnect":
                return False
        return True

    @property
    def desk(self) -> Desk:
        return cast(Desk, self.scope["state"]["desk"])

    @property
    def guest(self) -> Guest:
        return guest_of(self.scope)

    async def connect(self) -> None:
        await self.accept()
        self.desk.counters.accepted += 1
        try:
            query = parse_qs(
                self.scope["query_string"].decode("ascii", "replace"), keep_blank_values=True
            )
            refuse_unknown(query, *VIEW_PARAMETERS)
            spec = view_spec(query, self.desk.rules.windows, self.guest.permit)
            self._viewer = self.desk.hub.enter(self.guest.key)
            await self.desk.hub.show(self._viewer, spec)
        except BadParameter as error:
            await self._turn_away(error.frame(), ASKED_NONSENSE)
        except Full as error:
            await self._turn_away(_full(error), TRY_LATER)
        else:
            reader = cast("asyncio.Task[None]", asyncio.current_task())
            self._writer = asyncio.create_task(self._write(self._viewer, reader))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._viewer is None or self._writer is None:
            return
        self._budget = self._budget or _Budget(MESSAGES, MESSAGES_S)
        if not self._budget.take():
            detail = "too many messages"
            accepted = f"at most {MESSAGES} in {MESSAGES_S:g} s"
            frame = BadParameter("message", detail, accepted).frame()
            await self._turn_away(frame, TOO_MANY_MESSAGES)
            return
        try:
            await self._answer(self._viewer, text_data)
        except BadParameter as error:
            self._viewer.write(error.frame())
        except Full as error:
            self._viewer.write(_full(error))

    async def _answer(self, viewer: Viewer, text: str | None) -> None:
        wanted = client_message(_parse(text), self.desk.rules.windows, self.guest.permit)
        if isinstance(wanted, dict):
            viewer.resync()
        else:
            await self.desk.hub.show(viewer, wanted)

    async def _write(self, viewer: Viewer, reader: asyncio.Task[None]) -> None:
        """Send what the viewer has not seen, one frame at a time, until it goes away.

        A stalled client never says anything again, so the reader has to be told.
        """
        counters = self.desk.counters
        send: Any = self.base_send
        try:
            while True:
                text = await viewer.next()
                async with asyncio.timeout(self.send_timeout_s):
                    # "frame" is ours, see meshviz.sockets; other servers pass over it.
                    await send({"type": "websocket.send", "text": text, "frame": text.frame})
                counters.frames_sent += 1
                counters.bytes_sent += len(text)
        except TimeoutError:
            counters.stalled += 1
            if ABORT in (self.scope.get("extensions") or {}):
                await send({"type": ABORT})
        except OSError:  # the server's sign that the client is gone
            pass
        self._given_up = True
        reader.cancel()

    async def _turn_away(self, frame: ErrorFrame, code: int) -> None:
        """Say why, then close; a browser only learns the reason of an accepted socket."""
        self._leave()
        with contextlib.suppress(OSError):  # gone, or too stalled to be told
            await asyncio.wait_for(self.send(text_data=encode(frame)), self.send_timeout_s)
            await asyncio.wait_for(self.close(code, frame["detail"][:100]), self.send_timeout_s)

    def _leave(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
        if self._viewer is not None:
            self.desk.hub.leave(self._viewer)
        self._viewer = self._writer = None


class _Budget:
    """So many messages in so much time, refilled steadily."""

    def __init__(self, size: int, period_s: float) -> None:
        self._size = float(size)
        self._left = float(size)
        self._per_s = size / period_s
        self._at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def _parse(text: str | None) -> object:
    try:
        return orjson.loads(text or "")
    except orjson.JSONDecodeError:
        raise BadParameter("message", "not JSON text", '{"type": "view"|"resync", ...}') from None


def _full(error: Full) -> ErrorFrame:
    accepted = f"fewer {error.what}; the operator sets {error.variable}"
    return BadParameter(error.what, str(error), accepted).frame()
