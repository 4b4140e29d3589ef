"""A graph that gets old is dimmed, says why and how old, and recovers without a reload."""

import contextlib

from playwright.sync_api import TimeoutError, expect

from graph.demo.prometheus import free_port
from tests.e2e.conftest import SETTINGS, OpenView
from tests.served import Served
from tests.stack import PrometheusServer

REST = {"reduced_motion": "reduce"}
PATIENCE_MS = 30_000


def test_lost_server_is_told_from_lost_prometheus_and_found_again(
    prometheus: PrometheusServer, open_view: OpenView
) -> None:
    port = str(free_port())
    settings = SETTINGS | {"port": port}
    with Served(prometheus.url, **settings) as served:
        view = open_view(served, **REST).open()
        view.page.evaluate("window.stillTheSamePage = true")
        first = view.ask("epoch")
    expect(view.page.locator(".banner[data-reason=offline]")).to_be_visible(timeout=PATIENCE_MS)
    expect(view.page.locator(".statusbar")).to_contain_text("Reconnecting")

    retry = view.page.get_by_role("button", name="Retry now")
    expect(retry).to_be_visible(timeout=PATIENCE_MS)

    with Served(prometheus.url, **settings):
        with contextlib.suppress(TimeoutError):  # the page itself may have been quicker
            retry.click(timeout=1000)
        expect(view.page.locator(".banner")).to_have_count(0, timeout=PATIENCE_MS)
        view.until(lambda: view.ask("epoch") != first, "the new server's frames")
        assert view.page.evaluate("window.stillTheSamePage") is True


def test_killed_prometheus_dims_the_graph_until_it_is_back(
    prometheus: PrometheusServer, served: Served, open_view: OpenView
) -> None:
    view = open_view(served, **REST).open()
    view.page.evaluate("window.stillTheSamePage = true")
    nodes = set(view.nodes())
    expect(view.page.locator(".banner")).to_have_count(0)

    prometheus.kill()
    banner = view.page.locator(".banner[data-reason=unreachable]")
    expect(banner).to_be_visible(timeout=PATIENCE_MS)
    expect(view.page.locator(".canvas-old")).to_be_visible()
    assert set(view.nodes()) == nodes
    said = banner.inner_text()
    view.until(lambda: banner.inner_text() != said, "an age that goes on")
    view.shoot("stale")

    prometheus.restart()
    expect(banner).to_have_count(0, timeout=PATIENCE_MS)
    # Numbers are too low until there are some scrapes, and as long the picture is not trusted.
    expect(view.page.locator(".banner")).to_have_count(0, timeout=PATIENCE_MS)
    expect(view.page.locator(".canvas-old")).to_have_count(0)
    assert view.page.evaluate("window.stillTheSamePage") is True
