"""The page of people who see a part of the mesh, or may do a part of what there is."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.limited import ACCESS, OpenAs, opener, serving_by_proxy
from tests.e2e.saving import open_list, save
from tests.e2e.test_access import AXE, violations
from tests.e2e.test_keeping import saved
from tests.e2e.view import PATIENCE_S
from tests.served import Served
from tests.signin.people import KEY, RECORDING
from tests.stack import PrometheusServer

PATIENCE_MS = PATIENCE_S * 1000
CALLERS, CALLED = "z/callers", "z/callees"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("limited")


@pytest.fixture(scope="module")
def limiting(prometheus: PrometheusServer, folder: Path) -> Iterator[Served]:
    with serving_by_proxy(prometheus, folder) as server:
        yield server


@pytest.fixture
def open_as(open_view: OpenView, limiting: Served) -> OpenAs:
    return opener(open_view, limiting)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_page_of_who_sees_a_part_keeps_the_rules(theme: str, open_as: OpenAs) -> None:
    view = open_as("bea", color_scheme=theme).open()
    page = view.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    expect(page.locator(".statusbar")).to_contain_text("A part of the mesh")
    expect(page.get_by_role("button", name="Diagnosis")).to_have_count(0)
    page.get_by_role("button", name="Legend").click()
    expect(page.locator(".legend")).to_contain_text("Outside your namespaces")
    view.shoot(f"limited-{theme}")
    assert violations(view) == []

    page.get_by_role("button", name="Legend").click()
    view.click(view.node(CALLERS))
    panel = page.locator(".panel")
    expect(panel.locator("h2")).to_have_text("Outside: callers")
    expect(panel).to_contain_text("is not told")
    panel.locator("details.promql summary").click()
    expect(panel.locator(".untold")).to_be_visible(timeout=PATIENCE_MS)
    expect(panel.locator("pre")).to_have_count(0)
    page.get_by_role("button", name="Signed in as bea").click()
    expect(page.locator(".account")).to_contain_text("bookinfo")
    view.shoot(f"limited-panel-{theme}")
    assert violations(view) == []


def test_no_word_of_what_is_outside_is_on_the_page(open_as: OpenAs) -> None:
    view = open_as("bea").open()
    view.press("t")
    expect(view.page.locator(".tables tbody tr").first).to_be_visible()

    shown = view.page.content()

    assert "productpage" in shown
    assert "Outside: callers" in shown
    for word in ("istio-ingressgateway", "boutique", "checkoutservice", "smm-demo"):
        assert word not in shown
    view.page.locator("button:has-text('bookinfo'), .control:has-text('All namespaces')").click()
    listed = view.page.locator(".popover-box .check").all_inner_texts()
    assert [text.strip() for text in listed] == ["bookinfo"]


def test_outside_is_found_by_name_and_by_keys_and_speaks_the_language(open_as: OpenAs) -> None:
    view = open_as("bea", locale="ja-JP").open("?layout=layered")
    nodes = view.nodes()
    assert nodes[CALLERS]["x"] < view.node("bookinfo", "productpage")["x"]
    view.page.locator("#search").fill("範囲外")
    view.press("Enter")
    expect(view.page.locator(".panel h2")).to_have_text("範囲外の呼び出し元")

    # What was found has the focus of the picture: a key follows its call.
    view.press("ArrowRight")

    expect(view.page.locator(".panel h2")).to_contain_text("productpage")
    view.press("ArrowLeft")
    expect(view.page.locator(".panel h2")).to_have_text("範囲外の呼び出し元")
    view.page.locator(".language").click()
    expect(view.page.locator(".panel h2")).to_have_text("Outside: callers")
    assert "Outside: callers" in saved(view, "Drawing (SVG)").read_text(encoding="utf-8")


def test_called_stand_right_of_their_callers_and_files_have_them(open_as: OpenAs) -> None:
    view = open_as("gus").open("?layout=layered")
    gateway = view.node("istio-ingressgateway")
    assert view.node(CALLED)["x"] > gateway["x"]
    assert view.ask("sign('istio-system')") is not None
    assert view.ask("sign('')") is None

    data = json.loads(saved(view, "Data (JSON)").read_text(encoding="utf-8"))
    table = saved(view, "Edges as a table (CSV)").read_text(encoding="utf-8")

    assert [node["namespace"] for node in data["nodes"] if node["id"] == CALLED] == [None]
    rows = list(csv.DictReader(StringIO(table)))
    assert {row["target_name"] for row in rows} >= {"Outside: called"}


def test_page_of_those_outside_draws_what_crosses_the_border(open_as: OpenAs) -> None:
    view = open_as("bea").open()
    view.page.mouse.dblclick(view.node(CALLERS)["x"], view.node(CALLERS)["y"])
    page = view.page.locator(".page")
    expect(page.locator("h1")).to_have_text("Outside: callers")
    expect(page.locator(".side-source")).to_contain_text("Not told.")
    expect(page.locator(".chart-canvas").first).to_be_visible(timeout=PATIENCE_MS)

    page.locator("details.chart-more", has_text="PromQL").first.locator("summary").click()

    expect(page.locator(".untold").first).to_be_visible()
    view.shoot("limited-page")


@pytest.mark.parametrize(
    ("locale", "title"),
    [("en-US", "You may not see any namespace"), ("ja-JP", "表示できる名前空間がありません")],
)
def test_who_may_see_nothing_is_told_whom_to_ask(locale: str, title: str, open_as: OpenAs) -> None:
    view = open_as("nia", locale=locale)
    view.page.goto(view.url)

    card = view.page.locator(".card")
    expect(card.locator("h2")).to_have_text(title, timeout=PATIENCE_MS)
    expect(card).to_contain_text("MESHVIZ_ACCESS_FILE")
    expect(card.get_by_role("button")).to_have_count(0)
    view.shoot(f"limited-nothing-{locale}")


def test_views_are_saved_by_editors_opened_by_viewers_and_tidied_by_admins(
    open_as: OpenAs,
) -> None:
    amy = open_as("amy").open()
    gus = open_as("gus").open()
    open_list(gus)
    gus.page.get_by_label("Show it to everybody who signs in").check()
    save(gus, "Gates")
    bea = open_as("bea").open()
    bea.page.get_by_role("button", name="Saved views").click()
    expect(bea.page.locator(".saved-box")).to_contain_text("you need the role of an editor")
    expect(bea.page.locator(".saved-box form")).to_have_count(0)
    bea.shoot("limited-saved")
    open_list(amy)
    amy.page.get_by_role("button", name="Delete Gates").click()
    amy.shoot("limited-tidying")

    amy.page.get_by_role("button", name="Delete Gates").click()

    expect(amy.page.locator(".saved-said")).to_contain_text("Gates is deleted.")
    expect(amy.page.get_by_role("button", name="Undo")).to_have_count(0)
    amy.page.get_by_role("button", name="Signed in as amy").click()
    account = amy.page.locator(".account")
    expect(account).to_contain_text("Admin")
    expect(account).to_contain_text("You see every namespace.")
    # The proxy let her in.
    expect(account.get_by_role("button")).to_have_count(0)
    expect(amy.page.get_by_role("button", name="Diagnosis")).to_be_visible()


def test_page_follows_when_somebody_is_given_more(open_as: OpenAs, folder: Path) -> None:
    view = open_as("bea").open()
    assert not any("boutique" in name for name in view.nodes())
    access = folder / "access.yaml"
    try:
        access.write_text(ACCESS.replace("[bookinfo]", '["*"]'))

        view.until(lambda: any("boutique" in name for name in view.nodes()), "the rest")
        expect(view.page.locator(".statusbar")).not_to_contain_text("A part of the mesh")
    finally:
        access.write_text(ACCESS)
    view.until(lambda: CALLERS in view.nodes(), "the part again")
    expect(view.page.locator(".statusbar")).to_contain_text("A part of the mesh")


@pytest.mark.parametrize(
    ("locale", "theme", "word"),
    [
        ("en-US", "dark", "Sign in with single sign-on"),
        ("ja-JP", "light", "シングルサインオンでサインイン"),
    ],
)
def test_login_page_of_single_sign_on_is_a_button_and_says_where_it_leads(
    locale: str, theme: str, word: str, open_view: OpenView, provider: Served
) -> None:
    view = open_view(provider, locale=locale, color_scheme=theme)
    view.page.goto(f"{provider.url}/?type=app")
    button = view.page.get_by_role("link", name=word)
    expect(button).to_have_attribute("href", "/login/oidc?next=%2F%3Ftype%3Dapp")
    expect(view.page.locator("form, input")).to_have_count(0)
    box = button.bounding_box()
    assert box is not None
    assert (box["width"], box["height"] >= 36) == (294, True)
    view.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert violations(view) == []
    view.shoot(f"login-oidc-{locale}")


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose people sign in elsewhere; nobody follows the link to there."""
    settings = {
        "sign_in": "oidc",
        "oidc_issuer": "http://127.0.0.1:9/realms/main",
        "oidc_client_id": "meshviz",
        "secret_key": KEY,
        "database_url": f"sqlite:///{tmp_path_factory.mktemp('oidc')}/mesh.sqlite3",
    }
    with Served(RECORDING, **settings) as server:
        yield server
