"""What a view shows besides live traffic: idle edges, operations, families of names."""

from typing import Any

from graph.core import engine, topology
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.readings import read_slow
from graph.core.rules import MeshRules
from graph.core.samples import Sample
from tests.make import (
    AT,
    buckets,
    feed,
    harvest,
    node_named,
    only_edge,
    request,
    tcp,
    unanswered,
    view,
)


def looked_at(state: FeedState, **options: Any) -> ViewState:
    spec = ViewSpec(options.pop("graph_type", "workload"), state.window_s, (), **options)
    return engine.render(None, state, spec, "epoch")[0]


def test_what_did_not_move_is_hidden_unless_asked_for() -> None:
    state = feed(requests=[request(5), request(0, target="details-v1")], tcp_sent=[tcp(0)])

    assert len(view(state).picture.edges) == 1
    drawn = looked_at(state, idle=True)
    assert len(drawn.picture.edges) == 3
    assert node_named(drawn, "details-v1")["health"] == "idle"


def test_an_idle_edge_says_zero_and_not_unknown() -> None:
    state = feed(requests=[request(0), request(0, reporter="source")])

    (edge,) = looked_at(state, idle=True).picture.edges.values()

    assert edge["rps"] == 0
    assert edge["error_ratio"] is None
    assert edge["health"] == "idle"
    assert edge["reporter"] == "destination"
    assert edge["mtls"]["state"] == "unknown"


def test_a_view_of_idle_edges_is_not_empty_without_traffic() -> None:
    state = feed(requests=[request(0)])

    assert view(state).status["reason"] == "no_traffic"
    idle = looked_at(state, idle=True).status
    assert (idle["state"], idle["reason"], idle["advice"]) == ("ok", None, "")
    assert "no request or byte was counted" in idle["detail"]


def test_an_idle_tcp_edge_is_idle_not_sick() -> None:
    (edge,) = looked_at(feed(tcp_sent=[tcp(0)]), idle=True).picture.edges.values()

    assert (edge["sent_bps"], edge["health"]) == (0, "idle")
    drawn = looked_at(feed(tcp_sent=[tcp(0)]), idle=True)
    assert {node["health"] for node in drawn.picture.nodes.values()} == {"idle"}


def test_old_failures_without_traffic_are_idle_too() -> None:
    state = feed(requests=[request(5), unanswered(0)])

    (edge,) = looked_at(state, idle=True).picture.edges.values()

    assert (edge["rps"], edge["health"], edge["responses"][0]["code"]) == (5, "healthy", "200")


def operation(rps: float, name: str, **more: str) -> Sample:
    return request(rps, request_operation=name, **more)


def test_operations_stand_between_caller_and_server() -> None:
    state = feed(
        requests=[operation(6, "ListReviews"), operation(4, "GetReview", response_code="500")]
    )

    drawn = looked_at(state, operations=True)

    assert len(drawn.picture.edges) == 4
    assert node_named(drawn, "ListReviews")["kind"] == "operation"
    assert node_named(drawn, "GetReview")["in"]["error_ratio"] == 1
    assert node_named(drawn, "reviews-v1")["in"]["rps"] == 10
    assert node_named(drawn, "productpage-v1")["out"]["rps"] == 10


def test_what_no_operation_claims_is_not_compared_with_all_that_callers_sent() -> None:
    state = feed(
        requests=[
            operation(18, "Get"),
            operation(2, "Get", response_code="500"),
            request(1),
            request(19, reporter="source"),
            request(2, reporter="source", response_code="500"),
        ]
    )

    edges = looked_at(state, operations=True).picture.edges.values()
    (direct,) = (edge for edge in edges if edge["rps"] == 1)

    assert (direct["client"], direct["gap"], direct["health"]) == (None, None, "healthy")


def test_pair_without_operations_is_drawn_as_ever() -> None:
    state = feed(requests=[request(5), request(5, reporter="source")])

    (edge,) = looked_at(state, operations=True).picture.edges.values()
    assert edge == next(iter(looked_at(state).picture.edges.values()))
    assert edge["client"] is not None
    assert edge["server"] is not None


