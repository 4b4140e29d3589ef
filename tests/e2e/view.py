"""One meshviz page in a browser, and what a person would do with it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

PATIENCE_S = 30.0
# How far a pixel may be off: places on the screen are floats, and the camera may still round.
NEAR_PX = 0.01

Spot = dict[str, Any]


class View:
    """A page that shows the graph. Waiting is polling; nothing sleeps for a fixed time."""

    def __init__(self, page: Page, url: str, shots: Path) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.shots = shots
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        # A server that is down on purpose makes the browser complain about the network.
        if message.type in ("error", "warning") and "net::ERR" not in message.text:
            self.complaints.append(message.text)

    def open(self, query: str = "") -> "View":
        """Go to the page and wait until the picture stands still."""
        self.page.goto(f"{self.url}/{query}")
        return self.settle()

    def settle(self) -> "View":
        self.until(lambda: bool(self.ask("settled")), "a settled graph")
        return self

    def until(self, claim: Callable[[], bool], what: str) -> None:
        """Return once the claim holds; fail the test when it never does."""
        deadline = time.monotonic() + PATIENCE_S
        while not claim():
            assert time.monotonic() < deadline, f"not within {PATIENCE_S:.0f} s: {what}"
            self.page.wait_for_timeout(50)

    def ask(self, expression: str) -> Any:
        """Ask the page's debug handle; None while there is none."""
        return self.page.evaluate(f"() => window.meshviz && window.meshviz.graph.{expression}")

    def nodes(self) -> dict[str, Spot]:
        return {spot["id"]: spot for spot in self.ask("nodes()") or []}

    def edges(self) -> dict[str, Spot]:
        return {spot["id"]: spot for spot in self.ask("edges()") or []}

    def node(self, *parts: str) -> Spot:
        """Return the one node whose id has all the parts."""
        return _only(self.nodes(), parts)

    def edge(self, *parts: str) -> Spot:
        """Return the one edge whose id has all the parts."""
        return _only(self.edges(), parts)

    def places(self) -> dict[str, tuple[float, float]]:
        """Return where nodes stand to each other, whatever the camera does."""
        zoom = float(self.ask("zoom"))
        spots = self.nodes()
        first = spots[min(spots)]
        return {
            name: (round((spot["x"] - first["x"]) / zoom), round((spot["y"] - first["y"]) / zoom))
            for name, spot in spots.items()
        }

    def drag(self, spot: Spot, dx: int, dy: int) -> None:
        """Move what is at a spot by so many pixels."""
        mouse = self.page.mouse
        mouse.move(spot["x"], spot["y"])
        mouse.down()
        mouse.move(spot["x"] + dx, spot["y"] + dy, steps=4)
        mouse.up()
        self.settle()

    def click(self, spot: Spot) -> None:
        self.page.mouse.click(spot["x"], spot["y"])

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def has(self, selector: str) -> bool:
        return self.page.locator(selector).count() > 0

    def wait_for_text(self, selector: str, text: str) -> None:
        self.until(
            lambda: self.has(selector) and text in self.text(selector), f"{text!r} in {selector}"
        )

    def wait_for_ticks(self, count: int) -> None:
        """Return after this many more frames with data."""
        first = int(self.ask("seq"))
        self.until(lambda: int(self.ask("seq")) >= first + count, f"{count} ticks")

    def colours_near(self, spot: Spot, reach: int = 6) -> list[tuple[int, int, int]]:
        """Return the opaque colours that the canvas really has round a point."""
        pixels = self.page.evaluate(
            """({x, y, reach}) => {
              const canvas = document.querySelector(".graph canvas");
              const box = canvas.getBoundingClientRect();
              const scale = canvas.width / box.width;
              const side = (2 * reach + 1) * scale;
              const copy = document.createElement("canvas");
              const context = copy.getContext("2d", { willReadFrequently: true });
              const [left, top] = [(x - box.left - reach) * scale, (y - box.top - reach) * scale];
              context.drawImage(canvas, -left, -top);
              return [...context.getImageData(0, 0, side, side).data];
            }""",
            {"x": spot["x"], "y": spot["y"], "reach": reach},
        )
        quads = [pixels[i : i + 4] for i in range(0, len(pixels), 4)]
        return [(r, g, b) for r, g, b, alpha in quads if alpha > 120]

    def picture(self) -> bytes:
        """Return a screenshot of the canvas alone."""
        return self.page.locator(".canvas").screenshot()

    def picture_round(self, spot: Spot, reach: int = 80) -> bytes:
        """Return a screenshot of the square round a point."""
        corner = {"x": spot["x"] - reach, "y": spot["y"] - reach}
        return self.page.screenshot(clip={**corner, "width": 2 * reach, "height": 2 * reach})

    def shoot(self, name: str) -> None:
        """Keep a screenshot of the scene under its name."""
        self.page.screenshot(path=self.shots / f"{name}.png")


def _only(spots: dict[str, Spot], parts: tuple[str, ...]) -> Spot:
    found = [spot for name, spot in spots.items() if all(part in name for part in parts)]
    assert len(found) == 1, f"{len(found)} have {parts}: {sorted(spots)}"
    return found[0]


def is_near(a: Spot, b: Spot) -> bool:
    """Tell whether two spots are the same place on the screen."""
    return abs(a["x"] - b["x"]) < NEAR_PX and abs(a["y"] - b["y"]) < NEAR_PX
