"""A page without its server: its files, and a websocket that says what a measurement says."""

import json
import mimetypes
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from bench.stack import ROOT

DIST = ROOT / "frontend" / "dist"
STATIC = "/static/"
_WORD_S = 5.0


@dataclass(frozen=True, slots=True)
class Site:
    """A built page: the folder of its files, and the document that asks for them."""

    files: Path
    document: Callable[[], str]


def _index() -> str:
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text())
    main = manifest["src/main.tsx"]
    styles = "".join(f'<link rel="stylesheet" href="{STATIC}{css}">' for css in main["css"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{styles}'
        f'<script type="module" src="{STATIC}{main["file"]}"></script></head>'
        '<body><div id="app" data-windows="1m" data-default-window="1m"></div></body></html>'
    )


MESHVIZ = Site(DIST, _index)


class Page(AbstractContextManager["Page"]):
    """Serves a built page, and sends every browser the frames that it is told to."""

    def __init__(self, snapshot: dict[str, Any], site: Site = MESHVIZ) -> None:
        self._snapshot = snapshot
        self._site = site
        # None ends the talk: a thread that waits would keep the whole measurement waiting.
        self._frames: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._seq = 1
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._server = serve(
            self._talk,
            "127.0.0.1",
            0,
            process_request=self._answer,
            compression=None,
            max_size=None,
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        assert self._server is not None  # noqa: S101  # it was entered
        self._frames.put(None)
        self._server.shutdown()

    @property
    def url(self) -> str:
        assert self._server is not None  # noqa: S101  # it was entered
        return f"http://127.0.0.1:{self._server.socket.getsockname()[1]}/"

    def send(self, delta: dict[str, Any]) -> None:
        """Send a delta to the browser that is connected."""
        self._seq += 1
        self._frames.put({**delta, "seq": self._seq})

    def _talk(self, socket: ServerConnection) -> None:
        socket.send(json.dumps({**self._snapshot, "seq": self._seq}))
        while (frame := self._next()) is not None:
            socket.send(json.dumps(frame))
        # For whoever else is connected.
        self._frames.put(None)

    def _next(self) -> dict[str, Any] | None:
        """Return what to say next: a browser that hears nothing for long would connect anew."""
        try:
            return self._frames.get(timeout=_WORD_S)
        except queue.Empty:
            return {"type": "status", "source": self._snapshot["source"]}

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        path = unquote(urlsplit(request.path).path)
        if path.startswith("/ws/"):
            return None
        if path == "/":
            return _respond(self._site.document().encode(), "text/html; charset=utf-8")
        files = self._site.files
        file = (files / path.removeprefix(STATIC)).resolve()
        if not path.startswith(STATIC) or not file.is_relative_to(files) or not file.is_file():
            return connection.respond(HTTPStatus.NOT_FOUND, "not part of the measurement\n")
        kind, _ = mimetypes.guess_type(file.name)
        return _respond(file.read_bytes(), kind or "application/octet-stream")


def _respond(body: bytes, kind: str) -> Response:
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body))})
    return Response(HTTPStatus.OK, "OK", headers, body)