def test_what_no_operation_claims_is_still_told_by_the_server() -> None:
    told = [operation(18, "Get"), request(7), request(25, reporter="source")]
    edges = looked_at(feed(requests=told), operations=True).picture.edges.values()

    (rest,) = (edge for edge in edges if edge["rps"] == 7)
    assert rest["server"] is not None
    assert rest["client"] is None


def test_operations_do_not_show_unless_asked_for() -> None:
    state = feed(requests=[operation(6, "ListReviews"), operation(4, "GetReview")])

    assert only_edge(state)["rps"] == 10


def test_between_namespaces_there_are_no_operations_and_no_versions() -> None:
    drawn = looked_at(
        feed(requests=[operation(6, "Get", source_workload_namespace="web")]),
        graph_type="namespace",
        operations=True,
    )

    assert {node["name"]: node["versions"] for node in drawn.picture.nodes.values()} == {
        "web": [],
        "bookinfo": [],
    }


def test_a_collapsed_namespace_is_one_node_among_workloads() -> None:
    state = feed(
        requests=[
            request(5, source="gate-v1", source_workload_namespace="web"),
            request(3, target="details-v1"),
            request(2, source="reviews-v1", target="ratings-v1"),
        ]
    )

    drawn = looked_at(state, collapsed=("bookinfo",)).picture

    assert {node["kind"]: node["name"] for node in drawn.nodes.values()} == {
        "workload": "gate-v1",
        "namespace": "bookinfo",
    }
    # Calls inside are a loop, as in a graph of namespaces; sums come before ratios.
    assert sorted(edge["rps"] or 0.0 for edge in drawn.edges.values()) == [5, 5]
    assert looked_at(state, collapsed=("nowhere",)).picture == looked_at(state).picture


def test_a_collapsed_namespace_has_no_operations_and_no_versions() -> None:
    state = feed(requests=[operation(6, "Get", source_workload_namespace="web")])

    drawn = looked_at(state, operations=True, collapsed=("bookinfo",)).picture

    assert {node["name"]: node["versions"] for node in drawn.nodes.values()} == {
        "productpage-v1": ["v1"],
        "bookinfo": [],
    }


def test_a_failure_that_found_no_server_belongs_to_its_collapsed_namespace() -> None:
    state = feed(
        requests=[
            unanswered(1, source_workload_namespace="web"),
            request(4),
            request(2, target="reviews-v2"),
        ]
    )

    drawn = looked_at(state, collapsed=("bookinfo",)).picture

    assert {node["kind"] for node in drawn.nodes.values()} == {"workload", "namespace"}


def test_the_same_operation_of_two_services_is_two_nodes() -> None:
    state = feed(
        requests=[operation(6, "Get"), operation(4, "Get", target="details-v1")],
    )

    drawn = looked_at(state, operations=True)

    assert sum(node["kind"] == "operation" for node in drawn.picture.nodes.values()) == 2


def test_failures_before_any_operation_was_known_go_straight_to_the_server() -> None:
    state = feed(
        requests=[
            operation(9, "Get"),
            request(9, reporter="source"),
            unanswered(1),
        ]
    )

    drawn = looked_at(state, operations=True)

    assert node_named(drawn, "reviews-v1")["in"]["rps"] == 10
    assert len(drawn.picture.edges) == 3


def test_size_is_known_before_anything_is_drawn() -> None:
    told = [operation(9, "Get"), request(9, reporter="source")]
    lost = request(1, reporter="source", response_code="503", response_flags="UF")
    for samples in ([*told, lost], told, [*told, request(0, target="details-v1")]):
        state = feed(requests=samples)
        assert state.readings is not None
        for idle in (False, True):
            drawn = looked_at(state, operations=True, idle=idle)
            shown = len(drawn.picture.nodes), len(drawn.picture.edges)
            assert topology.size(state.readings, drawn.spec.look) == shown


def grouped(*samples: Sample, groups: tuple[str, ...]) -> FeedState:
    state = engine.start_feed(60, 5.0, MeshRules(groups=groups))
    return engine.absorb_fast(state, harvest(requests=samples), 15.0, AT)


def tenants(count: int) -> list[Sample]:
    return [
        request(
            1,
            target=f"tenant-{n}-v1",
            destination_canonical_service=f"tenant-{n}",
            destination_service_name=f"tenant-{n}",
        )
        for n in range(count)
    ]


