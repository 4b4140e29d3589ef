"""A page that sleeps, and one whose network is away: the newest picture without a reload."""

import time

from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.served import Served

PATIENCE_MS = 30_000


def newest_seq(served: Served) -> int:
    """Return the number of the step that viewers of the page's usual view have."""
    return int(served.graph("type=versioned_app")["seq"])


def test_frozen_page_shows_the_newest_picture_when_it_wakes(
    served: Served, open_view: OpenView
) -> None:
    view = open_view(served, reduced_motion="reduce").open()
    view.page.evaluate("window.stillTheSamePage = true")
    browser = view.page.context.new_cdp_session(view.page)
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    asleep_at = newest_seq(served)
    while newest_seq(served) < asleep_at + 6:
        time.sleep(0.2)
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    newest = newest_seq(served)

    view.until(lambda: int(view.ask("seq")) >= newest, "the newest picture")
    view.wait_for_ticks(2)
    expect(view.page.locator(".banner")).to_have_count(0)
    assert view.page.evaluate("window.stillTheSamePage") is True


def test_page_without_a_network_says_so_and_comes_back(served: Served, open_view: OpenView) -> None:
    view = open_view(served, reduced_motion="reduce").open()
    nodes = set(view.nodes())
    view.page.context.set_offline(True)
    banner = view.page.locator(".banner[data-reason=offline]")
    expect(banner).to_be_visible(timeout=PATIENCE_MS)
    assert set(view.nodes()) == nodes

    view.page.context.set_offline(False)

    expect(banner).to_have_count(0, timeout=PATIENCE_MS)
    view.wait_for_ticks(2)
