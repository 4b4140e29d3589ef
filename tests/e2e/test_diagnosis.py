"""The diagnosis: from the status bar, from an empty page, and as text for a bug report."""

from playwright.sync_api import expect

from tests.e2e.conftest import SETTINGS, OpenView
from tests.e2e.view import View
from tests.faultserver import FaultServer
from tests.served import Served

PATIENCE_MS = 30_000


def test_diagnosis_lists_its_checks_and_is_copied(view: View) -> None:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.page.get_by_role("button", name="Diagnosis").click()
    dialog = view.page.get_by_role("dialog", name="Diagnosis")
    lines = dialog.locator("[data-check]")

    expect(lines).to_have_count(11, timeout=PATIENCE_MS)
    expect(lines.first).to_contain_text("Reachability")
    expect(lines.first).to_contain_text("Good")
    view.shoot("diagnosis")
    dialog.get_by_role("button", name="Copy for a bug report").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    text = view.page.evaluate("navigator.clipboard.readText()")
    assert "[green] Reachability" in text
    assert "native" in text

    dialog.get_by_role("button", name="Run again").click()
    expect(lines.first).to_contain_text("Good", timeout=PATIENCE_MS)
    view.press("Escape")
    expect(dialog).to_have_count(0)


def test_empty_page_leads_to_what_is_wrong(open_view: OpenView) -> None:
    with FaultServer() as faulty:
        faulty.fault = "401"
        with Served(faulty.url, **SETTINGS) as served:
            view = open_view(served, reduced_motion="reduce")
            view.page.goto(served.url)
            card = view.page.locator(".card[data-reason=rejected]")
            expect(card).to_be_visible(timeout=PATIENCE_MS)

            card.get_by_role("button", name="Run the diagnosis").click()

            check = view.page.locator("[data-check=authentication]")
            expect(check).to_have_attribute("data-state", "red", timeout=PATIENCE_MS)
            expect(check).to_contain_text("Broken")
            expect(view.page.locator("[data-check=rules]")).to_contain_text("Skipped")
            view.shoot("diagnosis-red")


def test_page_says_which_istio_and_which_prometheus_it_found(view: View) -> None:
    button = view.page.locator(".about button").first
    expect(button).to_contain_text("native", timeout=PATIENCE_MS)

    button.click()

    box = view.page.locator(".about .popover-box")
    expect(box).to_contain_text("Proxies of Istio 1.17 and newer")
    expect(box).to_contain_text("Prometheus")
    view.press("Escape")
    expect(box).to_have_count(0)