def test_a_family_of_names_is_one_node() -> None:
    state = grouped(*tenants(60), groups=("tenant-*",))

    for graph_type in ("workload", "app", "service"):
        drawn = looked_at(state, graph_type=graph_type)
        assert node_named(drawn, "tenant-*")["in"]["rps"] == 60


def test_families_may_be_limited_to_a_namespace() -> None:
    assert len(view(grouped(*tenants(3), groups=("bookinfo/tenant-*",))).picture.edges) == 1
    assert len(view(grouped(*tenants(3), groups=("shop/tenant-*",))).picture.edges) == 3


def test_workloads_of_one_app_are_a_family_by_their_own_names() -> None:
    shards = [request(1, target=f"shard-{n}", destination_canonical_service="db") for n in range(4)]
    state = grouped(*shards, groups=("shard-*",))

    node = node_named(looked_at(state, graph_type="workload"), "shard-*")
    assert (node["workload"], node["app"], node["in"]["rps"]) == ("shard-*", "db", 4)


def test_two_views_of_one_feed_do_not_disturb_each_other() -> None:
    state = feed(requests=[operation(6, "Get"), request(0, target="details-v1")])

    plain = looked_at(state)
    looked_at(state, idle=True, operations=True, perspective="client")

    assert looked_at(state).picture == plain.picture


def test_versions_belong_to_the_ends_and_not_to_the_operation_between() -> None:
    drawn = looked_at(feed(requests=[operation(6, "Get")]), graph_type="app", operations=True)

    assert node_named(drawn, "productpage")["versions"] == ["v1"]
    assert node_named(drawn, "Get")["versions"] == []
    assert node_named(drawn, "reviews")["versions"] == ["v1"]


def test_what_the_slow_lane_says_is_seen_in_the_next_picture() -> None:
    got = harvest(requests=[request(10)], duration_buckets=buckets({"5": 0, "10": 9, "+Inf": 9}))
    state = engine.absorb_fast(engine.start_feed(60, 5.0), got, 15.0, AT)
    assert only_edge(state)["latency_ms"]["p50"] is None
    state = engine.absorb_slow(state, got, read_slow(got), AT + 5, AT)
    assert only_edge(state)["latency_ms"]["p50"] == 7.5

    slower = harvest(AT + 5, duration_buckets=buckets({"5": 0, "10": 0, "20": 9, "+Inf": 9}))
    state = engine.absorb_slow(state, slower, read_slow(slower), AT + 10, AT + 5)
    assert only_edge(state)["latency_ms"]["p50"] == 15


def test_bytes_and_response_times_of_a_family_are_its_members_together() -> None:
    one, other = ({"target": f"tenant-{n}-v1", "destination_service_name": "t"} for n in (1, 2))
    got = harvest(
        requests=[request(1, **one), request(1, **other)],
        response_bytes=[request(30, **one), request(12, **other)],
        duration_buckets=[
            *buckets({"10": 1, "100": 1, "+Inf": 1}, **one),
            *buckets({"10": 0, "100": 1, "+Inf": 1}, **other),
        ],
    )
    rules = MeshRules(groups=("tenant-*",))
    state = engine.absorb_fast(engine.start_feed(60, 5.0, rules), got, 15.0, AT)
    state = engine.absorb_slow(state, got, read_slow(got, rules), AT + 5, AT)

    edge = only_edge(state)
    assert edge["sent_bps"] == 42
    assert edge["latency_ms"]["p50"] == 10


def test_what_is_no_number_does_not_hide_what_follows() -> None:
    nothing = request(float("nan"), target="details-v1")

    assert only_edge(feed(requests=[nothing, request(5)]))["rps"] == 5


def test_requests_of_no_told_protocol_are_http() -> None:
    plain = {"request_protocol": ""}
    state = feed(
        requests=[request(5, **plain)],
        duration_buckets=buckets({"10": 5, "+Inf": 5}, **plain),
        tcp_sent=[tcp(3, **plain)],
    )

    drawn = view(state).picture.edges.values()
    assert {edge["protocol"]: edge["rps"] for edge in drawn} == {"http": 5, "tcp": None}
    assert {edge["protocol"]: edge["latency_ms"]["p50"] for edge in drawn} == {
        "http": 5,
        "tcp": None,
    }
