"""A wall that shows saved views in turn, by a clock that the test turns on."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.test_saved import open_list, save
from tests.e2e.view import View
from tests.served import Served

# Longer than a test takes, so that nothing turns before the clock is turned on.
CYCLE_S = 120


def keep(view: View, query: str, name: str) -> set[str]:
    """Save a view under a name, and return what it shows."""
    view.open(query)
    shown = set(view.nodes())
    open_list(view)
    save(view, name)
    return shown


def pass_turn(view: View) -> None:
    """Let the time pass that a view stays on the wall."""
    view.page.clock.fast_forward(CYCLE_S * 1000)


def shows(view: View, name: str, nodes: set[str]) -> None:
    """Wait until the wall shows the view, all of it and in sight."""
    expect(view.page.locator(".wall-head h1")).to_have_text(name)
    view.until(lambda: set(view.nodes()) == nodes, f"what {name} shows")
    view.settle()
    view.until(lambda: all(in_sight(spot) for spot in view.nodes().values()), f"all of {name}")


def in_sight(spot: dict[str, Any]) -> bool:
    return bool(0 < spot["x"] < 1440 and 0 < spot["y"] < 900)


def test_wall_shows_saved_views_in_turn(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce")
    view.page.clock.install()
    apps = keep(view, "?type=app", "Apps")
    # Saved by somebody who looked closely at a corner, with a panel open.
    bookinfo = keep(view, "?namespace=bookinfo&camera=900,900,3", "Bookinfo")
    view.open(f"?kiosk=true&cycle={CYCLE_S}")
    shows(view, "Apps", apps)
    expect(view.page.locator(".wall-about")).to_contain_text("App")
    view.shoot("wall-apps")

    pass_turn(view)
    shows(view, "Bookinfo", bookinfo)
    assert "kiosk=true" in view.page.url
    assert f"cycle={CYCLE_S}" in view.page.url
    view.shoot("wall-bookinfo")

    # A view that is saved meanwhile comes on the wall by itself.
    other = View(view.page.context.new_page(), served.url, view.shots)
    services = keep(other, "?type=service", "Services")
    # Tabs learn of each other's storage a moment later.
    view.page.wait_for_function("() => localStorage['meshviz.views'].includes('Services')")
    pass_turn(view)
    shows(view, "Services", services)

    pass_turn(view)
    shows(view, "Apps", apps)


def test_leaving_the_wall_keeps_its_view_and_ends_the_turns(
    open_view: OpenView, served: Served
) -> None:
    view = open_view(served, reduced_motion="reduce")
    view.page.clock.install()
    apps = keep(view, "?type=app", "Apps")
    keep(view, "?namespace=bookinfo", "Bookinfo")
    view.open(f"?kiosk=true&cycle={CYCLE_S}")
    shows(view, "Apps", apps)

    view.press("Escape")
    expect(view.page.locator(".toolbar")).to_be_visible()
    for _ in range(3):
        pass_turn(view)
        view.wait_for_ticks(1)

    expect(view.page.locator("input[value=app]")).to_be_checked()
    assert set(view.nodes()) == apps
    assert "kiosk" not in view.page.url
