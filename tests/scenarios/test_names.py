"""Names: the same ones again, odd ones, missing ones, far too many; and what is no application."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest

from graph.core.rules import MeshRules
from graph.core.wire import GraphType
from tests.scenarios.cases import case
from tests.scenarios.flows import flow, near, pairs_of
from tests.scenarios.recorded import Graph, Recorded
from tests.truth import compare

CYCLES = case("cycles", load=2)
# Rates alone: eight hundred callers' histograms would take longer than all other cases together.
HUB = case("hub", seconds=90, interval_s=15, drop="istio_re.*_(bucket|sum|count)")
TENANTS = case("tenants", seconds=110)
NAMES = case("names", load=2)
NASTIES = case("nasties", load=2)
NOISE = case("noise", load=2)
BUCKETS = case("buckets", load=2)
DROPPED = case("dropped-labels", load=2)


@pytest.mark.scene(CYCLES)
@pytest.mark.parametrize("graph_type", ["workload", "app", "service"])
def test_cycles_and_calls_to_oneself_are_true(scene: Recorded, graph_type: GraphType) -> None:
    compare.check_all(scene.view(graph_type), scene.truth(), graph_type)

    graph = Graph(scene.view(graph_type))
    assert ("self", "self", "http") in graph.edges
    assert {("user", "social-graph"), ("social-graph", "user")} <= pairs_of(graph.edges)


@pytest.mark.scene(HUB)
def test_eight_hundred_callers_are_all_drawn_and_add_up(scene: Recorded) -> None:
    view = scene.view()
    (vault,) = (node for node in view["nodes"] if node["name"] == "vault")

    assert len(view["edges"]) == 800
    assert len(view["nodes"]) == 801
    assert vault["in"]["rps"] == near(flow(scene.truth(), target="vault").rps, scrape_s=15)


@pytest.mark.scene(TENANTS)
def test_sixty_services_for_sixty_customers_can_be_one_node(scene: Recorded) -> None:
    apart = Graph(scene.view())
    family = "tenant-*"
    joined = Graph(scene.view(rules=MeshRules(groups=("tenants/tenant-*",))))

    assert len(apart.nodes) == 62
    assert pairs_of(joined.edges) == {("router", family), (family, "store")}
    asked = flow(scene.truth(), source="router")
    assert joined.edge("router", family)["rps"] == near(asked.rps)
    assert joined.edge("router", family)["error_ratio"] == pytest.approx(
        asked.error_ratio, rel=0.1, abs=0.01
    )


@pytest.mark.scene(NAMES)
def test_one_name_in_three_namespaces_is_three_nodes(scene: Recorded) -> None:
    compare.check_all(scene.view(), scene.truth(), "workload")

    shops = [node["namespace"] for node in scene.view("app")["nodes"] if node["name"] == "shop"]
    assert sorted(map(str, shops)) == ["blue", "green", "red"]


@pytest.mark.scene(NAMES)
def test_two_workloads_of_one_app_are_two_nodes_and_one_app(scene: Recorded) -> None:
    compare.check_all(scene.view("app"), scene.truth(), "app")

    workloads, apps = Graph(scene.view()), Graph(scene.view("app"))
    assert {("shop", "worker-fast"), ("shop", "worker-slow")} <= {
        (source, target) for source, target in _pairs_in(workloads, "blue")
    }
    assert _pairs_in(apps, "blue") == {("shop", "worker"), ("shop", "shop")}


def _pairs_in(graph: Graph, namespace: str) -> set[tuple[str, str]]:
    nodes = graph.nodes
    return {
        (nodes[edge["source"]]["name"], nodes[edge["target"]]["name"])
        for edge in graph.view["edges"]
        if nodes[edge["target"]]["namespace"] == namespace
    }


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in _numbers(part)]
    if isinstance(value, list):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, float) else []


@pytest.mark.scene(NASTIES)
def test_names_of_any_content_arrive_as_they_are(scene: Recorded) -> None:
    hosts = {line["service"] for line in scene.truth()["edges"] if line["source"]}
    view = json.loads(json.dumps(scene.view(), allow_nan=False))
    (way_out,) = (edge for edge in view["edges"] if edge["target"].startswith("p/"))

    assert len(way_out["hosts"]) == 9
    assert set(way_out["hosts"]) <= hosts
    for host in ('quo"te\\back\\slash', "new\nline.example.com", "<img src=x onerror=alert(1)>"):
        assert host in way_out["hosts"]
    assert max(map(len, way_out["hosts"])) == 300


@pytest.mark.scene(NASTIES)
@pytest.mark.parametrize("graph_type", ["workload", "app", "versioned_app", "service", "namespace"])
def test_no_id_is_forged_and_no_number_is_broken(scene: Recorded, graph_type: GraphType) -> None:
    view = scene.view(graph_type)

    for edge in view["edges"]:
        assert edge["id"].split("|") == [edge["source"], edge["target"], edge["protocol"]]
    assert all(math.isfinite(number) for number in _numbers([view["nodes"], view["edges"]]))


@pytest.mark.scene(NASTIES)
def test_dots_in_a_workload_s_name_and_digits_for_a_name_are_no_trouble(scene: Recorded) -> None:
    graph = Graph(scene.view())

    for target in ("payments.eu.v2", "1", "annotated"):
        assert graph.edge("web", target)["rps"] == near(
            flow(scene.truth(), source="web", target=target).rps
        )


@pytest.mark.scene(NASTIES)
def test_codes_that_are_no_codes_are_shown_and_are_no_errors(scene: Recorded) -> None:
    edge = Graph(scene.view()).edge("web", "payments.eu.v2")

    assert {row["code"] for row in edge["responses"]} == {"", "200", "2xx"}
    assert edge["error_ratio"] == 0


@pytest.mark.scene(NASTIES)
@pytest.mark.parametrize("graph_type", ["workload", "app"])
def test_a_workload_that_some_proxies_do_not_know_is_not_drawn_twice(
    scene: Recorded, graph_type: GraphType
) -> None:
    graph = Graph(scene.view(graph_type))

    assert [node["name"] for node in graph.view["nodes"]].count("shy") == 1
    for source, target in (("web", "shy"), ("kmesh", "shy"), ("shy", "bare")):
        true = flow(scene.truth(), source=source, target=target)
        assert graph.edge(source, target)["rps"] == near(true.rps)


@pytest.mark.scene(NOISE)
def test_probes_and_scrapes_are_one_plaintext_caller_and_take_no_part_in_calls(
    scene: Recorded,
) -> None:
    graph = Graph(scene.view())
    edge = graph.edge("front", "back")

    assert edge["rps"] == near(flow(scene.truth(), source="front", target="back").rps)
    assert graph.edge("unknown", "front")["mtls"] == {"state": "plaintext", "ratio": 0.0}
    assert pairs_of(graph.edges) == {
        ("front", "back"),
        ("unknown", "front"),
        ("unknown", "back"),
        ("front", "istiod"),
        ("back", "istiod"),
    }


@pytest.mark.scene(NOISE)
def test_what_agents_and_the_control_plane_say_of_themselves_is_no_traffic(
    scene: Recorded,
) -> None:
    names = {node["name"] for node in scene.view()["nodes"]}

    assert names == {"front", "back", "istiod", "unknown"}


@pytest.mark.scene(BUCKETS)
def test_histograms_of_different_bounds_make_one_that_rises(scene: Recorded) -> None:
    latency = Graph(scene.view("app")).edge("front", "back")["latency_ms"]
    quantiles = [latency[name] or 0.0 for name in ("p50", "p90", "p95", "p99")]
    times = [line["server_ms"] for line in flow(scene.truth(), source="front").lines]

    assert all(low <= high for low, high in pairwise(quantiles))
    p50 = [time["p50"] for time in times if time]
    p99 = [time["p99"] for time in times if time]
    # The coarsest of the three sets has only 20, 200 and 2000 ms up there.
    assert min(p50) / 2 <= quantiles[0] <= max(p50) * 2
    assert min(p99) / 2 <= quantiles[3] <= 2000


@pytest.mark.scene(BUCKETS)
def test_rates_and_means_do_not_depend_on_bounds(scene: Recorded) -> None:
    both = compare.pairs(scene.view(), scene.truth(), "workload")

    compare.check_rates(both, scene.truth(), 60)
    compare.check_means(both)


@pytest.mark.scene(DROPPED)
def test_any_set_of_labels_that_names_somebody_makes_an_edge(scene: Recorded) -> None:
    view = scene.view("app")
    namespaces = {node["id"]: node["namespace"] for node in view["nodes"]}
    drawn = {namespaces[edge["target"]]: edge for edge in view["edges"]}

    assert len(view["edges"]) == len(drawn) == 4
    for line in scene.truth()["edges"]:
        edge = drawn[line["source"]["namespace"]]
        assert edge["rps"] == near(line["requests"] / 60), edge["id"]
        assert edge["error_ratio"] == pytest.approx(line["error_ratio"], rel=0.1, abs=0.02)
    # Without the label nobody can say how secure it is.
    assert drawn["plain"]["mtls"] == {"state": "unknown", "ratio": None}
    assert drawn["vendor"]["mtls"] == {"state": "mtls", "ratio": 1.0}
