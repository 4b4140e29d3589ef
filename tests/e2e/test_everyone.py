"""The page for everybody: newcomers, keyboards, screen readers, fingers, small screens."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.test_access import AXE, violations
from tests.e2e.view import View
from tests.served import Served

THEMES = pytest.mark.parametrize("theme", ["dark", "light"])
SMALL = [(360, 740), (768, 1024)]


@THEMES
def test_tour_stands_beside_six_controls(theme: str, open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce", color_scheme=theme).open("?tour=1")
    view.page.evaluate(AXE.read_text(encoding="utf-8"))
    tour = view.page.get_by_role("dialog")
    lights = set()
    for step in range(1, 7):
        expect(tour).to_contain_text(f"{step} of 6")
        assert violations(view) == []
        box, light = tour.bounding_box(), view.page.locator(".tour-light").bounding_box()
        assert box is not None
        assert light is not None
        assert 0 <= box["x"] <= 1440 - box["width"]
        assert 0 <= box["y"] <= 900 - box["height"]
        lights.add((round(light["x"]), round(light["y"])))
        view.shoot(f"tour-{step}-{theme}")
        view.press("Enter")

    expect(tour).to_have_count(0)
    assert len(lights) == 6
    view.page.reload()
    view.settle()
    expect(tour).to_have_count(0)


def test_tour_is_skipped_by_escape_and_taken_again_from_the_help(view: View) -> None:
    view.press("?")
    view.page.get_by_role("button", name="Take the tour").click()
    expect(view.page.get_by_role("dialog")).to_contain_text("1 of 6")

    view.press("Escape")

    expect(view.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), SMALL)
def test_small_screens_are_for_fingers(
    width: int, height: int, open_view: OpenView, served: Served
) -> None:
    size = {"width": width, "height": height}
    view = open_view(
        served, viewport=size, has_touch=True, is_mobile=True, reduced_motion="reduce"
    ).open()
    view.page.evaluate(AXE.read_text(encoding="utf-8"))
    if width < 760:
        expect(view.page.locator(".segments")).to_be_hidden()
        view.page.get_by_role("button", name="Controls").tap()
    expect(view.page.locator(".segments")).to_be_visible()
    assert too_small(view) == []
    assert view.page.evaluate("document.documentElement.scrollWidth") <= width

    view.page.get_by_role("button", name="Namespaces").tap()
    sheet = view.page.locator(".popover-box").bounding_box()
    assert sheet is not None
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= width
    assert violations(view) == []
    view.press("Escape")

    if width < 760:
        view.page.get_by_role("button", name="Controls").tap()
        view.settle()
    spot = view.node("productpage")
    view.page.touchscreen.tap(spot["x"], spot["y"])
    expect(view.page.locator(".panel")).to_be_visible()
    assert violations(view) == []
    view.settle().shoot(f"small-{width}")


def test_table_is_sorted_and_walked_with_keys(view: View) -> None:
    view.press("t")
    edges = view.page.locator("table.edges")
    edges.get_by_role("button", name="p95").press("Enter")
    assert edges.locator("th[aria-sort=descending]").inner_text().startswith("p95")

    first = edges.locator("tbody th button").first
    first.focus()
    view.press("ArrowDown")
    view.press("Enter")

    second = edges.locator("tbody tr").nth(1).locator("th").inner_text()
    expect(view.page.locator(".panel h2")).to_contain_text(second.strip())


def test_numbers_and_times_follow_the_language(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce", locale="ja-JP").open("?kiosk=true")

    expect(view.page.locator(".wall-age")).to_contain_text("秒")


def too_small(view: View) -> list[str]:
    """Return the controls of the bar and over the picture that a finger would miss."""
    found: list[str] = view.page.evaluate(
        """() => [...document.querySelectorAll(".toolbar button, .main > :not(.tables) button")]
          .filter((e) => e.getBoundingClientRect().width > 0)
          .filter((e) => e.getBoundingClientRect().height < 40)
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found
