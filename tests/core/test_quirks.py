"""Quirks of real expositions, as they reach the core: each test is named after one of them."""

import json

import orjson
import pytest

from graph.core import engine, outcomes
from graph.core.latency import parse_bound
from graph.core.samples import Sample
from tests.make import (
    buckets,
    feed,
    harvest,
    labels,
    node_named,
    only_edge,
    request,
    tcp,
    unanswered,
    view,
)

NOBODY_CALLS = {
    f"source_{name}": "unknown"
    for name in (
        "workload",
        "workload_namespace",
        "canonical_service",
        "canonical_revision",
        "principal",
        "cluster",
    )
}


def test_a_response_code_of_eight_digits_is_shown_and_is_no_error() -> None:
    edge = only_edge(feed(requests=[request(9), request(1, response_code="42836664")]))

    assert edge["rps"] == 10
    assert (edge["error_ratio"], edge["client_error_ratio"]) == (0, 0)
    assert [row["code"] for row in edge["responses"]] == ["200", "42836664"]


def test_mixer_once_it_is_translated_is_a_server_that_names_services() -> None:
    translated = {
        "reporter": "destination",
        "source_canonical_service": "productpage",
        "source_workload_namespace": "default",
        "destination_service": "reviews.default.svc.cluster.local",
        "destination_service_name": "reviews",
        "destination_service_namespace": "default",
        "destination_canonical_service": "reviews",
        "destination_canonical_revision": "v1",
        "destination_workload_namespace": "default",
        "request_protocol": "http",
        "response_code": "200",
    }
    made = view(feed(requests=[Sample(translated, 4.0)]), "app")

    (edge,) = made.picture.edges.values()
    assert (edge["rps"], edge["reporter"]) == (4, "destination")
    assert {node["name"] for node in made.picture.nodes.values()} == {"productpage", "reviews"}


def test_a_row_without_reporter_is_nobodys_word() -> None:
    stray = {name: value for name, value in labels().items() if name != "reporter"}
    edge = only_edge(feed(requests=[request(5), Sample(stray, 50.0)]))

    assert edge["rps"] == 5


def test_the_order_of_labels_does_not_matter() -> None:
    one, other = request(5), request(7, response_code="404")
    alphabetical = Sample(dict(sorted(other.labels.items())), other.value)
    backwards = Sample(dict(reversed(list(other.labels.items()))), other.value)

    for sample in (alphabetical, backwards):
        assert view(feed(requests=[one, sample])) == view(feed(requests=[one, other]))


def test_le_comes_first_or_last_and_in_any_spelling() -> None:
    first = [Sample({"le": le, **labels()}, rate) for le, rate in (("1.0", 2.0), ("+Inf", 4.0))]
    last = buckets({"1": 2, "1.8e+06": 4, "1800000": 0, "+Inf": 4})
    state = feed(requests=[request(4)], duration_buckets=[*first, *last])

    assert only_edge(state)["latency_ms"]["p50"] == 1


def test_control_plane_traffic_can_be_left_out_by_scope() -> None:
    policy = request(
        9,
        target="istio-policy",
        destination_workload_namespace="istio-system",
        destination_service_namespace="istio-system",
        request_protocol="grpc",
    )
    shop = {
        "destination_workload_namespace": "shop",
        "destination_service_namespace": "shop",
    }
    state = feed(requests=[policy, request(5), request(1, target="cart-v1", **shop)])

    everything = view(state).picture.edges.values()
    assert sorted(edge["rps"] or 0 for edge in everything) == [1, 5, 9]
    outside = view(state, "workload", "shop").picture
    assert [edge["rps"] for edge in outside.edges.values()] == [1]


@pytest.mark.parametrize("suffix", ["", "Ipv4", "Ipv6"])
def test_inbound_passthrough_is_drawn_at_the_pod_it_went_to(suffix: str) -> None:
    straight = {
        **NOBODY_CALLS,
        "destination_service": "172.17.0.12:15000",
        "destination_service_name": f"InboundPassthroughCluster{suffix}",
        "response_code": "503",
        "response_flags": "UF",
    }
    made = view(feed(requests=[request(2, **straight)]))

    (edge,) = made.picture.edges.values()
    assert made.picture.nodes[edge["source"]]["kind"] == "unknown"
    assert made.picture.nodes[edge["target"]]["workload"] == "reviews-v1"
    assert (edge["hosts"], edge["error_ratio"]) == (["172.17.0.12:15000"], 1)


def test_a_caller_without_workload_is_known_by_app_and_namespace() -> None:
    fortio = request(3, source_workload="unknown", source_canonical_service="fortio")
    made = view(feed(requests=[fortio]))

    node = node_named(made, "fortio")
    assert (node["workload"], node["namespace"]) == (None, "bookinfo")
    assert node["principals"] == ["spiffe://cluster.local/ns/bookinfo/sa/productpage"]


