"""axe-core's rules for WCAG 2.1 A and AA hold where the mesh is too large or the server too busy.

Everything that can be opened is held against them in `test_every_control`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.scripted import ScriptedServer, mesh_of, team
from tests.e2e.view import View
from tests.served import Served

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_overviews_and_notices_keep_the_rules_too(
    theme: str, open_view: OpenView, served: Served
) -> None:
    view = open_view(served, reduced_motion="reduce", color_scheme=theme)
    server = ScriptedServer(view.page, mesh_of(12), most_nodes=50)
    server.source = {"cadence_s": 12.4, "slow_cadence_s": 60.0}
    view.open()
    view.page.evaluate(AXE.read_text(encoding="utf-8"))
    view.page.locator(".cadence button").click()
    assert violations(view) == []

    view.press("Escape")
    view.click(view.node(team(1)))
    opener = view.page.locator(".panel").get_by_role("button", name="Open ").first
    expect(opener).to_be_visible()
    view.press("t")
    assert violations(view) == []

    opener.click()
    expect(view.page.locator(".trail button")).to_be_visible()
    server.full = "views"
    view.page.locator(".segment:has(input[value=app])").click()
    expect(view.page.locator(".banner")).to_be_visible()
    assert violations(view) == []


def violations(view: View, root: str = "html", rules: Mapping[str, Any] = RULES) -> list[str]:
    """Return the broken rules, each with the elements that break it."""
    # Playwright's selectors know more than the page's own.
    found: list[dict[str, Any]] = view.page.locator(root).first.evaluate(
        "async (root, rules) => (await axe.run(root, rules)).violations", dict(rules)
    )
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}" for rule in found]
