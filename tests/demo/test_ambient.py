"""Ztunnels and waypoints: who tells what of a request that passes them."""

import re

import pytest

from graph.demo.exposition import OPENMETRICS_TYPE
from tests.demo.scenes import (
    CLOSED,
    OPENED,
    REQUESTS,
    SENT,
    by,
    exposed,
    pick,
    simulated,
    total,
    values,
)

ZTUNNEL = (
    *("reporter", "source_workload", "source_canonical_service", "source_canonical_revision"),
    *("source_workload_namespace", "source_principal", "source_app", "source_version"),
    *("source_cluster", "destination_service", "destination_service_namespace"),
    *("destination_service_name", "destination_workload", "destination_canonical_service"),
    *("destination_canonical_revision", "destination_workload_namespace"),
    *("destination_principal", "destination_app", "destination_version", "destination_cluster"),
    *("request_protocol", "response_flags", "connection_security_policy"),
)


def _ztunnel_page(node: str) -> str:
    simulator = simulated("ambient")
    for slot in simulator.pods.reporting():
        labels = simulator.pods.scrape_labels(slot, simulator.pods.serving[slot])
        if labels.get("app") == "ztunnel" and labels["node"] == node:
            assert simulator.exposition.content_type([slot]) == OPENMETRICS_TYPE
            return simulator.exposition.page([slot]).decode()
    raise AssertionError(f"no ztunnel on {node}")


def test_ambient_pods_have_no_page_and_every_node_has_a_ztunnel() -> None:
    simulator = simulated("ambient")
    slots = simulator.pods.reporting()
    nodes = [
        simulator.pods.scrape_labels(slot, simulator.pods.serving[slot])["node"] for slot in slots
    ]

    assert {simulator.pods.workload(slot).name for slot in slots} == {"ztunnel"}
    assert sorted(nodes) == ["node-a", "node-b", "node-c"]


def test_a_ztunnel_answers_in_openmetrics() -> None:
    page = _ztunnel_page("node-a")
    families = re.findall(r"^# TYPE (\S+) counter$", page, re.MULTILINE)
    samples = set(re.findall(r"^(istio_tcp\w+)\{", page, re.MULTILINE))

    assert page.endswith("\n# EOF\n")
    assert page.count("# EOF") == 1
    assert samples == {f"{family}_total" for family in families}
    assert all(f"# HELP {family} " in page for family in families)
    assert 'istio_build{component="ztunnel"' in page


def test_labels_of_connections_in_their_order() -> None:
    assert {row.names for row in exposed("ambient") if row.metric == OPENED} == {ZTUNNEL}


def test_ztunnels_know_connections_only() -> None:
    told = {row.metric for row in exposed("ambient")}

    assert told == {
        "istio_build",
        *(OPENED, CLOSED, SENT, "istio_tcp_received_bytes_total"),
    }


def test_both_ztunnels_tell_the_same_of_an_edge() -> None:
    sums = by(
        pick(exposed("ambient"), SENT, source_workload="front", destination_workload="cart"),
        "reporter",
    )

    assert sums["source",] == sums["destination",] > 0


def test_a_client_outside_the_mesh_is_seen_by_the_servers_side_alone() -> None:
    told = pick(exposed("ambient"), OPENED, source_workload="batch")

    assert values(told, "reporter") == {"destination"}
    assert values(told, "source_principal") == {"unknown"}
    # Plaintext or not: a ztunnel does not say "none".
    assert values(told, "connection_security_policy") == {"unknown"}


def test_ztunnels_never_say_none() -> None:
    said = {
        policy
        for scene in ("ambient", "ambient-waypoint")
        for policy in values(pick(exposed(scene), OPENED), "connection_security_policy")
    }

    assert said == {"mutual_tls", "unknown"}


def test_app_and_version_are_the_canonical_ones() -> None:
    for row in pick(exposed("ambient"), OPENED, destination_workload="postgres"):
        assert row["destination_app"] == row["destination_canonical_service"] == "postgres"
        assert row["destination_version"] == row["destination_canonical_revision"] == "latest"


def test_nobody_knows_yet_how_an_opened_connection_ends() -> None:
    rows = exposed("ambient")

    assert values(pick(rows, OPENED), "response_flags") == {"-"}
    assert values(pick(rows, CLOSED), "response_flags") == {"-", "DENY", "CONNECT"}


