"""Taking turns at asking Prometheus about the past, and what comes of it when it cannot be had."""

import contextlib
import threading
from collections.abc import Iterator

from graph.core.engine import FeedState


class Busy(Exception):
    """Too many callers ask Prometheus about the past at the same time."""


class Unanswered(Exception):
    """Prometheus did not answer a question about the past. ``state`` says why."""

    def __init__(self, state: FeedState) -> None:
        super().__init__(state.status["detail"])
        self.state = state


class Turns:
    """Lets few callers at a time through. Those who wait too long are sent away with `Busy`."""

    def __init__(self, at_once: int, patience_s: float) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._patience_s = patience_s

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the places meanwhile."""
        if not self._places.acquire(timeout=self._patience_s):
            raise Busy("too many questions about the past at once; try again in a few seconds")
        try:
            yield
        finally:
            self._places.release()
