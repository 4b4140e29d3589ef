"""The crosshair of the charts by keyboard."""

import re

from playwright.sync_api import expect

from tests.e2e.test_closer import open_page
from tests.e2e.view import View

PATIENCE_MS = 20_000


def test_arrow_keys_move_the_crosshair_in_all_charts(view: View) -> None:
    open_page(view, view.node("productpage"))
    page = view.page
    page.locator(".page").get_by_label("Time range").select_option("5m")
    first = page.locator('[data-chart="Requests"] .chart-canvas')
    expect(first.locator(".u-over")).to_be_visible(timeout=PATIENCE_MS)
    charts = page.locator(".page-charts .u-over").count()
    assert charts > 2

    first.focus()
    view.press("ArrowLeft")

    crosses = page.locator(".page-charts .u-cursor-x:not(.u-off)")
    expect(crosses).to_have_count(charts)
    moved = "matrix|translate"
    for i in range(charts):
        expect(crosses.nth(i)).to_have_attribute("style", re.compile(moved))
    before = [crosses.nth(i).get_attribute("style") for i in range(charts)]
    view.press("ArrowLeft")
    view.press("ArrowLeft")
    view.until(
        lambda: all(crosses.nth(i).get_attribute("style") != before[i] for i in range(charts)),
        "every crosshair one step back",
    )