def test_a_refused_connection_is_told_by_both_and_a_failed_one_by_its_caller() -> None:
    closed = pick(exposed("ambient"), CLOSED, source_workload="cart")

    assert values([r for r in closed if r["response_flags"] == "DENY"], "reporter") == {
        "source",
        "destination",
    }
    assert values([r for r in closed if r["response_flags"] == "CONNECT"], "reporter") == {"source"}
    assert not pick(exposed("ambient"), SENT, response_flags="DENY")


def test_one_request_is_told_by_its_waypoint_and_two_ztunnels() -> None:
    rows = exposed("ambient-waypoint")
    cart = [row for row in rows if row.labels.get("destination_service_name") == "cart"]
    legs = set(by(pick(cart, SENT), "reporter", "source_workload", "destination_workload"))

    assert legs == {("source", "front", "waypoint"), ("destination", "waypoint", "cart")}
    assert set(by(pick(cart, REQUESTS), "reporter", "source_workload", "destination_workload")) == {
        ("waypoint", "front", "cart")
    }


def test_a_waypoint_tells_as_servers_do() -> None:
    told = pick(exposed("ambient-waypoint"), REQUESTS)

    assert values(told, "reporter") == {"waypoint"}
    assert values(told, "connection_security_policy") == {"mutual_tls"}


def test_a_waypoint_that_found_no_server_defaults_nothing() -> None:
    lost = pick(exposed("ambient-waypoint"), REQUESTS, response_flags="UH")

    assert values(lost, "destination_workload") == {"unknown"}
    assert values(lost, "destination_canonical_revision") == {"unknown"}


def test_a_waypoint_counts_each_request_once() -> None:
    simulator = simulated("ambient-waypoint")
    edges = simulator.truth.between(simulator.at - 120, simulator.at)["edges"]
    passing = [e for e in edges if e["waypoint"] == "ambient/waypoint"]
    asked = sum(e["client_requests"] for e in passing)

    assert total(exposed("ambient-waypoint"), REQUESTS) == asked > 0
    # Repeated by the waypoint itself.
    assert sum(e["requests"] for e in passing) > asked


@pytest.mark.parametrize(
    ("scene", "told"), [("ambient-waypoint", True), ("ambient-unlabelled", False)]
)
def test_scrape_labels_tell_a_waypoint_where_pod_labels_are_kept(scene: str, told: bool) -> None:
    simulator = simulated(scene)
    labels = [
        simulator.pods.scrape_labels(slot, simulator.pods.serving[slot])
        for slot in simulator.pods.reporting()
        if simulator.pods.workload(slot).mode == "waypoint"
    ]

    assert labels
    for each in labels:
        assert (each.get("gateway_istio_io_managed") == "istio.io-mesh-controller") is told
        assert (each.get("gateway_networking_k8s_io_gateway_name") == "waypoint") is told
        assert (each.get("service_istio_io_canonical_name") == "waypoint") is told
        assert each["namespace"] == "ambient"


def test_gateways_and_sidecars_pass_waypoints_by() -> None:
    rows = exposed("ambient-mixed")
    shop = [row for row in rows if row.labels.get("destination_service_name") == "shop"]

    assert set(by(pick(shop, REQUESTS), "reporter", "source_workload")) == {
        ("source", "gateway"),
        ("source", "old"),
        ("waypoint", "new"),
    }
    assert set(by(pick(shop, OPENED, reporter="destination"), "source_workload")) == {
        ("gateway",),
        ("old",),
        ("waypoint",),
    }


def test_a_service_can_ask_gateways_to_pass_its_waypoint() -> None:
    rows = exposed("ambient-mixed")
    stock = [row for row in rows if row.labels.get("destination_service_name") == "stock"]

    assert set(
        by(pick(stock, REQUESTS), "reporter", "source_workload", "destination_workload")
    ) == {("source", "gateway", "waypoint"), ("waypoint", "gateway", "stock")}


def test_from_ambient_to_a_sidecar_only_one_side_knows_requests() -> None:
    rows = pick(exposed("ambient-mixed"), REQUESTS, destination_workload="store")
    connections = pick(exposed("ambient-mixed"), OPENED, destination_workload="store")

    assert values(rows, "reporter") == {"destination"}
    assert values(rows, "connection_security_policy") == {"mutual_tls"}
    assert values(connections, "reporter") == {"source"}


def test_sidecars_learn_neither_app_nor_version_of_ambient_pods() -> None:
    told = pick(exposed("ambient-mixed"), REQUESTS, source_workload="old")

    assert values(told, "destination_app") == values(told, "destination_version") == {"unknown"}
    assert values(told, "destination_canonical_service") == {"shop"}
