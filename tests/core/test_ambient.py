"""Ambient meshes: ztunnels below, waypoints in between, each telling of the same traffic."""

import pytest

from graph.core import engine
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.rules import MeshRules
from graph.core.samples import Sample
from tests.make import AT, feed, harvest, node_named, only_edge, request, tcp, view

WAYPOINT = {
    "destination_workload": "waypoint",
    "destination_canonical_service": "waypoint",
    "destination_service": "reviews.bookinfo.svc.cluster.local",
}


def ztunnel(bps: float, reporter: str = "destination", **more: str) -> Sample:
    """Return a TCP byte series that a ztunnel counted."""
    policy = "mutual_tls"
    return tcp(
        bps, reporter=reporter, proxy="ztunnel", **{"connection_security_policy": policy, **more}
    )


def to_waypoint(bps: float, reporter: str = "destination") -> Sample:
    return ztunnel(bps, reporter, **WAYPOINT)


def from_waypoint(bps: float, reporter: str = "destination") -> Sample:
    return ztunnel(bps, reporter, source="waypoint", source_canonical_service="waypoint")


def through_a_waypoint() -> FeedState:
    """Return a feed in which every request is told three times over."""
    legs = [to_waypoint(900), to_waypoint(900, "source"), from_waypoint(900, "source")]
    return feed(
        requests=[request(10, reporter="waypoint")],
        tcp_sent=[*legs, from_waypoint(900)],
        tcp_received=[*legs, from_waypoint(900)],
    )


def looked_at(state: FeedState, *, waypoints: bool) -> ViewState:
    spec = ViewSpec("workload", state.window_s, (), waypoints=waypoints)
    return engine.render(None, state, spec, "epoch")[0]


def test_requests_through_a_waypoint_are_one_edge() -> None:
    edge = only_edge(through_a_waypoint())

    assert edge["protocol"] == "http"
    assert edge["rps"] == 10
    assert edge["reporter"] == "waypoint"
    assert edge["mtls"]["state"] == "mtls"


def test_the_legs_are_drawn_for_those_who_look_for_them() -> None:
    drawn = looked_at(through_a_waypoint(), waypoints=True)

    assert {(e["protocol"], e["rps"]) for e in drawn.picture.edges.values()} == {
        ("http", 10.0),
        ("tcp", None),
    }
    assert len(drawn.picture.edges) == 3
    assert node_named(drawn, "waypoint")["kind"] == "waypoint"
    assert node_named(drawn, "waypoint")["in"]["received_bps"] == 900


def test_legs_are_not_counted_again_at_the_ends() -> None:
    for waypoints in (False, True):
        drawn = looked_at(through_a_waypoint(), waypoints=waypoints)
        assert node_named(drawn, "reviews-v1")["in"]["rps"] == 10
        assert node_named(drawn, "reviews-v1")["in"]["received_bps"] is None
        assert node_named(drawn, "productpage-v1")["out"]["received_bps"] is None


def test_tcp_through_a_waypoint_is_not_hidden_with_the_legs() -> None:
    state = feed(tcp_sent=[to_waypoint(900), from_waypoint(900)])

    assert len(view(state).picture.edges) == 2


def test_a_mesh_of_ztunnels_alone_shows_connections() -> None:
    edge = only_edge(
        feed(
            tcp_sent=[ztunnel(500), ztunnel(500, "source")],
            tcp_opened=[ztunnel(2), ztunnel(2, "source")],
        )
    )

    assert edge["protocol"] == "tcp"
    assert edge["sent_bps"] == 500
    assert edge["connections_per_s"] == 2
    assert edge["reporter"] == "destination"
    assert edge["mtls"]["state"] == "mtls"


@pytest.mark.parametrize("reporter", ["source", "destination", "waypoint"])
def test_the_connections_below_requests_are_no_traffic_of_their_own(reporter: str) -> None:
    state = feed(
        requests=[request(10, reporter=reporter)],
        tcp_sent=[ztunnel(500)],
    )

    edge = only_edge(state)

    assert (edge["protocol"], edge["rps"], edge["sent_bps"]) == ("http", 10, None)
    assert edge["mtls"] == {"state": "mtls", "ratio": 1.0}


def test_connections_to_another_service_are() -> None:
    other = {"destination_service_name": "reviews-db", "destination_service": "reviews-db"}
    state = feed(requests=[request(10, reporter="source")], tcp_sent=[ztunnel(500, **other)])

    assert {edge["protocol"] for edge in view(state).picture.edges.values()} == {"http", "tcp"}


def test_ztunnel_says_unknown_never_plaintext() -> None:
    edge = only_edge(feed(tcp_sent=[ztunnel(500, connection_security_policy="unknown")]))

    assert edge["mtls"] == {"state": "unknown", "ratio": None}


