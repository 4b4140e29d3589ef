"""What is said of a node: totals, and how it answers its callers."""

import pytest

from graph.core.samples import Sample
from tests.make import buckets, feed, labels, node_named, only_edge, request, tcp, unanswered, view


def test_outcomes_of_all_callers_are_added() -> None:
    made = view(
        feed(
            requests=[
                request(8),
                request(2, response_code="503", response_flags="UC"),
                request(5, source="checkout-v1"),
                request(1, source="mobile-v1", request_protocol="grpc", grpc_response_status="14"),
            ]
        )
    )

    responses = node_named(made, "reviews-v1")["responses"]
    assert [(r["protocol"], r["code"], r["flags"], r["rps"]) for r in responses] == [
        ("grpc", "14", "", 1),
        ("http", "200", "", 13),
        ("http", "503", "UC", 2),
    ]


def test_latency_is_merged_over_callers() -> None:
    fast, slow = {"5": 90, "1000": 90, "+Inf": 90}, {"5": 0, "500": 0, "1000": 10, "+Inf": 10}
    made = view(
        feed(
            requests=[request(90), request(10, source="checkout-v1")],
            duration_buckets=[*buckets(fast), *buckets(slow, source="checkout-v1")],
            duration_sum=[Sample(labels(), 180), Sample(labels(source="checkout-v1"), 7000)],
            duration_count=[Sample(labels(), 90), Sample(labels(source="checkout-v1"), 10)],
        )
    )

    latency = node_named(made, "reviews-v1")["latency_ms"]
    assert latency["p95"] == 750
    assert latency["avg"] == pytest.approx(71.8)


def test_mtls_is_that_of_its_callers_together() -> None:
    made = view(
        feed(
            requests=[
                request(70),
                request(30, source="legacy-v1", connection_security_policy="none"),
            ]
        )
    )

    assert node_named(made, "reviews-v1")["mtls"] == {"state": "mixed", "ratio": 0.7}
    assert node_named(made, "legacy-v1")["mtls"] == {"state": "unknown", "ratio": None}


def test_its_own_identities_are_listed_whether_it_calls_or_answers() -> None:
    made = view(feed(requests=[request(1)]))

    assert node_named(made, "productpage-v1")["principals"] == [
        "spiffe://cluster.local/ns/bookinfo/sa/productpage"
    ]
    assert node_named(made, "reviews-v1")["principals"] == [
        "spiffe://cluster.local/ns/bookinfo/sa/reviews"
    ]


def test_an_entry_point_answers_nobody() -> None:
    node = node_named(view(feed(requests=[request(1)])), "productpage-v1")

    assert node["responses"] == []
    assert node["latency_ms"]["p50"] is None


def test_a_database_has_bytes_and_no_outcomes() -> None:
    node = node_named(view(feed(tcp_sent=[tcp(10, target="mysql-v1")])), "mysql-v1")

    assert node["responses"] == []
    assert node["in"]["sent_bps"] == 10


def test_requests_that_found_no_server_do_not_make_a_failing_edge_look_fast() -> None:
    state = feed(
        requests=[request(9), request(9, reporter="source"), unanswered(1)],
        duration_buckets=[
            *buckets({"50": 0, "100": 9, "+Inf": 9}),
            *[
                Sample({**unanswered(0).labels, "le": le}, 90.0)
                for le in ("0.5", "50", "100", "+Inf")
            ],
        ],
    )

    assert only_edge(state)["latency_ms"]["p50"] == 75


def test_connections_that_just_ended_are_no_outcome_of_a_node() -> None:
    ended = labels(target="mysql-v1", request_protocol="tcp", response_flags="-")
    cut = {**ended, "response_flags": "UF"}
    state = feed(
        tcp_sent=[tcp(10, target="mysql-v1")], tcp_closed=[Sample(ended, 3), Sample(cut, 1)]
    )

    (row,) = node_named(view(state), "mysql-v1")["responses"]
    assert (row["protocol"], row["flags"], row["rps"]) == ("tcp", "UF", 1)


def test_errors_of_a_node_are_those_of_each_protocol() -> None:
    rpc = {"source": "mobile-v1", "request_protocol": "grpc"}
    state = feed(
        requests=[
            request(6),
            request(3, grpc_response_status="0", **rpc),
            request(1, grpc_response_status="14", **rpc),
        ]
    )

    inbound = node_named(view(state), "reviews-v1")["in"]
    assert (inbound["rps"], inbound["error_ratio"]) == (10, 0.1)


def test_bytes_of_a_node_are_those_of_all_protocols() -> None:
    state = feed(
        requests=[request(1)],
        request_bytes=[Sample(labels(), 40)],
        response_bytes=[Sample(labels(), 400)],
        tcp_sent=[tcp(7, source="batch-v1")],
        tcp_received=[tcp(2, source="batch-v1")],
    )

    inbound = node_named(view(state), "reviews-v1")["in"]
    assert (inbound["sent_bps"], inbound["received_bps"]) == (407, 42)


def test_mtls_weighs_every_caller() -> None:
    legacy = request(20, source="legacy-v1", connection_security_policy="none")
    state = feed(requests=[request(70), legacy, request(10, source="mobile-v1")])

    assert node_named(view(state), "reviews-v1")["mtls"] == {"state": "mixed", "ratio": 0.8}
