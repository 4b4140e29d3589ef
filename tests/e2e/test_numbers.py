"""Whose numbers are shown, how each is known, and where the two sides differ."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View
from tests.served import Served
from tests.stack import PrometheusServer

PAYMENTS = ("checkoutservice", "|", "paymentservice")


def test_perspective_is_picked_and_kept_in_the_address(
    view: View, open_view: OpenView, served: Served
) -> None:
    view.click(view.edge(*PAYMENTS))
    reporter = view.page.locator(".reporter")
    expect(reporter).to_contain_text("only the client saw")

    view.page.get_by_role("button", name="View options").click()
    view.page.get_by_label("Client side").check()
    expect(reporter).to_have_text("Measured by: the client's proxy")
    assert "perspective=client" in view.page.url
    view.shoot("perspective")

    copy = open_view(served, reduced_motion="reduce").open(view.page.url.split("/")[-1])
    expect(copy.page.locator(".reporter")).to_have_text("Measured by: the client's proxy")
    expect(copy.page.get_by_role("button", name="View options")).to_contain_text("Client side")
    view.page.go_back()
    expect(reporter).to_contain_text("only the client saw")


def test_numbers_of_both_sides_are_those_of_the_api(view: View, served: Served) -> None:
    edge = view.edge(*PAYMENTS)
    view.click(edge)
    view.press("p")
    row = view.page.locator(".sides tr", has_text="Messages to the server")

    expect(row.locator("td")).to_have_text([re.compile(r"\d /s"), re.compile(r"\d /s")])
    gap = view.page.locator("[data-gap=unreached_rps] dd")
    expect(gap).to_contain_text(re.compile(r"^[\d.]+ rps"))
    expect(gap).to_contain_text("No server's proxy saw them")
    edges = {each["id"]: each for each in served.graph("type=versioned_app")["edges"]}
    assert edges[edge["id"]]["gap"]["unreached_rps"] > 0


def test_every_number_leads_to_a_query_that_prometheus_answers(
    view: View, prometheus: PrometheusServer
) -> None:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.click(view.edge(*PAYMENTS))
    number = view.page.locator('.tile [data-field="rps"]')

    number.focus()
    view.press("Enter")
    card = view.page.locator(".origin")
    expect(card).to_contain_text(re.compile(r"Series\s*\d"))
    expect(card).to_contain_text(re.compile(r"Age\s*\d+ s"))
    view.shoot("provenance")
    card.get_by_role("button", name="Copy").first.click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    promql = view.page.evaluate("navigator.clipboard.readText()")
    assert float(prometheus.query(promql)[0]["value"][1]) > 0  # type: ignore[index]

    number.focus()
    view.press("Escape")
    expect(card).to_have_count(0)
    expect(number).to_be_focused()
    expect(view.page.locator(".panel")).to_be_visible()


def test_numbers_of_a_node_lead_to_their_queries_too(view: View) -> None:
    view.click(view.node("productpage"))
    for field in ("in.rps", "out.error_ratio", "latency_ms.p95", "responses"):
        view.page.locator(f'.panel [data-field="{field}"]').first.click()
        expect(view.page.locator(".origin pre").last).to_contain_text("istio_")


def test_extras_are_asked_for_and_missing_ones_explained(view: View) -> None:
    view.page.get_by_role("button", name="View options").click()
    expect(view.page.get_by_label("Legs through waypoints")).to_be_disabled()
    expect(view.page.get_by_text("no waypoint and no ztunnel reports")).to_be_visible()

    view.page.get_by_label("Operations").check()

    expect(view.page.get_by_text("no request has the label request_operation")).to_be_visible()
    assert "operations=true" in view.page.url
    view.page.get_by_label("Operations").uncheck()
    assert "operations" not in view.page.url
