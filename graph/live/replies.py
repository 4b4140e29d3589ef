"""Plain answers below Django: to HTTP requests and to websocket handshakes alike."""

from collections.abc import Sequence
from typing import Any


def header_values(scope: Any, name: bytes) -> list[str]:
    """Return every value of a header; two where one belongs is a trick or a broken proxy."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


# Message and ASGI extension of our own server: let go of the connection at once.
ABORT = "meshviz.abort"

PLAIN = "text/plain; charset=utf-8"


async def say(
    scope: Any,
    send: Any,
    status: int,
    text: str | bytes,
    *,
    content_type: str = PLAIN,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Answer with a status and a short text."""
    kind = "http" if scope["type"] == "http" else "websocket.http"
    if kind == "websocket.http" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    body = text.encode() if isinstance(text, str) else text
    own = [
        (b"content-type", content_type.encode()),
        # Else it would come in chunks, which a simple probe does not read.
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    told = [*own, *headers]
    await send({"type": f"{kind}.response.start", "status": status, "headers": told})
    await send({"type": f"{kind}.response.body", "body": body})
