"""Namespaces drawn as one node among the others."""

from playwright.sync_api import expect

from tests.e2e.view import View


def kinds(view: View) -> dict[str, int]:
    """Return how many nodes there are by the letter of their ids."""
    letters = [name[0] for name in view.nodes()]
    return {letter: letters.count(letter) for letter in letters}


def test_a_namespace_is_collapsed_and_expanded(view: View) -> None:
    before = view.nodes()
    view.page.get_by_role("button", name="Namespaces").click()
    view.page.get_by_role("button", name="Draw bookinfo as one node").click()
    view.until(lambda: kinds(view).get("n") == 1, "bookinfo as one node")

    assert not any("/bookinfo/" in name for name in view.nodes())
    assert "collapse=bookinfo" in view.page.url
    view.press("Escape")
    view.settle()
    kept = [name for name in before if "/bookinfo/" not in name]
    assert set(kept) <= view.nodes().keys()
    view.shoot("collapsed")

    node = view.node("n/", "bookinfo")
    view.page.mouse.dblclick(node["x"], node["y"])
    view.until(lambda: "n" not in kinds(view), "what is inside bookinfo")
    assert view.nodes().keys() == before.keys()
    assert "collapse" not in view.page.url


def test_a_collapsed_namespace_survives_a_reload_and_opens_from_its_panel(view: View) -> None:
    view.page.goto(view.page.url + "?collapse=boutique")
    view.until(lambda: kinds(view).get("n") == 1, "boutique as one node")
    view.settle()

    view.click(view.node("n/", "boutique"))
    panel = view.page.locator(".panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("boutique")
    panel.get_by_role("button", name="Draw what is inside boutique").click()

    view.until(lambda: "n" not in kinds(view), "what is inside boutique")
