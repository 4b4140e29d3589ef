"""Saved views put the nodes where they stood."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScripted, OpenView
from tests.e2e.saving import open_list, save, serving_people, sign_in
from tests.e2e.scripted import mesh_of
from tests.e2e.view import View
from tests.served import Served
from tests.stack import PrometheusServer


@pytest.fixture(scope="module")
def guarded(
    prometheus: PrometheusServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server that asks for names."""
    with serving_people(prometheus, tmp_path_factory.mktemp("people"), "ada", "ben") as server:
        yield server


def open_saved(view: View, name: str) -> None:
    if not view.has(".saved-box"):
        open_list(view)
    view.page.get_by_role("link", name=name).click()
    view.settle()


def forget_places(view: View) -> None:
    """Forget all but the saved views, as in another browser, and come back."""
    view.page.evaluate(
        """() => Object.keys(localStorage)
          .filter((key) => key.startsWith("meshviz.places"))
          .forEach((key) => localStorage.removeItem(key))"""
    )
    view.page.goto(view.url)
    view.settle()


def test_view_puts_nodes_where_they_stood_and_back(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    start = view.places()
    view.drag(view.node("team-001-w2"), 60, 70)
    dragged = view.places()
    open_list(view)
    save(view, "Mine")
    view.page.get_by_role("button", name="Tidy up").click()
    view.until(lambda: view.places() == start, "a tidy picture")

    open_saved(view, "Mine")
    view.until(lambda: view.places() == dragged, "what was saved")
    # Opening it again changes nothing that could be taken back.
    open_saved(view, "Mine")
    view.press("Escape")
    view.page.locator(".canvas").focus()
    view.press("Control+z")

    view.until(lambda: view.places() == start, "one's own places")


def test_newcomers_find_places_beside_those_of_a_view(open_scripted: OpenScripted) -> None:
    view, server = open_scripted(namespaces=3)
    view.drag(view.node("team-001-w2"), 60, 70)
    before = view.places()
    open_list(view)
    save(view, "Small")
    # More than twice as large, and what was there is not all there any more.
    server.mesh = mesh_of(7)
    forget_places(view)
    assert view.places() != before

    open_saved(view, "Small")

    view.until(lambda: {name: view.places()[name] for name in before} == before, "what was saved")
    places = list(view.places().values())
    assert len(set(places)) == len(places) > 2 * len(before)


def test_nodes_that_are_gone_are_passed_over(open_scripted: OpenScripted) -> None:
    view, server = open_scripted(namespaces=7)
    view.drag(view.node("team-001-w2"), 60, 70)
    before = view.places()
    open_list(view)
    save(view, "Large")
    server.mesh = mesh_of(3)
    forget_places(view)
    left = view.nodes()

    open_saved(view, "Large")

    view.until(lambda: view.places() == {name: before[name] for name in left}, "what is left")


def test_places_of_another_layout_come_with_it(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted("?layout=grid")
    view.drag(view.node("team-001-w2"), 60, 70)
    dragged = view.places()
    open_list(view)
    save(view, "Blocks")
    forget_places(view)

    open_saved(view, "Blocks")

    view.until(lambda: view.places() == dragged, "what was saved")
    assert "layout=grid" in view.page.url


def test_view_restores_pan_and_zoom_with_the_places(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    view.drag(view.node("team-001-w2"), 60, 70)
    view.press("+")
    view.until(lambda: "camera=" in view.page.url, "a camera")
    view.settle()
    before, saved = view.nodes(), view.page.url
    open_list(view)
    save(view, "Near")
    forget_places(view)
    assert "camera=" not in view.page.url

    open_saved(view, "Near")

    view.until(lambda: view.page.url == saved, "the address")
    view.until(
        lambda: all(
            abs(spot["x"] - before[name]["x"]) < 2 and abs(spot["y"] - before[name]["y"]) < 2
            for name, spot in view.nodes().items()
        ),
        "the same picture from the same point",
    )


def test_places_on_the_server_are_seen_by_others(open_view: OpenView, guarded: Served) -> None:
    rest = {"reduced_motion": "reduce"}
    ada = sign_in(open_view(guarded, **rest), "ada", "?type=app")
    usual = ada.places()
    ada.drag(ada.node("bookinfo", "reviews"), 40, 60)
    dragged = ada.places()
    assert dragged != usual
    open_list(ada)
    ada.page.get_by_label("Show it to everybody who signs in").check()
    save(ada, "On call")

    ben = sign_in(open_view(guarded, **rest), "ben", "?type=service")
    open_list(ben)
    ben.page.get_by_role("link", name="On call").click()

    expect(ben.page.locator("input[value=app]")).to_be_checked()
    shared = dragged.keys()
    ben.until(lambda: {name: ben.places().get(name) for name in shared} == dragged, "ada's places")
