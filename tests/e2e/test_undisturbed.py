"""Nothing that happens in the mesh takes selection, scroll, zoom, focus or half a word away.

The mesh is the test's own. With every tick all rates change and so does the order of every list,
and a namespace comes or goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from graph.core.engine import FeedState
from tests.e2e.conftest import OpenView
from tests.e2e.scripted import ScriptedServer
from tests.e2e.view import Spot, View, is_near
from tests.make import feed, request
from tests.served import Served

TICKS = 5
CALLERS = 30
HUB = "hub"

# What has the focus is kept as an object: an element that looks alike is not the same.
HOLD = """() => {
  window.held = document.activeElement;
  return window.held !== document.body;
}"""
IS_HELD = "() => document.activeElement === window.held && window.held.isConnected"


@dataclass(frozen=True, slots=True)
class Watched:
    """A page, and the server that ticks when the test says so."""

    view: View
    server: ScriptedServer

    def tick(self, count: int = TICKS) -> None:
        """Let the mesh change so many times, and the page draw each change."""
        for turn in range(1, count + 1):
            self.server.mesh = changing(turn)
            seen = int(self.view.ask("seq"))
            self.server.tick()
            self.view.until(lambda seen=seen: int(self.view.ask("seq")) > seen, "a tick")  # type: ignore[misc]
            self.view.settle()


def changing(turn: int) -> FeedState:
    """Return a hub with many callers, whose rates and order depend on the turn."""
    rates = [1.0 + turn + (7 * caller + 11 * turn) % CALLERS for caller in range(CALLERS)]
    calls = [
        request(rate, source=f"caller{caller:02}-v1", target=f"{HUB}-v1", namespace="shop")
        for caller, rate in enumerate(rates)
    ]
    coming = [
        request(2.0 + turn, source="guest-v1", target=f"guest{turn}-v1", namespace=f"guests{turn}")
    ]
    return feed(requests=[*calls, *(coming if turn % 2 else [])])


@pytest.fixture
def watched(open_view: OpenView, served: Served) -> Iterator[Watched]:
    view = open_view(served, reduced_motion="reduce")
    server = ScriptedServer(view.page, changing(0))
    yield Watched(view.open("?type=workload"), server)
    # The server behind the page knows no queries for what only the test has made up.
    view.complaints[:] = [each for each in view.complaints if "404" not in each]


def test_selection_outlives_ticks(watched: Watched) -> None:
    view = watched.view
    view.click(view.node(HUB))
    title = view.page.locator(".panel h2")
    expect(title).to_contain_text(HUB)
    rate = view.page.locator(".panel [data-section=inbound]").inner_text()

    watched.tick()

    expect(title).to_contain_text(HUB)
    assert f"{HUB}-v1" in view.page.url
    assert view.page.locator(".panel [data-section=inbound]").inner_text() != rate


def test_zoom_and_places_outlive_ticks(watched: Watched) -> None:
    view = watched.view
    view.page.get_by_role("button", name="Zoom in").click()
    view.until(lambda: "camera=" in view.page.url, "a camera in the address")
    view.settle()
    zoom, before = view.ask("zoom"), shop(view)

    watched.tick()

    assert view.ask("zoom") == zoom
    assert all(is_near(spot, before[name]) for name, spot in shop(view).items())


def test_what_one_reads_does_not_scroll_away(watched: Watched) -> None:
    view = watched.view
    view.click(view.node(HUB))
    expect(view.page.locator(".panel h2")).to_contain_text(HUB)
    view.press("t")
    # Above this section of the panel a button comes and goes with the other namespace.
    section = view.page.locator(".panel [data-section=security]")
    tables = view.page.locator(".tables")
    for box in (view.page.locator(".panel"), tables):
        box.evaluate("box => box.scrollTo(0, (box.scrollHeight - box.clientHeight) / 2)")
    before, rows = line(section), scrolled(tables)
    assert rows > 0

    watched.tick()

    assert view.page.locator(".panel .buttons button").count() > 2
    assert scrolled(tables) == rows
    assert line(section) == pytest.approx(before, abs=1)


@pytest.mark.parametrize(
    "held",
    [
        ".panel [data-section=callers] .edge-list li:nth-child(9) button",
        ".tables table.edges tbody tr:nth-child(2) th button",
        ".tables table.edges tbody tr:nth-child(12) th button",
        ".tables table.edges tbody tr:nth-child(25) th button",
        ".canvas",
        ".statusbar .about .control",
    ],
)
def test_focus_outlives_ticks(watched: Watched, held: str) -> None:
    view = watched.view
    view.click(view.node(HUB))
    expect(view.page.locator(".panel h2")).to_contain_text(HUB)
    view.press("t")
    element = view.page.locator(held).first
    element.focus()
    said = element.inner_text()
    assert view.page.evaluate(HOLD)

    watched.tick()

    assert view.page.evaluate(IS_HELD)
    # A row is about the same thing, wherever it has gone.
    assert view.page.evaluate("() => window.held.innerText").split("\n")[0] == said.split("\n")[0]


def test_open_list_and_half_a_word_outlive_ticks(watched: Watched) -> None:
    view = watched.view
    field = view.page.locator("#ask-find")
    field.click()
    view.page.keyboard.type("name = caller07 and rp")
    view.press("ArrowLeft")
    caret = field.evaluate("field => field.selectionStart")
    assert view.page.evaluate(HOLD)

    watched.tick()

    assert view.page.evaluate(IS_HELD)
    expect(field).to_have_value("name = caller07 and rp")
    assert field.evaluate("field => field.selectionStart") == caret

    view.page.get_by_role("button", name="Namespaces").click()
    view.page.get_by_role("checkbox", name="shop").focus()
    assert view.page.evaluate(HOLD)

    watched.tick()

    assert view.page.evaluate(IS_HELD)
    expect(view.page.locator(".toolbar .popover-box")).to_be_visible()


def shop(view: View) -> dict[str, Spot]:
    """Return the nodes that are always there."""
    return {name: spot for name, spot in view.nodes().items() if "/shop/" in name}


def line(element: Locator) -> float:
    """Return how far down the screen something is."""
    found: Any = element.evaluate("element => element.getBoundingClientRect().top")
    return float(found)


def scrolled(box: Locator) -> int:
    found: Any = box.evaluate("box => box.scrollTop")
    return int(found)
