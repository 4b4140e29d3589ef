"""Connections and streams that last, and work that is over at once."""

import pytest

from tests.scenarios.cases import case
from tests.scenarios.flows import bytes_near, flow, near
from tests.scenarios.recorded import Graph, Recorded

STREAMS = case("streams", load=2)
JOBS = case("jobs", load=2)


@pytest.mark.scene(STREAMS)
def test_a_long_tcp_connection_keeps_its_edge_alive(scene: Recorded) -> None:
    true = flow(scene.truth(), source="app", target="postgres")
    edge = Graph(scene.view()).edge("app", "postgres", "tcp")

    assert edge["connections_per_s"] == 0
    assert edge["sent_bps"] == bytes_near(true.sent_bps)
    assert edge["received_bps"] == bytes_near(true.received_bps)
    assert edge["health"] != "idle"


@pytest.mark.scene(STREAMS)
def test_a_grpc_stream_has_no_requests_and_many_messages(scene: Recorded) -> None:
    true = flow(scene.truth(), source="app", target="chat")
    edge = Graph(scene.view()).edge("app", "chat", "grpc")

    assert edge["rps"] == 0
    assert edge["error_ratio"] is None
    assert edge["received_mps"] == pytest.approx(true.received_mps, rel=0.1)
    assert edge["sent_mps"] == pytest.approx(true.sent_mps, rel=0.1)


@pytest.mark.scene(STREAMS)
def test_tcp_without_metadata_is_drawn_once_from_the_caller_that_reports_it(
    scene: Recorded,
) -> None:
    true = flow(scene.truth(), source="old-client", target="postgres")
    graph = Graph(scene.view())

    assert {source for source, target, _ in graph.edges if target == "postgres"} == {
        "app",
        "old-client",
    }
    edge = graph.edge("old-client", "postgres", "tcp")
    assert edge["sent_bps"] == bytes_near(true.sent_bps)


@pytest.mark.scene(JOBS)
def test_three_requests_once_are_three_requests(scene: Recorded) -> None:
    true = flow(scene.truth(), source="once", target="api")
    edge = Graph(scene.view()).edge("once", "api")

    assert true.rps * 60 == 3
    assert (edge["rps"] or 0) * 60 == pytest.approx(3, rel=0.01)


@pytest.mark.scene(JOBS)
def test_a_job_without_a_proxy_is_an_unknown_plaintext_caller(scene: Recorded) -> None:
    graph = Graph(scene.view())
    http = graph.edge("unknown", "api")

    assert http["rps"] == near(flow(scene.truth(), source="nightly", target="api").rps)
    for edge in (http, graph.edge("unknown", "reports", "tcp")):
        assert edge["mtls"] == {"state": "plaintext", "ratio": 0.0}
        assert edge["client"] is None


@pytest.mark.scene(JOBS)
def test_what_is_left_of_unknown_callers_is_the_one_without_a_proxy(scene: Recorded) -> None:
    truth, graph = scene.truth(), Graph(scene.view())
    whole = sum(
        flow(truth, source=caller, target="ledger").sent_bps or 0 for caller in ("nightly", "audit")
    )
    rest, named = graph.edge("unknown", "ledger", "tcp"), graph.edge("audit", "ledger", "tcp")

    assert (rest["sent_bps"] or 0) + (named["sent_bps"] or 0) == bytes_near(whole)
    true = flow(truth, source="nightly", target="ledger")
    assert rest["sent_bps"] == bytes_near(true.sent_bps)


@pytest.mark.scene(STREAMS)
def test_a_grpc_stream_is_not_idle(scene: Recorded) -> None:
    graph = Graph(scene.view())

    assert graph.edge("app", "chat", "grpc")["health"] != "idle"
    assert {node["name"] for node in graph.view["nodes"] if node["health"] == "idle"} == set()
