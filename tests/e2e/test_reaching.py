"""Ways to what is not in the picture: hidden by a filter, or inside a collapsed namespace."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScripted
from tests.e2e.test_access import AXE, violations
from tests.e2e.view import View


def is_in_sight(view: View, name: str) -> bool:
    box = view.page.locator(".canvas").bounding_box()
    spot = view.nodes().get(name)
    assert box is not None
    return (
        spot is not None
        and box["x"] < spot["x"] < box["x"] + box["width"]
        and box["y"] < spot["y"] < box["y"] + box["height"]
    )


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_hidden_node_is_found_by_the_search_and_shown(
    open_scripted: OpenScripted, theme: str
) -> None:
    view, _ = open_scripted("?hide=" + quote("name *= w3"), color_scheme=theme)
    view.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert not any("team-001-w3" in name for name in view.nodes())
    page = view.page
    page.locator("#search").fill("team-001-w3")
    expect(page.locator(".search").get_by_role("option")).to_contain_text(
        "hidden by the Hide expression"
    )
    assert violations(view) == []
    view.shoot(f"search-hidden-{theme}")

    view.press("Enter")
    expect(page.get_by_role("button", name="Show it without the Hide expression")).to_be_focused()
    assert violations(view) == []
    view.shoot(f"search-uncover-{theme}")
    view.press("Enter")

    view.until(lambda: any("team-001-w3" in name for name in view.nodes()), "the node")
    view.settle()
    assert "hide=" not in page.url
    assert is_in_sight(view, view.node("team-001-w3")["id"])
    expect(page.locator(".panel").get_by_role("heading", level=2)).to_contain_text("team-001-w3")


def test_link_to_what_is_in_a_collapsed_namespace_expands_it(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    inside = view.node("team-001-w3")["id"]
    link = f"?collapse=team-001&collapse=team-002&node={quote(inside, safe='')}"

    other, _ = open_scripted(link)

    assert is_in_sight(other, inside)
    assert "n/Kubernetes/team-002" in other.nodes()
    assert "n/Kubernetes/team-001" not in other.nodes()
    expect(other.page.locator(".panel").get_by_role("heading", level=2)).to_contain_text("w3")
    assert "collapse=team-001" not in other.page.url


def test_focus_inside_a_collapsed_namespace_expands_it_and_follows_when_it_is_collapsed(
    open_scripted: OpenScripted,
) -> None:
    view, _ = open_scripted()
    inside = view.node("team-001-w3")["id"]
    around, _ = open_scripted(f"?collapse=team-001&focus={quote(inside, safe='')}&hops=2")
    # A chain: two before it, two after it.
    assert {name[-6:-3] for name in around.nodes()} == {f"-w{n}" for n in range(1, 6)}

    sign = around.ask("sign('team-001')")
    around.click(sign)

    around.until(lambda: "n/Kubernetes/team-001" in around.nodes(), "one node")
    around.settle()
    assert not any("/team-001/" in name for name in around.nodes())
    assert "focus=n%2FKubernetes%2Fteam-001" in around.page.url
    expect(around.page.locator(".focus-chip")).not_to_contain_text("not in the graph")
