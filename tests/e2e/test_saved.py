"""Saved views, in the browser and by somebody who is signed in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.saving import open_list, save, serving_people, sign_in
from tests.e2e.view import PATIENCE_S, View
from tests.served import Served
from tests.stack import PrometheusServer

# Whole pages are loaded anew.
PATIENCE_MS = PATIENCE_S * 1000


@pytest.fixture(scope="module")
def guarded(
    prometheus: PrometheusServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A second server, which asks for names."""
    with serving_people(prometheus, tmp_path_factory.mktemp("people"), "ada", "ben") as server:
        yield server


def test_view_is_saved_and_opened_after_a_reload(view: View) -> None:
    view.page.locator(".segment:has(input[value=service])").click()
    view.settle()
    saved = view.page.url
    open_list(view)
    save(view, "Services")
    view.page.goto(view.url)
    view.settle()

    open_list(view)
    view.page.get_by_role("link", name="Services").click()

    expect(view.page.locator("input[value=service]")).to_be_checked()
    assert view.page.url == saved
    steps = view.page.evaluate("history.length")
    view.page.go_back()
    expect(view.page.locator("input[value=versioned_app]")).to_be_checked()
    assert view.page.evaluate("history.length") == steps


def test_list_is_worked_by_keys_alone(view: View) -> None:
    page = view.page
    page.get_by_role("button", name="Saved views").focus()
    view.press("Enter")
    expect(page.get_by_label("Name of this view")).to_be_focused()
    page.keyboard.type("Wall")
    view.press("Enter")
    page.get_by_role("button", name="Rename Wall").press("Enter")
    expect(page.locator(".saved-row .field")).to_be_focused()
    page.keyboard.type("Floor")
    view.press("Enter")
    expect(page.get_by_role("button", name="Rename Floor")).to_be_focused()

    page.get_by_role("button", name="Delete Floor").press("Enter")
    expect(page.get_by_role("link", name="Floor")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    view.press("Enter")
    expect(page.get_by_role("link", name="Floor")).to_be_visible()
    expect(page.get_by_label("Name of this view")).to_be_focused()

    view.press("Escape")
    expect(page.locator(".popover-box")).to_have_count(0)
    expect(page.get_by_role("button", name="Saved views")).to_be_focused()


def test_link_of_a_view_opens_it_elsewhere(view: View, open_view: OpenView, served: Served) -> None:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.page.locator(".segment:has(input[value=app])").click()
    view.settle()
    open_list(view)
    save(view, "Apps")
    view.page.get_by_role("button", name="Copy the link to Apps").click()
    expect(view.page.get_by_role("button", name="Copied")).to_be_visible()
    link = view.page.evaluate("navigator.clipboard.readText()")

    elsewhere = open_view(served, reduced_motion="reduce").open(link.split("/")[-1])

    expect(elsewhere.page.locator("input[value=app]")).to_be_checked()


def test_saved_by_one_is_seen_from_another_browser_and_shared_with_others(
    open_view: OpenView, guarded: Served
) -> None:
    ada = sign_in(open_view(guarded, reduced_motion="reduce"), "ada", "?type=app")
    expect(ada.page.locator("input[value=app]")).to_be_checked()
    open_list(ada)
    save(ada, "Alone")
    ada.page.get_by_label("Show it to everybody who signs in").check()
    save(ada, "On call")
    ada.shoot("saved")

    again = sign_in(open_view(guarded, reduced_motion="reduce"), "ada")
    open_list(again)
    expect(again.page.locator(".saved-name")).to_have_text(["Alone", "On call"])
    ben = sign_in(open_view(guarded, reduced_motion="reduce", locale="ja-JP"), "ben")
    ben.page.get_by_role("button", name="保存したビュー").click()
    expect(ben.page.locator(".saved-row")).to_have_count(1)
    expect(ben.page.locator(".saved-row")).to_contain_text("ada さんが公開")
    ben.page.get_by_role("link", name="On call").click()

    expect(ben.page.locator("input[value=app]")).to_be_checked()


def test_signing_out_leads_every_tab_to_the_form_and_back(
    open_view: OpenView, guarded: Served
) -> None:
    view = sign_in(open_view(guarded, reduced_motion="reduce"), "ben", "?type=service")
    other = view.page.context.new_page()
    other.goto(f"{guarded.url}/?type=app")
    expect(other.locator(".link-open")).to_be_visible(timeout=PATIENCE_MS)

    view.page.get_by_role("button", name="Signed in as ben").click()
    view.page.get_by_role("button", name="Sign out").click()

    expect(view.page.locator("[name=password]")).to_be_visible(timeout=PATIENCE_MS)
    expect(other.locator("[name=password]")).to_be_visible(timeout=PATIENCE_MS)
    assert "next=%2F%3Ftype%3Dapp" in other.url
    view.page.go_back()
    expect(view.page.locator("[name=password]")).to_be_visible(timeout=PATIENCE_MS)


def test_login_page_keeps_to_the_policy_in_both_languages(
    open_view: OpenView, guarded: Served
) -> None:
    for language, theme, word in (("en-US", "dark", "Sign in"), ("ja-JP", "light", "サインイン")):
        view = open_view(guarded, locale=language, color_scheme=theme)
        view.page.goto(f"{guarded.url}/")
        expect(view.page.get_by_role("button", name=word)).to_be_visible()
        card = view.page.locator(".login-card").bounding_box()
        assert card is not None
        assert card["width"] == 360
        view.shoot(f"login-{language}")
