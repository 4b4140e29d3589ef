"""Every control, in both themes and both languages: opened, held against WCAG, and read.

What may be opened stands in a table, `surfaces.py`. The bare page is looked at as a whole; of
each surface only what it adds. A theme is changed while a surface is open, as it is by a system at
nightfall, and its colours are looked at again.
"""

from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.surfaces import PATIENCE_MS, SURFACES, WORD, untranslated
from tests.e2e.test_access import AXE, violations
from tests.e2e.view import View
from tests.served import Served

Theme = Literal["dark", "light"]
USUAL: Theme = "dark"
OTHER: Theme = "light"
# All that another theme can break.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# What of a node is called by those who run it.
NAMED = ("name", "namespace", "workload", "app", "service", "version", "cluster", "principals")

# What `istio_build` calls the parts of Istio; the page learns of them some time after the mesh.
COMPONENTS = ("proxy", "pilot", "ztunnel")


@pytest.fixture(scope="module")
def names(served: Served) -> frozenset[str]:
    """Return the words that are the mesh's own, not the page's."""
    graph: dict[str, Any] = served.graph("type=versioned_app")
    said = [[node[field] for field in NAMED] for node in graph["nodes"]]
    hosts = [edge["hosts"] for edge in graph["edges"]]
    return frozenset(WORD.findall(str([said, hosts, COMPONENTS])))


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_every_control_keeps_the_rules_and_is_translated(
    locale: str, open_view: OpenView, served: Served, names: frozenset[str]
) -> None:
    view = open_view(served, reduced_motion="reduce", color_scheme=USUAL, locale=locale).open()
    view.page.evaluate(AXE.read_text(encoding="utf-8"))
    known = names if locale == "ja-JP" else None
    found = looked_at(view, "body", known)

    for surface in SURFACES:
        surface.open(view)
        expect(view.page.locator(surface.root).first).to_be_visible(timeout=PATIENCE_MS)
        found += [f"{surface.name}: {wrong}" for wrong in looked_at(view, surface.root, known)]
        surface.leave(view)

    assert found == []


def looked_at(view: View, root: str, names: frozenset[str] | None) -> list[str]:
    """Return what is wrong with a part of the page: all of it, and its contrasts by day as well."""
    wrong = violations(view, root)
    wear(view, OTHER)
    wrong += [f"{OTHER}: {each}" for each in violations(view, root, CONTRAST)]
    wear(view, USUAL)
    return wrong if names is None else [*wrong, *untranslated(view, root, names)]


def wear(view: View, theme: Theme) -> None:
    """Change the system's theme, which the page follows."""
    view.page.emulate_media(color_scheme=theme)
    expect(view.page.locator("html")).to_have_attribute("data-theme", theme)
