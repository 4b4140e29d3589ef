"""People at a balancer while servers are replaced: viewers that come back as the page does, and
callers of the API; each writes down what it met."""

import json
import random
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Self

import requests
from websocket import WebSocket, WebSocketException

PATIENCE_S = 30.0
_RESTART = 1012
# The page waits up to two seconds; less keeps the test short and the crowd as dense.
_RETURN_WITHIN_S = 0.5


@dataclass
class Visit:
    """One connection: its frames, and the code that ended it."""

    frames: list[dict[str, Any]] = field(default_factory=list)
    code: int | None = None


class Viewer(AbstractContextManager["Viewer"]):
    """Watches, and comes back when it is told to."""

    def __init__(self, url: str, query: str, chance: random.Random) -> None:
        self._url = f"{url.replace('http', 'ws')}/ws/graph?{query}"
        self._chance = chance
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.visits: list[Visit] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        while not self._over.is_set():
            visit = Visit()
            self.visits.append(visit)
            self._watch(visit)
            self._over.wait(self._chance.uniform(0, _RETURN_WITHIN_S))

    def _watch(self, visit: Visit) -> None:
        socket = WebSocket()
        socket.settimeout(1.0)
        try:
            socket.connect(self._url, suppress_origin=True, timeout=PATIENCE_S)
            while not self._over.is_set():
                opcode, data = socket.recv_data()
                if opcode == 8:
                    visit.code = int.from_bytes(data[:2], "big")
                    return
                visit.frames.append(json.loads(data))
        except (OSError, WebSocketException) as error:
            visit.code = -1
            visit.frames.append({"type": "lost", "error": repr(error)})
        finally:
            socket.shutdown()

    @property
    def was_told(self) -> bool:
        """Whether every visit but the last ended by a server's word."""
        return all(visit.code == _RESTART for visit in self.visits[:-1])


class Caller(AbstractContextManager["Caller"]):
    """Asks the API without pause, by one connection that is kept or by a new one each time."""

    def __init__(self, url: str, *, keeps: bool) -> None:
        self._url = f"{url}/api/v1/graph?type=app"
        self.keeps = keeps
        self._session = requests.Session() if keeps else requests
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answers: list[int | str] = []
        self.epochs: list[tuple[str, int]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join(PATIENCE_S)
        if isinstance(self._session, requests.Session):
            self._session.close()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                answer = self._session.get(self._url, timeout=PATIENCE_S)
                self.answers.append(answer.status_code)
                body = answer.json()
                self.epochs.append((body["epoch"], body["seq"]))
            except (requests.RequestException, ValueError, KeyError) as error:
                self.answers.append(repr(error))
            time.sleep(0.02)