def test_refused_connections_are_failures() -> None:
    edge = only_edge(
        feed(
            tcp_opened=[ztunnel(4)],
            tcp_closed=[ztunnel(3, response_flags="-"), ztunnel(1, response_flags="DENY")],
        )
    )

    assert edge["error_ratio"] == 0.25
    assert {(r["code"], r["flags"], r["error"]) for r in edge["responses"]} == {
        ("-", "", False),
        ("-", "DENY", True),
    }
    assert edge["connections_closed_per_s"] == 4


@pytest.mark.parametrize("told_by", ["name", "labels", "operator"])
def test_a_waypoint_is_recognised(told_by: str) -> None:
    name = "waypoint" if told_by == "name" else "edge-l7"
    rules = MeshRules(waypoints=("bookinfo/edge-*",)) if told_by == "operator" else MeshRules()
    state = engine.start_feed(60, 5.0, rules)
    got = harvest(tcp_sent=[tcp(5, target=name, destination_workload=name)])
    if told_by == "labels":
        got = type(got)(got.at, got.answers, 1.0, 1, waypoints=frozenset({("bookinfo", "edge-l7")}))

    drawn = view(engine.absorb_fast(state, got, 15.0, AT))

    assert node_named(drawn, name)["kind"] == "waypoint"


def test_a_workload_named_like_a_waypoint_whose_requests_end_there_is_no_leg() -> None:
    name = "reviews-waypoint-proxy"
    state = feed(
        requests=[
            request(4, target=name),
            request(3, source=name, target="ratings-v1", reporter="source"),
            request(3, source=name, target="ratings-v1"),
            request(2, target="ratings-v1"),
        ]
    )

    assert node_named(view(state), "ratings-v1")["in"]["rps"] == 5
    assert len(view(state).picture.edges) == 3


def test_a_waypoint_of_the_first_preview_is_not_a_second_caller() -> None:
    """It reported the caller's requests as destination and its own forwarding as source."""
    state = feed(
        requests=[
            request(10),
            request(10, reporter="source", source="bookinfo-waypoint-proxy"),
        ]
    )

    edge = only_edge(state)

    assert edge["rps"] == 10


def test_of_two_proxies_on_one_side_only_one_tells() -> None:
    """Plain TCP from a sidecar into an ambient workload: Envoy and ztunnels count it, both ends."""
    edge = only_edge(
        feed(
            tcp_sent=[
                tcp(500, reporter="source"),
                ztunnel(510, "source"),
                tcp(520),
                ztunnel(530),
            ]
        )
    )

    assert edge["client"] is not None
    assert edge["server"] is not None
    assert (edge["client"]["sent_bps"], edge["server"]["sent_bps"]) == (500, 520)
    assert edge["sent_bps"] == 520


@pytest.mark.parametrize("protocol", ["http", "grpc"])
@pytest.mark.parametrize("collapsed", [(), ("bookinfo",)])
def test_the_connections_below_lend_their_word_on_security_to_whatever_is_drawn(
    protocol: str, collapsed: tuple[str, ...]
) -> None:
    called = {"destination_workload_namespace": "shop", "destination_service_namespace": "shop"}
    asked = request(10, reporter="source", request_protocol=protocol, **called)
    state = feed(requests=[asked], tcp_sent=[ztunnel(500, **called)])

    spec = ViewSpec("workload", 60, (), collapsed=collapsed)
    (edge,) = engine.render(None, state, spec, "epoch")[0].picture.edges.values()

    assert (edge["protocol"], edge["mtls"]["state"]) == (protocol, "mtls")


def test_legs_hide_nothing_but_themselves() -> None:
    """Whatever comes after them in the answers."""
    state = feed(
        tcp_sent=[to_waypoint(900), from_waypoint(900)],
        requests=[request(10, reporter="waypoint"), request(3, target="details-v1")],
        response_messages=[Sample(request(0, target="zoo-v1").labels, 4)],
    )

    edges = view(state).picture.edges.values()
    assert sorted(edge["rps"] or 0 for edge in edges) == [0, 3, 10]


def test_legs_are_not_counted_again_beside_operations() -> None:
    whole = request(10, reporter="waypoint", request_operation="Get")
    state = feed(requests=[whole], tcp_sent=[to_waypoint(900), from_waypoint(900)])

    spec = ViewSpec("workload", 60, (), waypoints=True, operations=True)
    drawn = engine.render(None, state, spec, "epoch")[0]

    assert node_named(drawn, "waypoint")["in"]["sent_bps"] == 900
    assert node_named(drawn, "productpage-v1")["out"]["sent_bps"] is None
    assert node_named(drawn, "reviews-v1")["in"]["sent_bps"] is None


def test_what_the_operator_calls_a_gateway_is_drawn_as_one() -> None:
    state = engine.start_feed(60, 5.0, MeshRules(gateways=("bookinfo/front*",)))
    got = harvest(requests=[request(10, source="front-v1")])

    drawn = view(engine.absorb_fast(state, got, 15.0, AT))

    assert node_named(drawn, "front-v1")["kind"] == "gateway"