def test_a_caller_of_which_only_the_namespace_is_known_is_unknown_there() -> None:
    nameless = {**NOBODY_CALLS, "source_workload_namespace": "fortio-mcp"}
    made = view(feed(requests=[request(3, **nameless)]))

    node = node_named(made, "unknown")
    assert (node["kind"], node["namespace"]) == ("unknown", "fortio-mcp")


def test_an_unknown_app_and_version_leave_the_workload_its_node() -> None:
    nameless = {"destination_canonical_service": "unknown", "destination_canonical_revision": ""}
    state = feed(requests=[request(3), request(2, source="ratings-v1", **nameless)])

    for made in (view(state, "workload"), view(state, "versioned_app")):
        (node,) = (node for node in made.picture.nodes.values() if node["app"] == "reviews")
        assert (node["version"], node["in"]["rps"]) == ("v1", 5)


def test_a_destination_cluster_that_nobody_knows_is_the_callers() -> None:
    state = feed(
        requests=[
            request(5),
            request(5, reporter="source", destination_cluster="unknown"),
            unanswered(1),
        ]
    )

    assert only_edge(state)["rps"] == 6


def test_what_proxies_with_and_without_clusters_measured_is_merged_once() -> None:
    ignorant = {"source_cluster": "unknown", "destination_cluster": "unknown"}
    state = feed(
        requests=[request(10), request(10, **ignorant)],
        duration_buckets=[
            *buckets({"10": 10, "100": 10, "+Inf": 10}),
            *buckets({"10": 0, "100": 10, "+Inf": 10}, **ignorant),
        ],
        request_bytes=[Sample(labels(), 10.0), Sample(labels(**ignorant), 1000.0)],
    )

    edge = only_edge(state)
    assert (edge["rps"], edge["received_bps"]) == (20, 1010)
    assert edge["latency_ms"]["p50"] == 10


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_values_that_are_no_numbers_are_left_out(value: float) -> None:
    state = feed(
        requests=[request(5), request(value, response_code="500")],
        tcp_sent=[tcp(value)],
        duration_sum=[Sample(labels(), value)],
        duration_count=[Sample(labels(), 5.0)],
        duration_buckets=buckets({"5": value, "10": 5, "+Inf": 5}),
        request_bytes=[Sample(labels(), value)],
    )
    seen = view(state)

    (edge,) = (e for e in seen.picture.edges.values() if e["protocol"] == "http")
    assert (edge["rps"], edge["error_ratio"]) == (5, 0)
    json.dumps(engine.snapshot(seen, seen.status), allow_nan=False)


@pytest.mark.parametrize(("text", "bound"), [("-5e-324", -5e-324), ("NaN", None), ("wide", None)])
def test_bounds_of_any_text_are_numbers_or_left_out(text: str, bound: float | None) -> None:
    assert parse_bound(text) == bound
    state = feed(
        requests=[request(4)],
        duration_buckets=buckets({text: 0, "10": 4, "+Inf": 4}),
    )

    assert only_edge(state)["latency_ms"]["p50"] == 5


def test_a_federated_histogram_without_its_last_bucket_still_has_quantiles() -> None:
    cut = buckets({"10": 5.0, "100": 10.0})
    whole = buckets({"10": 5.0, "100": 10.0, "+Inf": 10.0}, source="web-v1")

    alone = only_edge(feed(requests=[request(1)], duration_buckets=cut))
    beside = feed(
        requests=[request(1), request(1, source="web-v1")], duration_buckets=[*cut, *whole]
    )

    assert (alone["latency_ms"]["p50"], alone["latency_ms"]["p99"]) == (10, 98.2)
    for edge in view(beside).picture.edges.values():
        assert (edge["latency_ms"]["p50"], edge["latency_ms"]["p99"]) == (10, 98.2)


def test_a_huge_counter_has_three_digits() -> None:
    edge = only_edge(feed(tcp_sent=[tcp(1.8446744073709552e19)]))

    assert edge["sent_bps"] == 1.84e19


def test_fewer_connections_close_than_open_while_some_are_alive() -> None:
    state = feed(
        tcp_opened=[tcp(52, response_flags="-")],
        tcp_closed=[tcp(51, response_flags="-")],
        tcp_sent=[tcp(1000)],
    )

    edge = only_edge(state)
    assert (edge["connections_per_s"], edge["connections_closed_per_s"]) == (52, 51)
    assert edge["error_ratio"] == 0


