"""uvicorn's websocket protocol, made for thousands of viewers who are sent the same."""

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from graph.live.flag import Flag, Inbox


class ViewerProtocol(WebSocketsSansIOProtocol):
    """Sends frames that are made once for many sockets, and lets go of what it needs no more.

    A `websocket.send` may bring its frame along, as bytes under "frame" (`graph.live.text`). They
    are handed to the transport as they are, which keeps a reference and no copy. Extensions
    would have to change them, so this goes with compression switched off.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = Inbox()  # type: ignore[assignment]  # what uvicorn uses of a queue
        self.writable = Flag()  # type: ignore[assignment]  # and of an event
        self.writable.set()

    async def send(self, message: Any) -> None:
        frame = message.get("frame")
        if frame is None:
            await super().send(message)
            if message["type"] == "websocket.accept":
                self._forget_handshake()
            return
        await self.writable.wait()
        if self.disconnected:
            raise ClientDisconnected
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame)

    def _forget_handshake(self) -> None:
        """Give back the memory of headers, which nobody reads after the handshake."""
        del self.request, self.response
        self.scope["headers"] = []
