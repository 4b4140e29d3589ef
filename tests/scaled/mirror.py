"""A viewer that applies every frame, as a browser does."""

import json
from typing import Any

from graph.core.frame import apply
from graph.core.picture import Picture
from tests.served import Watcher


class Mirror:
    """What one browser has on screen; `texts` by epoch and number, as they came."""

    def __init__(self, socket: Watcher) -> None:
        self._socket = socket
        self.texts: dict[tuple[str, int], str] = {}
        self.places: list[tuple[str, int]] = []
        self.moments: list[float] = []
        self.pictures: dict[tuple[str, int], Picture] = {}
        self.source: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        """Take in the next frame; fail when it does not follow from the last one."""
        text = self._socket.text()
        frame: dict[str, Any] = json.loads(text)
        self.source = frame["source"]
        if frame["type"] == "status":
            return frame
        place = (frame["epoch"], frame["seq"])
        before = self.pictures[self.places[-1]] if self.places else Picture()
        if frame["type"] == "delta":
            assert place == (self.places[-1][0], self.places[-1][1] + 1)
        self.texts[place] = text
        self.pictures[place] = apply(before, frame)  # type: ignore[arg-type]
        self.places.append(place)
        self.moments.append(frame["at"])
        return frame

    def until(self, kind: str, **source: object) -> dict[str, Any]:
        """Take in frames up to one of this kind whose source has these values."""
        for _ in range(200):
            frame = self.read()
            if frame["type"] == kind and all(self.source[k] == v for k, v in source.items()):
                return frame
        raise AssertionError(f"no {kind} with {source}, last {self.source}")

    def steps(self, count: int) -> None:
        """Take in so many pictures more."""
        wanted = len(self.places) + count
        while len(self.places) < wanted:
            self.read()
