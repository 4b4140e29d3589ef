"""Toolbar, panel, keys and address."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View, is_near
from tests.served import Served
from tests.stack import PrometheusServer


def test_click_on_a_node_opens_its_panel(view: View) -> None:
    view.click(view.node("productpage"))

    panel = view.page.locator(".panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("productpage v1")
    expect(panel).to_contain_text("Called by")
    expect(panel.locator(".latency")).to_contain_text("ms")
    expect(panel.locator(".responses tbody tr").first).to_contain_text("200")
    expect(panel.locator(".edge-list").last).to_contain_text("details")
    assert "node=" in view.page.url
    expect(view.page.locator("[data-announcer]")).to_contain_text("productpage")
    view.shoot("node-panel")

    view.press("Escape")
    expect(panel).to_have_count(0)


def test_double_click_opens_a_page_where_the_panel_would_be_too(view: View) -> None:
    spot = max(view.nodes().values(), key=lambda each: float(each["x"]))
    steps = view.page.evaluate("history.length")

    view.page.mouse.dblclick(spot["x"], spot["y"])

    expect(view.page.locator(".page h1")).to_be_focused()
    expect(view.page.locator(".panel")).to_be_hidden()
    assert view.page.evaluate("history.length") == steps + 2
    view.page.go_back()
    expect(view.page.locator(".page")).to_have_count(0)
    expect(view.page.locator(".panel")).to_be_visible()


def test_attention_names_both_ends_and_closes_with_escape(view: View) -> None:
    view.page.locator(".overview-toggle").click()
    body = view.page.locator(".overview-body")
    row = body.locator("li", has_text="paymentservice v1").first
    expect(row).to_contain_text("checkoutservice v1")
    expect(body).to_contain_text("Slowest")
    view.shoot("attention")

    view.press("Escape")

    expect(body).to_have_count(0)


def test_show_all_keeps_the_focus_for_the_escape_that_follows(view: View) -> None:
    picker = view.page.get_by_role("button", name=re.compile("^Namespaces"))
    picker.click()
    view.page.get_by_label("bookinfo", exact=True).check()
    view.settle()
    view.page.get_by_role("button", name="Show all").press("Enter")
    assert "namespace" not in view.page.url

    view.press("Escape")

    expect(view.page.locator(".popover-box")).to_have_count(0)
    expect(picker).to_be_focused()


@pytest.mark.parametrize("language", ["en-US", "ja-JP"])
def test_page_never_scrolls_sideways(language: str, open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce", locale=language).open()

    for width in (1000, 1200, 1300, 1440, 1600):
        view.page.set_viewport_size({"width": width, "height": 900})
        widest = "Math.max(...[...document.querySelectorAll('html, header, footer')]"
        assert view.page.evaluate(f"{widest}.map((e) => e.scrollWidth))") <= width


def test_refused_address_gives_way_to_the_usual_view(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce").open(f"?namespace={'n' * 301}")

    view.wait_for_text(".banner", "This is the usual one")
    view.until(lambda: len(view.nodes()) > 5, "the whole graph")


def test_click_on_an_edge_shows_latency_codes_and_security(view: View) -> None:
    view.click(view.edge("checkoutservice", "|", "paymentservice"))

    panel = view.page.locator(".panel")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("checkoutservice")
    expect(panel.locator("table").first).to_contain_text("p99")
    expect(panel.locator(".responses tr.bad").first).to_be_visible()
    expect(panel.locator(".mtls")).to_have_text(re.compile("Mutual TLS"))
    expect(panel.locator(".principals").first).to_contain_text("spiffe://")
    view.shoot("failing-edge")


def test_promql_behind_a_number_answers_in_prometheus(
    view: View, prometheus: PrometheusServer
) -> None:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.click(view.edge("productpage", "details"))
    view.page.get_by_text("PromQL behind each number").click()
    row = (
        view.page.locator(".queries li").filter(has=view.page.get_by_text("rps", exact=True)).first
    )
    row.get_by_role("button", name="Copy").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()

    promql = view.page.evaluate("navigator.clipboard.readText()")

    assert "istio_requests_total" in promql
    result = prometheus.query(promql)
    assert float(result[0]["value"][1]) > 0  # type: ignore[index]
    expect(row.get_by_role("link")).to_have_attribute("href", re.compile("^http://127"))


@pytest.mark.parametrize("graph_type", ["workload", "app", "service", "namespace"])
def test_graph_type_is_picked(view: View, served: Served, graph_type: str) -> None:
    view.page.locator(f".segment:has(input[value={graph_type}])").click()

    wanted = {node["id"] for node in served.graph(f"type={graph_type}")["nodes"]}
    view.until(lambda: set(view.nodes()) == wanted, f"the {graph_type} graph")
    assert f"type={graph_type}" in view.page.url


def test_window_is_picked_on_the_same_socket(view: View) -> None:
    view.page.get_by_role("combobox", name="Window").select_option("1m")

    view.settle()
    view.until(lambda: view.ask("seq") is not None and "window=1m" in view.page.url, "the window")
    expect(view.page.locator(".link-open")).to_be_visible()
    view.page.go_back()
    expect(view.page.get_by_role("combobox", name="Window")).to_have_value("15s")


def test_namespaces_are_picked_and_unpicked(view: View, served: Served) -> None:
    view.page.get_by_role("button", name="Namespaces").click()
    view.page.get_by_role("checkbox", name="bookinfo").check()
    wanted = {node["id"] for node in served.graph("type=versioned_app&namespace=bookinfo")["nodes"]}
    view.until(lambda: set(view.nodes()) == wanted, "bookinfo alone")
    assert "namespace=bookinfo" in view.page.url

    view.page.get_by_role("button", name="Show all").click()

    view.until(lambda: len(view.nodes()) > len(wanted), "all namespaces")


def test_search_finds_and_brings_into_sight(view: View) -> None:
    before = view.ask("zoom")
    view.press("/")
    view.page.keyboard.type("reviews")
    expect(view.page.locator(".search-count")).to_have_text("3 found")
    view.press("Enter")

    view.until(lambda: view.ask("zoom") > before, "a closer look")
    view.settle().shoot("search")


def test_fit_brings_everything_back(view: View) -> None:
    fitted = view.nodes()
    for _ in range(3):
        view.page.get_by_role("button", name="Zoom in").click()
        view.settle()
    assert not all(is_near(view.nodes()[name], spot) for name, spot in fitted.items())

    view.page.get_by_role("button", name="Fit the graph").click()

    view.until(
        lambda: all(abs(view.nodes()[n]["x"] - spot["x"]) < 2 for n, spot in fitted.items()),
        "the whole graph again",
    )


def test_pause_freezes_the_numbers_until_resumed(view: View) -> None:
    view.page.get_by_role("button", name="Pause").click()
    frozen = view.ask("seq")
    view.wait_for_text(".banner-calm", "Paused")
    ageing = view.text(".data-age")
    view.until(lambda: view.text(".data-age") != ageing, "an age that goes on")
    assert view.ask("seq") == frozen

    view.page.locator(".toolbar").get_by_role("button", name="Resume").click()

    view.until(lambda: view.ask("seq") > frozen, "new numbers")
    expect(view.page.locator(".banner-calm")).to_have_count(0)


def test_theme_is_remembered(view: View) -> None:
    root = view.page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    dark = view.picture()
    view.page.get_by_role("button", name="Theme").click()
    view.page.get_by_role("button", name="Theme").click()
    expect(root).to_have_attribute("data-theme", "light")
    view.until(lambda: view.picture() != dark, "a light picture")
    view.settle().shoot("light")

    view.page.reload()

    expect(root).to_have_attribute("data-theme", "light")


def test_theme_follows_the_system_by_default(open_view: OpenView, served: Served) -> None:
    view = open_view(served, color_scheme="light", reduced_motion="reduce").open()

    expect(view.page.locator("html")).to_have_attribute("data-theme", "light")


def test_language_is_changed_and_remembered(view: View) -> None:
    view.page.get_by_role("button", name=re.compile("^Language:")).click()
    expect(view.page.get_by_text("すべての名前空間")).to_be_visible()

    view.page.reload()

    expect(view.page.locator("html")).to_have_attribute("lang", "ja")
    view.settle().shoot("japanese")


def test_address_carries_the_page_and_back_works(
    view: View, open_view: OpenView, served: Served
) -> None:
    view.page.locator(".segment:has(input[value=service])").click()
    view.until(
        lambda: sum("reviews" in name for name in view.nodes()) == 1,
        "one service of three versions",
    )
    view.settle().click(view.node("reviews"))
    expect(view.page.locator(".panel h2")).to_have_text("reviews")

    copy = open_view(served, reduced_motion="reduce").open(view.page.url.split("/")[-1])
    expect(copy.page.locator(".panel h2")).to_have_text("reviews")

    view.page.go_back()
    expect(view.page.locator(".panel")).to_have_count(0)
    view.page.go_back()
    expect(view.page.locator("input[value=versioned_app]")).to_be_checked()


def test_everything_can_be_done_with_keys(view: View) -> None:
    view.page.locator(".canvas").focus()
    view.press("ArrowRight")
    view.press("ArrowRight")
    expect(view.page.locator("[data-announcer]")).to_contain_text("selected")
    view.press("i")
    in_panel = "document.activeElement.closest('.panel') !== null"
    view.until(lambda: bool(view.page.evaluate(in_panel)), "the focus in the panel")

    view.press("Escape")
    assert view.page.evaluate("document.activeElement.classList.contains('canvas')")
    view.press("?")
    expect(view.page.get_by_role("dialog")).to_be_visible()
    view.press("Escape")
    expect(view.page.get_by_role("dialog")).to_have_count(0)
    view.press("t")
    expect(view.page.get_by_role("table")).to_have_count(2)
    view.shoot("table")
    mtls = view.page.get_by_role("columnheader", name="mTLS").last.bounding_box()
    assert mtls is not None
    assert mtls["x"] + mtls["width"] <= 1440


def test_table_says_what_the_canvas_shows(view: View) -> None:
    names = view.page.locator(".tables table").first.locator("tbody th")

    expect(names).to_have_count(len(view.nodes()))
    assert any(name.strip() == "reviews v2" for name in names.all_inner_texts())


def test_every_control_has_a_name(view: View) -> None:
    view.click(view.edge("productpage", "details"))
    unnamed = view.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a")]
          .filter((e) => ![e.ariaLabel, e.textContent, e.labels?.[0]?.textContent]
            .some((name) => name?.trim()))
          .map((e) => e.outerHTML)"""
    )

    assert unnamed == []
