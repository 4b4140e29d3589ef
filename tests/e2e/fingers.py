"""Fingers on the screen, as the browser gets them from a touch device."""

from tests.e2e.view import Spot, View


class Fingers:
    """Any number of fingers; the page must have been opened with ``has_touch``."""

    def __init__(self, view: View) -> None:
        self._devtools = view.page.context.new_cdp_session(view.page)
        self._down: dict[int, Spot] = {}

    def put(self, finger: int, x: float, y: float) -> None:
        """Put one more finger down."""
        self._down[finger] = {"x": x, "y": y}
        self._send("touchStart")

    def move(self, *ways: tuple[int, float, float], steps: int = 6) -> None:
        """Move fingers by so many pixels each, all at the same time."""
        for _ in range(steps):
            for finger, dx, dy in ways:
                self._down[finger]["x"] += dx / steps
                self._down[finger]["y"] += dy / steps
            self._send("touchMove")

    def lift(self, *fingers: int) -> None:
        """Lift these fingers one by one, or all of them at once."""
        for finger in fingers or list(self._down):
            del self._down[finger]
            if fingers or not self._down:
                self._send("touchEnd")

    def _send(self, kind: str) -> None:
        points = [{"id": finger, **spot} for finger, spot in self._down.items()]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
