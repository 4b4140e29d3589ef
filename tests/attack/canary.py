"""Places that nobody should ever come to."""

import threading
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Canary(AbstractContextManager["Canary"]):
    """A web server that answers anything, and remembers who came with what."""

    def __init__(self, status: int = 200, location: str = "", body: bytes = b"{}") -> None:
        self.visits: list[str] = []
        self._answer = (status, location)
        self.body = body
        self.more_headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        owner, (status, location) = self, self._answer

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                owner.visits.append(f"{self.command} {self.path}")
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                for name, value in owner.more_headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                body = owner.body
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_CONNECT = _any

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"
