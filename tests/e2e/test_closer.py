"""Looking closer: panels, pages of nodes and edges, charts, versions side by side."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View
from tests.served import Served

PAYMENTS = ("checkoutservice", "|", "paymentservice")
# A page of charts asks Prometheus more than a picture does.
PATIENCE_MS = 20_000
# What is not there yet is asked for again every quarter of a minute.
AGAIN_MS = 60_000


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


def open_page(view: View, spot: dict[str, object]) -> None:
    view.page.mouse.dblclick(spot["x"], spot["y"])  # type: ignore[arg-type]
    expect(view.page.locator(".page h1")).to_be_focused()


def inked(page: Page, chart: str) -> int:
    """Return how many pixels of a chart are drawn on."""
    script = """canvas => {
      const { width, height } = canvas;
      const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    }"""
    return int(page.locator(f'[data-chart="{chart}"] canvas').evaluate(script))


def test_panel_tells_the_last_minutes_from_prometheus(view: View, served: Served) -> None:
    view.click(view.node("checkoutservice"))

    spark = view.page.locator(".panel .spark")
    expect(spark.locator("svg[role=img]")).to_have_attribute(
        "aria-label", re.compile(r"Requests [\d.]+ rps, Errors [\d.]+ rps")
    )
    node = view.node("checkoutservice")["id"]
    asked = {"type": "versioned_app", "range": "10m", "fields": "rps", "node": node}
    known = served.get("/api/v1/history", params=asked).json()
    assert any(line["way"] == "in" and any(line["values"]) for line in known["series"])
    view.shoot("closer-node-panel")


def test_distribution_is_asked_for_when_it_is_opened(view: View) -> None:
    asked: list[str] = []
    view.page.on("request", lambda request: asked.append(request.url))
    view.click(view.edge("productpage", "details"))
    panel = view.page.locator(".panel")
    expect(panel.locator(".spark")).to_be_visible()
    assert not any("distribution" in url for url in asked)

    panel.get_by_text("Distribution of response times").click()

    expect(panel.locator(".distribution tbody tr").first).to_contain_text(re.compile(r"≤ .*%"))
    view.page.reload()
    expect(panel.locator(".distribution")).to_be_visible()
    view.shoot("closer-edge-panel")


def test_plain_text_is_explained(view: View) -> None:
    view.click(view.edge("u/", "details"))

    reasons = view.page.locator(".panel .reasons")
    expect(reasons).to_contain_text("The caller shows no identity")
    expect(view.page.locator(".panel")).to_contain_text("PeerAuthentication is PERMISSIVE")


def test_namespace_is_reached_from_a_node_and_kept_in_the_address(
    view: View, open_view: OpenView, served: Served
) -> None:
    view.click(view.node("productpage"))
    view.page.locator(".panel .facts").get_by_role("button", name="bookinfo").click()

    panel = view.page.locator(".panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("bookinfo")
    expect(panel.locator('[data-protocol="http"] tbody th')).to_have_text(["Inbound", "Inside"])
    expect(panel.locator(".node-list li")).to_have_count(
        sum("/bookinfo/" in name for name in view.nodes())
    )
    view.shoot("closer-namespace-panel")

    copy = open_view(served, reduced_motion="reduce").open(view.page.url.split("/")[-1])
    expect(copy.page.locator(".panel h2")).to_have_text("bookinfo")


def test_overview_adds_up_what_the_status_bar_says(view: View) -> None:
    view.page.locator(".overview-toggle").click()
    body = view.page.locator(".overview-body")

    for protocol in ("http", "grpc", "tcp"):
        expect(body.locator(f'[data-protocol="{protocol}"]')).to_contain_text("Total")
    expect(body.locator("[data-section=busiest-nodes] li")).to_have_count(5)
    expect(body.locator("[data-section=security]")).to_contain_text("Mutual TLS")
    view.shoot("closer-overview")


def test_page_of_a_node_draws_charts_of_prometheus(view: View) -> None:
    open_page(view, view.node("checkoutservice"))
    page = view.page

    expect(page.locator(".page h1")).to_have_text("checkoutservice v1")
    expect(page.locator(".neighbours button", has_text="frontend")).to_contain_text("rps")
    for chart in ("Requests", "Errors by code, outbound", "Latency, inbound", "Bytes"):
        expect(page.locator(f'[data-chart="{chart}"] canvas')).to_be_visible()
        view.until(lambda chart=chart: inked(page, chart) > 500, f"lines in {chart}")  # type: ignore[misc]
    legend = page.locator('[data-chart="Latency, inbound"] .chart-legend')
    expect(legend).to_contain_text(re.compile(r"Average[\d.]+ ms.*p50[\d.]+ ms.*p99[\d.]+ m?s"))
    view.shoot("closer-page")

    page.locator(".neighbours button", has_text="frontend").click()
    expect(page.locator(".page h1")).to_have_text("frontend v1")
    page.go_back()
    expect(page.locator(".page h1")).to_have_text("checkoutservice v1")
    view.press("Escape")
    expect(page.locator(".page")).to_have_count(0)
    expect(page.locator(".panel h2")).to_have_text("checkoutservice v1")
    assert page.evaluate("document.activeElement.classList.contains('canvas')")


def test_crosshair_goes_through_all_charts_and_a_drag_looks_closer(view: View) -> None:
    open_page(view, view.node("productpage"))
    page = view.page
    page.locator(".page").get_by_label("Time range").select_option("5m")
    chart = page.locator('[data-chart="Requests"] .u-over')
    box = chart.bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + 40)
    others = page.locator(".page-charts .u-cursor-x:not(.u-off)")
    expect(others).to_have_count(page.locator(".page-charts .u-over").count())

    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 80, box["y"] + 40, steps=5)
    page.mouse.up()
    with page.expect_response(re.compile(r"history.*end=\d+")):
        expect(page.get_by_role("button", name="Back to now")).to_be_visible()
    page.get_by_role("button", name="Back to now").click()
    expect(page.get_by_role("button", name="Back to now")).to_have_count(0)


def test_page_of_an_edge_by_keys_and_address(
    view: View, open_view: OpenView, served: Served
) -> None:
    view.click(view.edge(*PAYMENTS))
    view.page.locator(".canvas").focus()
    view.press("Enter")

    expect(view.page.locator(".page h1")).to_contain_text("checkoutservice v1")
    errors = view.page.locator('[data-chart="Errors by code"] .chart-legend')
    expect(errors).to_contain_text(re.compile(r"\d+ ?[\d.]* rps"))

    copy = open_view(served, reduced_motion="reduce").open(view.page.url.split("/")[-1])
    expect(copy.page.locator(".page h1")).to_contain_text("checkoutservice v1")


def test_versions_are_compared_side_by_side(view: View) -> None:
    open_page(view, view.node("reviews", "v1"))
    page = view.page
    # Under the pointer charts come up, and tell of another moment than the newest.
    page.mouse.move(0, 0)
    page.get_by_label("Compare with").select_option("v3")

    rows = page.locator(".differences tbody tr")
    # A Prometheus that has just begun knows no moment of both yet; charts are asked for again.
    requests = rows.filter(has_text="Requests")
    expect(requests).to_contain_text(re.compile(r"rps.*rps.*[+−±].*rps"), timeout=AGAIN_MS)
    expect(rows.filter(has_text="p95")).to_contain_text("ms", timeout=AGAIN_MS)
    view.until(lambda: inked(page, "Compare versions: p95") > 500, "two lines of p95")
    assert "compare=v1&compare=v3" in page.url
    page.locator(".page-compare").scroll_into_view_if_needed()
    view.shoot("closer-compare")


def test_one_node_for_all_versions_is_compared_too(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce").open("?type=app")
    open_page(view, view.node("reviews"))
    view.page.mouse.move(0, 0)
    view.page.get_by_label("Compare with").select_option("v2")

    expect(view.page.locator(".differences tbody tr").first).to_contain_text(
        re.compile(r"rps.*rps.*rps"), timeout=AGAIN_MS
    )


def test_page_speaks_japanese_and_fits_a_small_screen(open_view: OpenView, served: Served) -> None:
    view = open_view(
        served,
        locale="ja-JP",
        color_scheme="light",
        reduced_motion="reduce",
        viewport={"width": 420, "height": 800},
    ).open()
    node = view.node("productpage")["id"]
    view.page.goto(f"{view.url}/?open={node}")

    expect(view.page.get_by_role("button", name="グラフに戻る")).to_be_visible()
    expect(view.page.locator(".chart canvas").first).to_be_visible()
    wide = view.page.locator(".page").evaluate("e => e.scrollWidth > e.clientWidth")
    assert not wide
    view.shoot("closer-page-ja")