def test_an_unknown_app_label_does_not_hide_the_canonical_name() -> None:
    made = view(feed(requests=[request(3, destination_app="unknown", source_app="unknown")]), "app")

    assert {node["name"] for node in made.picture.nodes.values()} == {"productpage", "reviews"}


def test_an_unknown_canonical_name_does_not_hide_the_app_label() -> None:
    reduced = {"destination_canonical_service": "unknown", "destination_app": "reviews"}
    made = view(feed(requests=[request(3, **reduced)]), "app")

    assert node_named(made, "reviews")["in"]["rps"] == 3


def test_a_waypoint_as_a_source_is_a_leg_of_the_request_it_passed_on() -> None:
    waypoint = "reviews-svc-waypoint-proxy"
    state = feed(
        requests=[
            request(8, reporter="waypoint"),
            request(8, source=waypoint, reporter="source"),
            request(8, source=waypoint),
        ]
    )

    edge = only_edge(state)
    assert (edge["rps"], edge["reporter"]) == (8, "waypoint")


def test_a_dash_is_no_principal() -> None:
    edge = only_edge(feed(requests=[request(3, source_principal="-", destination_principal="-")]))

    assert edge["principals"] == {"source": [], "destination": []}


def test_a_grpc_status_on_plaintext_is_judged_all_the_same() -> None:
    plain = {"request_protocol": "grpc", "connection_security_policy": "none"}
    edge = only_edge(
        feed(
            requests=[
                request(9, grpc_response_status="0", **plain),
                request(1, grpc_response_status="14", **plain),
            ]
        )
    )

    assert edge["error_ratio"] == 0.1
    assert edge["mtls"]["state"] == "plaintext"


@pytest.mark.parametrize("code", ["504", "400"])
def test_failures_of_an_external_host_carry_no_flags(code: str) -> None:
    abroad = {
        "destination_service": "api.stripe.com",
        "destination_service_name": "api.stripe.com",
        "destination_service_namespace": "unknown",
    }
    made = view(feed(requests=[unanswered(2, "-", code, **abroad)]))

    assert node_named(made, "api.stripe.com", kind="external")["in"]["rps"] == 2
    (edge,) = made.picture.edges.values()
    assert [(row["code"], row["flags"]) for row in edge["responses"]] == [(code, "")]
    assert (edge["error_ratio"], edge["client_error_ratio"]) == (
        (1, 0) if code == "504" else (0, 1)
    )


def test_every_label_with_the_value_1_is_one_node_that_calls_itself() -> None:
    ones = {**dict.fromkeys(request(1).labels, "1"), "reporter": "destination"}
    made = view(feed(requests=[Sample(ones, 3.0)]))

    (node,) = made.picture.nodes.values()
    assert (node["name"], node["namespace"], node["in"]["rps"]) == ("1", "1", 3)
    assert not outcomes.is_error(outcomes.Outcome("1", "1", "1"), "http")


def test_custom_labels_split_series_and_not_edges() -> None:
    custom = [
        request(2, upstream_operation="a", destination_ip="10.0.0.1"),
        request(3, request_operation="list", destination_ip="10.0.0.2"),
        request(5, request_operation="buy"),
    ]

    assert only_edge(feed(requests=custom))["rps"] == 10


TEXTS = [
    'quo"ted',
    "back\\slash",
    "two\nlines",
    "<img src=x onerror=alert(1)>",
    "名前",
    "a|b/c%2Fd",
    "x" * 300,
    "\u202ereversed",
    " ",
]


@pytest.mark.parametrize("text", TEXTS)
def test_labels_of_any_content_arrive_as_they_are(text: str) -> None:
    state = feed(
        requests=[
            request(
                3,
                source_workload=text,
                destination_workload_namespace=text,
                destination_service=text,
                response_code=text,
                source_principal=text,
            )
        ]
    )
    seen = view(state)
    (edge,) = seen.picture.edges.values()

    assert seen.picture.nodes[edge["source"]]["name"] == text
    assert seen.picture.nodes[edge["target"]]["namespace"] == text
    assert edge["hosts"] == [text]
    assert edge["principals"]["source"] == [text]
    assert [row["code"] for row in edge["responses"]] == [text]
    whole = engine.snapshot(seen, seen.status)
    assert orjson.loads(orjson.dumps(whole)) == whole


def test_a_harvest_of_stray_metrics_is_no_mesh() -> None:
    stray = [Sample({"__name__": "galley_runtime_state_type_instances_total"}, 3.0)]
    state = engine.absorb_fast(
        engine.start_feed(60, 5), harvest(series=0, requests=stray), 15.0, 1.0
    )

    assert (state.status["state"], state.status["reason"]) == ("empty", "no_istio_metrics")
