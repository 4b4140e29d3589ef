"""axe-core's rules for WCAG 2.1 A and AA hold on every scene, in both themes."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View
from tests.served import Served

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_page_keeps_the_rules_of_wcag(theme: str, open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce", color_scheme=theme).open()
    view.page.evaluate(AXE.read_text(encoding="utf-8"))

    view.page.get_by_role("button", name="View options").click()
    assert violations(view) == []

    view.page.get_by_role("button", name="Namespaces").click()
    view.page.get_by_role("button", name="Legend").click()
    assert violations(view) == []

    view.press("Escape")
    view.click(view.edge("checkoutservice", "|", "paymentservice"))
    expect(view.page.locator(".panel")).to_be_visible()
    view.page.locator(".sides .figure").first.click()
    expect(view.page.locator(".origin pre").first).to_be_visible()
    view.press("t")
    assert violations(view) == []

    view.press("?")
    expect(view.page.get_by_role("dialog")).to_be_visible()
    assert violations(view) == []

    view.page.get_by_role("button", name="Run the diagnosis").click()
    expect(view.page.locator("[data-check]").first).to_be_visible(timeout=30_000)
    assert violations(view) == []


def violations(view: View) -> list[str]:
    """Return the broken rules, each with the elements that break it."""
    found: list[dict[str, Any]] = view.page.evaluate(
        "async (rules) => (await axe.run(document, rules)).violations", RULES
    )
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}" for rule in found]
