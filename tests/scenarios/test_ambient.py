"""Ambient meshes: ztunnels that know connections, waypoints that know requests."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.flows import bytes_near, flow, near
from tests.scenarios.recorded import Graph, Recorded

ZTUNNELS = case("ambient", load=2)
WAYPOINT = case("ambient-waypoint", load=2)
UNLABELLED = case("ambient-unlabelled", load=2)
MIXED = case("ambient-mixed", load=2)

either = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.scene(name)) for name in (WAYPOINT, UNLABELLED)]
)


@pytest.mark.scene(ZTUNNELS)
def test_without_waypoints_everything_is_tcp_and_counted_once(scene: Recorded) -> None:
    graph = Graph(scene.view())

    assert set(graph.edges) == {
        ("front", "cart", "tcp"),
        ("front", "orders", "tcp"),
        ("orders", "postgres", "tcp"),
        ("cart", "postgres", "tcp"),
        ("batch", "cart", "tcp"),
    }
    for source, target in (("front", "cart"), ("front", "orders"), ("orders", "postgres")):
        true = flow(scene.truth(), source=source, target=target)
        edge = graph.edge(source, target, "tcp")
        assert edge["sent_bps"] == bytes_near(true.sent_bps)
        assert edge["received_bps"] == bytes_near(true.received_bps)
        assert edge["connections_per_s"] == near(true.connections_per_s)
        assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}


@pytest.mark.scene(ZTUNNELS)
def test_plaintext_through_a_ztunnel_is_unknown_and_never_called_secure(scene: Recorded) -> None:
    edge = Graph(scene.view()).edge("batch", "cart", "tcp")

    assert edge["mtls"] == {"state": "unknown", "ratio": None}


@either
def test_a_waypoint_s_requests_are_drawn_once_and_directly(scene: Recorded, name: str) -> None:
    graph = Graph(scene.view())

    assert set(graph.edges) == {
        ("front", "cart", "http"),
        ("front", "orders-v1", "grpc"),
        ("front", "orders-v2", "grpc"),
        ("front", "orders", "grpc"),  # found no pod, so nobody can say which version
        ("orders-v1", "postgres", "tcp"),
    }
    for target, protocol, failing in (
        ("cart", "http", 0.05),
        ("orders-v1", "grpc", 0.1),
        ("orders-v2", "grpc", 0.1),
    ):
        true = flow(scene.truth(), source="front", target=target)
        edge = graph.edge("front", target, protocol)
        assert edge["reporter"] == "waypoint"
        # A waypoint counts like a caller: what it had to try again is one request all the same.
        assert edge["rps"] == near(true.asked_rps)
        assert edge["error_ratio"] == pytest.approx(failing, abs=0.03)
        assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}
        assert edge["sent_bps"] == bytes_near(true.sent_bps)


@either
def test_what_the_waypoint_could_not_deliver_is_a_failure_of_the_service(
    scene: Recorded, name: str
) -> None:
    edge = Graph(scene.view()).edge("front", "orders", "grpc")

    assert edge["rps"] == near(flow(scene.truth(), source="front", target="orders").rps)
    assert edge["error_ratio"] == 1.0


@either
def test_the_way_through_the_waypoint_can_be_shown(scene: Recorded, name: str) -> None:
    graph = Graph(scene.view(waypoints=True))

    assert graph.kind("waypoint") == "waypoint"
    assert ("front", "waypoint", "tcp") in graph.edges
    assert ("waypoint", "cart", "tcp") in graph.edges


@pytest.mark.scene(MIXED)
def test_sidecars_and_gateways_call_ambient_workloads_and_the_other_way_round(
    scene: Recorded,
) -> None:
    graph = Graph(scene.view())

    assert set(graph.edges) == {
        ("gateway", "shop", "http"),
        ("gateway", "stock", "http"),
        ("old", "shop", "http"),
        ("new", "shop", "http"),
        ("new", "store", "http"),
        ("shop", "store", "http"),
    }
    for source, target, _ in graph.edges:
        true = flow(scene.truth(), source=source, target=target)
        edge = graph.edge(source, target)
        assert edge["rps"] == near(true.rps), edge["id"]
        assert edge["error_ratio"] == pytest.approx(true.error_ratio, rel=0.1, abs=0.02)
        assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}, edge["id"]


@pytest.mark.scene(ZTUNNELS)
def test_connections_that_a_policy_refused_or_nobody_took_are_errors(scene: Recorded) -> None:
    lost = flow(scene.truth(), source="cart", reached="no")
    edge = Graph(scene.view()).edge("cart", "postgres", "tcp")
    failed = {row["flags"]: row["rps"] for row in edge["responses"] if row["error"]}

    assert set(failed) == {"DENY", "CONNECT"}
    assert sum(failed.values()) == near(lost.connections_per_s)
