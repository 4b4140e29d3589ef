"""uvicorn's protocols, made for thousands of viewers who are sent the same."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from graph.live.flag import Flag, Inbox
from graph.live.replies import ABORT

# How long a viewer may take to read its last frame when the server ends.
GOODBYE_S = 5
# The code of a server that ends, by which a browser comes back at once, at a moment of its own.
_RESTART = 1012
_COME_BACK = "This server ends; come back to the next."

_NOTHING_MORE: dict[object, object] = {}  # what the extension has to say, for all connections


class UpgradingProtocol(HttpToolsProtocol):
    """Speaks HTTP until the connection becomes a websocket, and then is gone.

    Its parser knows it and it knows its parser; nothing but the search for cycles, which this
    server seldom makes, would free the two and what they have read.

    On the port for operations there is no limit: a server that is full is alive, and says so.
    """

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if self.server is not None and self.server[1] == self.app_state.get("operations_port"):
            self.limit_concurrency = None

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # as uvicorn does when it is lost


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
            return
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

    def connection_lost(self, exc: Exception | None) -> None:
        # The kernel's word for a client that took nothing for TCP_USER_TIMEOUT (meshviz.server).
        if isinstance(exc, TimeoutError) and "desk" in self.app_state:
            self.app_state["desk"].counters.stalled += 1
        super().connection_lost(exc)

    def _forget_handshake(self) -> None:
        """Give back the memory of headers, which nobody reads after the handshake."""
        del self.request, self.response
        self.scope["headers"] = []
