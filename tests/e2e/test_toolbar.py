"""The toolbar's rows: one where there is room, two that are meant where there is not."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.limited import named, serving_by_proxy
from tests.e2e.view import Spot, View
from tests.served import Served
from tests.stack import PrometheusServer

LOCALES = pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
# Every width at which something gives way, and the pixels round it.
ONE_ROW = [1920, 1781, 1780, 1681, 1680, 1561, 1560, 1521, 1520, 1440, 1401, 1400, 1280, 1241]
TWO_ROWS = [1240, 1024, 961, 960, 768]
# Half of what an even and an odd height differ by.
NEAR_PX = 1


@pytest.fixture(scope="module")
def signing_in(
    prometheus: PrometheusServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with serving_by_proxy(prometheus, tmp_path_factory.mktemp("toolbar")) as server:
        yield server


@pytest.fixture(params=["nobody", "amy"])
def anyone(
    request: pytest.FixtureRequest, open_view: OpenView, served: Served, signing_in: Served
) -> OpenView:
    """Return a function that opens a page without the account's sign, or with it."""

    def opened(**context: object) -> View:
        if request.param == "nobody":
            view = open_view(served, **context).open()
        else:
            headers = named(request.param)
            view = open_view(signing_in, extra_http_headers=headers, **context).open()
        expect(view.page.locator(".user-menu")).to_have_count(int(request.param != "nobody"))
        return view

    return opened


@LOCALES
def test_toolbar_is_one_row_from_1241_pixels_on(anyone: OpenView, locale: str) -> None:
    view = anyone(reduced_motion="reduce", locale=locale)
    for width in ONE_ROW:
        assert [width, len(rows(view, width))] == [width, 1]
        assert overflow(view) <= 0, width


@LOCALES
def test_long_namespace_is_cut_before_the_row_breaks(anyone: OpenView, locale: str) -> None:
    view = anyone(reduced_motion="reduce", locale=locale)
    # Nobody has heard of it: there is no graph that could settle.
    view.page.goto(f"{view.url}/?namespace=a-namespace-with-a-long-name")
    expect(view.page.locator(".toolbar .control-text").first).to_contain_text("a-namespace")

    assert len(rows(view, 1280)) == 1
    assert overflow(view) <= 0


@LOCALES
def test_fingers_get_one_row_too(anyone: OpenView, locale: str) -> None:
    view = anyone(reduced_motion="reduce", locale=locale, has_touch=True, is_mobile=True)

    assert len(rows(view, 1280)) == 1
    assert overflow(view) <= 0


@LOCALES
def test_narrower_toolbar_is_two_rows_from_edge_to_edge(anyone: OpenView, locale: str) -> None:
    view = anyone(reduced_motion="reduce", locale=locale)
    for width in TWO_ROWS:
        found = rows(view, width)
        assert [width, len(found)] == [width, 2]
        # What is shown stands above, what is done with it below; both are full.
        assert [row[0]["name"] for row in found] == ["brand", "search"]
        assert len({row[0]["left"] for row in found}) == 1
        assert abs(found[0][-1]["right"] - found[1][-1]["right"]) <= NEAR_PX
        assert overflow(view) <= 0, width


@LOCALES
def test_keys_go_through_the_toolbar_as_it_is_read(anyone: OpenView, locale: str) -> None:
    view = anyone(reduced_motion="reduce", locale=locale)
    account = view.page.locator(".user-menu").count()
    for width, height in ((1440, 900), (1280, 800), (1024, 768)):
        view.page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            view.page.emulate_media(color_scheme=theme)
            view.settle().shoot(f"toolbar-{width}-{locale[:2]}-{theme}-{account}")

        stops = tabbed(view)

        assert len(stops) == 13 + account, stops
        assert stops == sorted(stops)


def rows(view: View, width: int) -> list[list[Spot]]:
    """Return the toolbar's controls, row by row, in the order of the document."""
    view.page.set_viewport_size({"width": width, "height": 800})
    boxes: list[Spot] = view.page.evaluate(
        """() => [...document.querySelectorAll(".toolbar > :not(.spring)")]
          .map((e) => [e.className.split(" ")[0], e.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0)
          .map(([name, { left, right, top, bottom }]) => ({ name, left, right, top, bottom }))"""
    )
    found: list[list[Spot]] = [[]]
    for box in boxes:
        if found[-1] and box["top"] >= found[-1][-1]["bottom"]:
            found.append([])
        found[-1].append(box)
    for row in found:
        # Of different heights, and on one line.
        middles = [(box["top"] + box["bottom"]) / 2 for box in row]
        assert max(middles) - min(middles) <= NEAR_PX, row
        for before, after in pairwise(row):
            assert before["right"] <= after["left"], (width, before, after)
    return found


def overflow(view: View) -> int:
    """Return by how many pixels the toolbar's content is wider than the toolbar."""
    return int(view.page.locator(".toolbar").evaluate("e => e.scrollWidth - e.clientWidth"))


def tabbed(view: View) -> list[tuple[int, int]]:
    """Return where Tab stops in the toolbar: the row's place and the place in the row."""
    view.page.locator(".toolbar input:checked").focus()
    stops: list[tuple[int, int]] = []
    while True:
        # The middle: what stands in one row is of different heights.
        spot = view.page.evaluate(
            """() => {
              const stop = document.activeElement.closest(".toolbar > *");
              if (stop === null) return null;
              const box = stop.getBoundingClientRect();
              return [Math.round((box.top + box.bottom) / 20), Math.round(box.left)];
            }"""
        )
        if spot is None:
            return stops
        stops.append((spot[0], spot[1]))
        view.press("Tab")
