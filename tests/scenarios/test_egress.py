"""What leaves the mesh, and what comes in past every service."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.flows import bytes_near, flow, near
from tests.scenarios.recorded import Graph, Recorded

EGRESS = case("egress", load=2)
pytestmark = pytest.mark.scene(EGRESS)


def test_every_way_out_is_drawn_once(scene: Recorded) -> None:
    assert set(Graph(scene.view()).edges) == {
        ("web", "api.stripe.com", "http"),
        ("web", "partner.example.org", "http"),
        ("web", "db.example.net", "tcp"),
        ("web", "PassthroughCluster", "http"),
        ("worker", "PassthroughCluster", "tcp"),
        ("worker", "BlackHoleCluster", "http"),
        ("worker", "BlackHoleCluster", "tcp"),
        ("web", "legacy", "http"),
        ("legacy", "web", "http"),
        ("unknown", "web", "http"),
        ("unknown", "worker", "http"),
    }


def test_registered_hosts_are_external_and_never_said_to_be_secure(scene: Recorded) -> None:
    graph = Graph(scene.view())

    for host in ("api.stripe.com", "partner.example.org"):
        true = flow(scene.truth(), source="web", host=host)
        edge = graph.edge("web", host)
        assert graph.kind(host) == "external"
        assert edge["reporter"] == "source"
        assert edge["rps"] == near(true.rps)
        assert edge["error_ratio"] == pytest.approx(true.error_ratio, rel=0.05, abs=0.015)
        assert edge["mtls"]["state"] == "unknown"


def test_tls_that_is_passed_through_has_bytes_and_connections(scene: Recorded) -> None:
    true = flow(scene.truth(), source="web", host="db.example.net")
    edge = Graph(scene.view()).edge("web", "db.example.net", "tcp")

    assert edge["sent_bps"] == bytes_near(true.sent_bps)
    assert edge["received_bps"] == bytes_near(true.received_bps)
    assert edge["connections_per_s"] == near(true.connections_per_s)


def test_unregistered_hosts_meet_in_one_node_and_keep_their_names(scene: Recorded) -> None:
    graph = Graph(scene.view())
    edge = graph.edge("web", "PassthroughCluster")

    assert graph.kind("PassthroughCluster") == "passthrough"
    assert edge["rps"] == near(flow(scene.truth(), service="PassthroughCluster", source="web").rps)
    assert edge["hosts"] == ["172.17.0.12:15090", "httpbin.org", "www.wikipedia.org"]


def test_unregistered_tcp_is_drawn_though_its_host_is_unknown(scene: Recorded) -> None:
    true = flow(scene.truth(), source="worker", service="PassthroughCluster")
    edge = Graph(scene.view()).edge("worker", "PassthroughCluster", "tcp")

    assert edge["connections_per_s"] == near(true.connections_per_s)


def test_forbidden_http_fails_and_forbidden_tcp_only_closes(scene: Recorded) -> None:
    graph = Graph(scene.view())
    http = graph.edge("worker", "BlackHoleCluster")
    tcp = graph.edge("worker", "BlackHoleCluster", "tcp")

    assert graph.kind("BlackHoleCluster") == "blackhole"
    assert http["rps"] == near(flow(scene.truth(), service="BlackHoleCluster", protocol="http").rps)
    assert http["error_ratio"] == 1.0
    assert {response["code"] for response in http["responses"]} == {"502"}
    # Connections that never open are all that there is of it: the edge must not be taken for idle.
    closed = flow(scene.truth(), service="BlackHoleCluster", protocol="tcp")
    assert tcp["connections_closed_per_s"] == near(closed.rps)
    assert not tcp["connections_per_s"]


def test_calls_to_a_pod_s_address_reach_the_workload_from_an_unknown_caller(
    scene: Recorded,
) -> None:
    graph = Graph(scene.view())

    for target in ("web", "worker"):
        true = flow(scene.truth(), source="scraper", target=target)
        edge = graph.edge("unknown", target)
        assert edge["rps"] == near(true.rps)
        assert edge["error_ratio"] == pytest.approx(true.error_ratio, rel=0.05, abs=0.03)
        assert edge["mtls"] == {"state": "plaintext", "ratio": 0.0}


def test_a_virtual_machine_is_a_workload_like_any_other(scene: Recorded) -> None:
    graph = Graph(scene.view())

    assert graph.kind("legacy") == "workload"
    for source, target in (("web", "legacy"), ("legacy", "web")):
        edge = graph.edge(source, target)
        assert edge["rps"] == near(flow(scene.truth(), source=source, target=target).rps)
        assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}
