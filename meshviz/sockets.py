"""uvicorn's protocols, made for thousands of viewers who are sent the same, and for bad guests."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from graph.live.flag import Flag, Inbox
from graph.live.replies import ABORT
from meshviz import deadline
from meshviz.headers import ENCODED
from meshviz.lobby import Lobby

log = logging.getLogger(__name__)

# How long a viewer may take to read its last frame when the server ends.
GOODBYE_S = 5
# The code of a server that ends, by which a browser comes back at once, at a moment of its own.
_RESTART = 1012
_COME_BACK = "This server ends; come back to the next."

_NOTHING_MORE: dict[object, object] = {}  # what the extension has to say, for all connections


class _Refused(Exception):
    """A request that is not taken; the answer is in `UpgradingProtocol`."""


class UpgradingProtocol(HttpToolsProtocol):
    """Speaks HTTP until the connection becomes a websocket, and then is gone.

    Its parser knows it and it knows its parser; nothing but the search for cycles, which this
    server seldom makes, would free the two and what they have read.

    uvicorn waits for ever for a request that was begun, and takes one of any size. Here a request
    has to be there in time (`meshviz.deadline`), and connections are counted (`meshviz.lobby`).
    """

    def __init__(self, *args: Any, lobby: Lobby, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = ""
        self._lobby = lobby
        self._alarm: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._is_in_head = True
        self._refusal = HTTPStatus.BAD_REQUEST

    @property
    def is_silent(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, whatever its type says
        return cycle is None or cycle.response_complete

    def show_out(self) -> None:
        self._count("crowd")
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._set_alarm(deadline.HEAD_S)
        self._lobby.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._quiet()
        self._lobby.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._is_in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing() or isinstance(self.transport.get_protocol(), ViewerProtocol):
            return
        if self._is_in_head and self._head_bytes > deadline.HEAD_BYTES:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self.send_400_response("")
        elif self._is_in_head and self._alarm is None and self.is_silent:
            self._set_alarm(deadline.HEAD_S)

    def on_headers_complete(self) -> None:
        self._quiet()
        self._judge_head()
        super().on_headers_complete()
        self._is_in_head = False
        self._set_alarm(deadline.BODY_S)

    def on_message_complete(self) -> None:
        self._quiet()
        self._is_in_head = True
        self._head_bytes = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._alarm is None and self.transport.get_write_buffer_size():
            self._set_alarm(deadline.ANSWER_S)

    def handle_websocket_upgrade(self) -> None:
        if self.scope["method"] != "GET":
            self.send_400_response("")
            return
        if any(len(line) > deadline.LINE_BYTES for line in self._lines()):
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self.send_400_response("")
            return
        self._quiet()
        self._lobby.leave(self)
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # as uvicorn does when it is lost
        protocol = self.transport.get_protocol()
        if isinstance(protocol, ViewerProtocol) and not self.transport.is_closing():
            protocol.wait_in(self._lobby)

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with a request that nobody else sees, and close."""
        self._quiet()
        self._count("malformed" if self._refusal == HTTPStatus.BAD_REQUEST else "large")
        if self.transport.is_closing():
            return
        if not self.is_silent:
            # In the midst of an answer there is no place for another.
            self.transport.abort()
            return
        body = f"{self._refusal.phrase}.\n".encode()
        own = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        head = b"".join(b"%b: %b\r\n" % pair for pair in (*own, *ENCODED))
        status = f"HTTP/1.1 {self._refusal.value} {self._refusal.phrase}\r\n".encode()
        self.transport.write(status + head + b"\r\n" + body)
        self.transport.close()

    def _judge_head(self) -> None:
        """Raise, which the parser makes an error of, if the request is not to be taken."""
        if len(self.url) > deadline.ADDRESS_BYTES:
            self._refusal = HTTPStatus.REQUEST_URI_TOO_LONG
            raise _Refused
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > deadline.HEAD_BYTES or len(self.headers) > deadline.HEADERS:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise _Refused
        if len(self.pipeline) >= deadline.AHEAD:
            self._refusal = HTTPStatus.TOO_MANY_REQUESTS
            raise _Refused

    def _lines(self) -> list[bytes]:
        return [self.url, *(name + value for name, value in self.headers)]

    def _set_alarm(self, after_s: float) -> None:
        self._quiet()
        self._alarm = self.loop.call_later(after_s, self._too_late)

    def _quiet(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _too_late(self) -> None:
        self._alarm = None
        if self.transport.is_closing() and not self.transport.get_write_buffer_size():
            return
        self._count("slow")
        self.transport.abort()

    def _count(self, reason: str) -> None:
        if "desk" in self.app_state:
            self.app_state["desk"].counters.turned_away[reason] += 1


_NOT_TEXT = 1007  # RFC 6455
_CLOSE_S = 5.0  # browsers answer a close at once
_FRAGMENTS = 64  # of one message; browsers send whole ones


class ViewerProtocol(WebSocketsSansIOProtocol):
    """Sends frames that are made once for many sockets, and lets go of what it needs no more.

    A `websocket.send` may bring its frame along, as bytes under "frame" (`graph.live.text`). They
    are handed to the transport as they are, which keeps a reference and no copy. Extensions
    would have to change them, so this goes with compression switched off.

    A message of type ABORT cuts the connection off with whatever was still to be sent: closing in
    good order waits for a stalled client, until its TCP connection is given up as well.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = Inbox()  # type: ignore[assignment]  # what uvicorn uses of a queue
        self.writable = Flag()  # type: ignore[assignment]  # and of an event
        self.writable.set()
        self.close_timeout = _CLOSE_S
        self._lobby: Lobby | None = None

    is_silent = True

    @property
    def address(self) -> str:
        return self.client[0] if self.client else ""

    def wait_in(self, lobby: Lobby) -> None:
        """Count as no viewer until the first frame is sent."""
        self._lobby = lobby
        lobby.enter(self)

    def show_out(self) -> None:
        self._lobby = None
        self._cut_off("crowd")

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if "scope" in vars(self):  # else the handshake was none
            self.scope["extensions"][ABORT] = _NOTHING_MORE

    async def send(self, message: Any) -> None:
        if message["type"] == ABORT:
            self.transport.abort()
            return
        frame = message.get("frame")
        if frame is None:
            if message["type"] == "websocket.accept":
                scope: Any = self.scope
                name = (b"x-request-id", scope.get("request_id", "").encode())
                message = {**message, "headers": [*message.get("headers", ()), name]}
            await super().send(message)
            if message["type"] == "websocket.accept":
                self._forget_handshake()
            elif message["type"] == "websocket.http.response.body":
                # A refusal is an answer too; uvicorn would log an error for each.
                self.handshake_complete = True
            return
        self._leave_lobby()
        await self.writable.wait()
        if self.disconnected:
            raise ClientDisconnected
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame)

    def shutdown(self) -> None:
        """Send the viewer to another server. One that reads nothing does not hold us up."""
        if self.handshake_complete and not self.close_sent:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": _RESTART})
            self.conn.send_close(_RESTART, _COME_BACK)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()
        else:
            super().shutdown()
        self.loop.call_later(GOODBYE_S, self.transport.abort)

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is not None:
            super().handle_parser_exception()
            return
        # No handshake, although HTTP's own parser took it for one: uvicorn knows no answer.
        self._count("malformed")
        self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            # uvicorn does the same, and writes a traceback for every such message.
            self.frames = []
            self._count("malformed")
            self.conn.send_close(_NOT_TEXT)
            super().handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def handle_cont(self, event: Any) -> None:
        if len(self.frames) >= _FRAGMENTS:
            # Empty ones have no size that a limit could be set to.
            self._cut_off("malformed")
            return
        super().handle_cont(event)

    def handle_ping(self) -> None:
        if not self.writable.is_set():
            # It reads no answers: they are thrown away, as RFC 6455 allows, and not piled up.
            self.conn.data_to_send()
            return
        super().handle_ping()

    def connection_lost(self, exc: Exception | None) -> None:
        # The kernel's word for a client that took nothing for TCP_USER_TIMEOUT (meshviz.server).
        if isinstance(exc, TimeoutError) and "desk" in self.app_state:
            self.app_state["desk"].counters.stalled += 1
        self._leave_lobby()
        super().connection_lost(exc)

    def _leave_lobby(self) -> None:
        if self._lobby is not None:
            self._lobby.leave(self)
            self._lobby = None

    def _cut_off(self, reason: str) -> None:
        self._count(reason)
        self.frames = []
        self.transport.abort()

    def _count(self, reason: str) -> None:
        if "desk" in self.app_state:
            self.app_state["desk"].counters.turned_away[reason] += 1

    def _forget_handshake(self) -> None:
        """Give back the memory of headers, which nobody reads after the handshake."""
        del self.request, self.response
        self.scope["headers"] = []


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
