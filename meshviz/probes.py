"""`/healthz`, `/readyz` and `/metrics` of a process that is no server: a worker, or beat.

A thread answers them, one request at a time: whoever asks comes a few times a minute. Standard
library only, since these processes load no server.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from meshviz.listening import address_of, listen, operations_place

_PATIENCE_S = 5.0  # with a client that says nothing
_PLAIN = "text/plain; charset=utf-8"
_NOTHING = b"There are /healthz, /readyz and /metrics at this address.\n"


@dataclass(frozen=True, slots=True)
class Told:
    """What a process tells of itself. Called from a thread of its own."""

    # Why it should be started anew, and why it does not do its work; nothing when all is well.
    complaints: Callable[[], list[str]]
    objections: Callable[[], list[str]]
    # The figures and their content type.
    figures: Callable[[], tuple[bytes, str]]


@contextmanager
def answered(
    address: tuple[str, int] | None, told: Told, say: Callable[[str], None]
) -> Iterator[None]:
    """Answer at this address while the block runs; without one, nowhere. Raises CannotListen."""
    if address is None:
        yield
        return
    listener = listen(operations_place(*address))
    server = _Server(told)
    server.socket.close()
    server.socket = listener
    say(f"/healthz, /readyz and /metrics are at {address_of(listener)}/.")
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(HTTPServer):
    """Takes its socket from elsewhere."""

    def __init__(self, told: Told) -> None:
        super().__init__(("", 0), _Handler, bind_and_activate=False)
        self.told = told

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE_S

    def do_GET(self) -> None:
        told = self.server.told
        match self.path.partition("?")[0]:
            case "/healthz":
                self._say(*_verdict(told.complaints()))
            case "/readyz":
                self._say(*_verdict(told.objections()))
            case "/metrics":
                self._say(200, *told.figures())
            case _:
                self._say(404, _NOTHING)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: probes come every few seconds."""

    def _say(self, status: int, body: bytes, content_type: str = _PLAIN) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "meshviz"


def _verdict(sentences: list[str]) -> tuple[int, bytes]:
    if not sentences:
        return 200, b"ok\n"
    return 503, "".join(f"{sentence}\n" for sentence in sentences).encode()
