"""A made-up mesh that is too large for one picture, from the simulator to the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.served import Served
from tests.stack import PrometheusServer, Simulator, wait_until

REST = {"reduced_motion": "reduce"}
LIMIT = 60
INSIDE = "type=versioned_app&namespace=bookinfo"
SETTINGS = {
    "interval": "1s",
    "windows": "15s,1m",
    "window": "15s",
    "query_budget": "1",
    "max_nodes": str(LIMIT),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a mesh of more than 100 workloads, of which one picture may hold 60."""
    folder = tmp_path_factory.mktemp("large")
    with (
        Simulator(services=100) as mesh,
        PrometheusServer(mesh, folder, scrape_interval_s=2.0) as prometheus,
    ):
        prometheus.wait_for_samples(6)
        with Served(prometheus.url, **SETTINGS) as server:
            wait_until(lambda: bool(server.graph()["overview"]), what="an overview")
            yield server


def test_namespaces_lead_into_a_large_mesh(open_view: OpenView, served: Served) -> None:
    view = open_view(served, **REST).open()

    hint = view.page.locator(".trail")
    expect(hint).to_contain_text(f"at most {LIMIT} nodes")
    namespaces = set(view.nodes())
    assert 3 <= len(namespaces) <= LIMIT
    view.shoot("large-mesh")

    bookinfo = next(node for node in namespaces if node.endswith("bookinfo"))
    spot = view.node(bookinfo)
    view.page.mouse.dblclick(spot["x"], spot["y"])

    view.until(lambda: any("productpage" in node for node in view.nodes()), "what is inside")
    expect(hint).to_contain_text("bookinfo")
    scoped = served.graph(INSIDE)
    assert scoped["overview"] is None
    view.until(
        lambda: set(view.nodes()) == {n["id"] for n in served.graph(INSIDE)["nodes"]},
        "the nodes that REST names too",
    )

    view.page.go_back()
    view.until(lambda: len(set(view.nodes()) & namespaces) > len(namespaces) / 2, "the way back")


def test_rest_bounds_what_it_answers_and_says_so(served: Served) -> None:
    whole, asked = served.graph(), served.graph("type=namespace")

    assert whole["graph_type"] == "namespace"
    assert whole["overview"]["nodes"] > whole["overview"]["most_nodes"] == LIMIT
    assert {node["id"] for node in whole["nodes"]} == {node["id"] for node in asked["nodes"]}
    assert asked["overview"] is None
