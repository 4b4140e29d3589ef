"""A real `manage.py serve` for tests, with what a client needs to talk to it.

with Served(prometheus.url, interval="1s") as served:
    served.get("/api/v1/graph")
    with served.watch("type=app") as socket:
        socket.next("snapshot")
"""

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from socket import SO_RCVBUF, SOL_SOCKET
from typing import Any, Self

import requests
from websocket import WebSocket, WebSocketBadStatusException, WebSocketTimeoutException

from graph.demo.process import Child
from meshviz.config import PREFIX, SETTINGS

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 30.0
_ADDRESS = re.compile(r"\bmeshviz \S+ at http://(\S+?):(\d+)/", re.MULTILINE)


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with only these settings of meshviz in it."""
    names = {setting.field: setting.name for setting in SETTINGS}
    ours = {*names.values(), *(name for name in os.environ if "MESHVIZ" in name)}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    given = {names.get(key, PREFIX + key.upper()): value for key, value in settings.items()}
    return {**inherited, **given}


class Served(AbstractContextManager["Served"]):
    """A server on a free port; settings are given as keywords, without their prefix.

    ``command`` is what is started instead of `manage.py serve`.
    """

    def __init__(
        self, prometheus_url: str, *, command: Sequence[str] = (), **settings: str
    ) -> None:
        self._command = command or [sys.executable, "manage.py", "serve"]
        self._settings = {"prometheus_url": prometheus_url, "port": "0", **settings}
        self.port = 0

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="served-")
        self.process = Child(
            "meshviz",
            self._command,
            Path(self._folder.name) / "meshviz.log",
            cwd=ROOT,
            env=environment(**self._settings),
        )
        try:
            self.process.wait_until(lambda: _ADDRESS.search(self.log) is not None, PATIENCE_S)
        except BaseException:
            self.__exit__()
            raise
        found = _ADDRESS.search(self.log)
        assert found is not None
        self.port = int(found[2])
        return self

    def __exit__(self, *error: object) -> None:
        self.process.stop()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything the server has said so far."""
        return self.process.log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=PATIENCE_S, **options)

    def graph(self, query: str = "") -> dict[str, Any]:
        """Return the answer of the graph API, which has to be a good one."""
        answer = self.get(f"/api/v1/graph?{query}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def status(self) -> dict[str, Any]:
        body: dict[str, Any] = self.get("/api/v1/status").json()
        return body

    def watch(
        self,
        query: str = "",
        *,
        origin: str | None = None,
        host: str | None = None,
        receive_buffer_bytes: int | None = None,
    ) -> "Watcher":
        """Open the websocket; WebSocketBadStatusException when it is refused."""
        path = f"/ws/graph?{query}"
        return Watcher(self.connect(path, origin, host, receive_buffer_bytes))

    def connect(
        self,
        path: str,
        origin: str | None,
        host: str | None = None,
        receive_buffer_bytes: int | None = None,
    ) -> WebSocket:
        """Open a websocket at any path; the kernel sizes its receive buffer unless told."""
        options = []
        if receive_buffer_bytes is not None:
            options.append((SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes))
        socket = WebSocket(sockopt=options)
        socket.settimeout(PATIENCE_S)
        url = f"ws://127.0.0.1:{self.port}{path}"
        try:
            socket.connect(url, origin=origin, host=host, suppress_origin=origin is None)
        except WebSocketBadStatusException:
            socket.shutdown()
            raise
        return socket


class Watcher(AbstractContextManager["Watcher"]):
    """One viewer's websocket."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket

    def __exit__(self, *error: object) -> None:
        self.socket.close()
        # When the server closed first, the call above leaves the socket open.
        self.socket.shutdown()

    def text(self) -> str:
        """Return the next frame as it came; fail when none comes."""
        try:
            received = self.socket.recv()
        except WebSocketTimeoutException:
            raise AssertionError(f"no frame within {PATIENCE_S:g} s") from None
        assert isinstance(received, str)
        return received

    def frame(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.text())
        return message

    def next(self, *kinds: str, **source: object) -> dict[str, Any]:
        """Return the next frame of these kinds whose source has these values; skip others."""
        deadline = time.monotonic() + PATIENCE_S
        seen = []
        while time.monotonic() < deadline:
            frame = self.frame()
            if frame["type"] in kinds and _matches(frame, source):
                return frame
            seen.append((frame["type"], frame.get("source", {}).get("state")))
        raise AssertionError(f"no {kinds} with {source}, only {seen}")

    def send(self, message: object) -> None:
        self.socket.send(message if isinstance(message, str) else json.dumps(message))

    def close_code(self) -> int:
        """Read until the server closes and return its code."""
        while True:
            opcode, data = self.socket.recv_data()
            if opcode == 8:
                return int.from_bytes(data[:2], "big")


def _matches(frame: Mapping[str, Any], source: Mapping[str, object]) -> bool:
    return all(frame["source"][name] == value for name, value in source.items())
