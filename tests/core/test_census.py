"""Who is who: what one proxy leaves out, the other may know."""

import pytest

from graph.core.census import take_census
from graph.core.identity import Link, Name, PeerKey, ServiceKey
from graph.core.samples import Sample
from tests.make import feed, node_named, only_edge, request, tcp, unanswered, view


def without(sample: Sample, *names: str) -> Sample:
    labels = {key: value for key, value in sample.labels.items() if key not in names}
    return Sample(labels, sample.value)


def test_a_cluster_that_only_one_proxy_knows_does_not_split_the_workload() -> None:
    """Proxies from before 1.10 in a single-cluster mesh have no cluster labels at all."""
    old = without(request(10), "source_cluster", "destination_cluster")

    edge = only_edge(feed(requests=[old, request(10, reporter="source")]))

    assert edge["rps"] == 10
    assert edge["client"] is not None
    assert edge["server"] is not None


def test_a_peer_never_seen_with_a_cluster_is_in_the_only_one() -> None:
    old = without(request(3, target="details-v1"), "destination_cluster", "source_cluster")

    drawn = view(feed(requests=[old, request(10)]))

    assert node_named(drawn, "details-v1")["cluster"] == "Kubernetes"
    assert len(drawn.picture.nodes) == 3


def test_the_same_name_in_two_clusters_stays_two_nodes() -> None:
    drawn = view(
        feed(requests=[request(5), request(7, destination_cluster="east", target="reviews-v1")])
    )

    rates = {n["cluster"]: n["in"]["rps"] for n in drawn.picture.nodes.values() if n["in"]["rps"]}
    assert rates == {"Kubernetes": 5, "east": 7}


def test_nobody_guesses_between_two_clusters() -> None:
    drawn = view(
        feed(
            requests=[
                request(5),
                request(7, source_cluster="east", destination_cluster="east"),
                without(request(1), "source_cluster", "destination_cluster"),
            ]
        )
    )

    clusters = {n["cluster"] for n in drawn.picture.nodes.values() if n["name"] == "reviews-v1"}
    assert clusters == {"Kubernetes", "east", None}


SHY = {"destination_workload": "unknown"}


def test_a_workload_that_one_proxy_cannot_name_is_recognised_by_its_app() -> None:
    state = feed(requests=[request(10), request(10, reporter="source", **SHY)])

    edge = only_edge(state)

    assert edge["rps"] == 10
    assert edge["client"] is not None
    assert only_edge(state, "app")["rps"] == 10


def test_an_app_of_two_workloads_is_not_guessed() -> None:
    twins = {"destination_canonical_revision": "v1"}
    drawn = view(
        feed(
            requests=[
                request(10),
                request(10, target="reviews-v2", **twins),
                request(5, reporter="source", **SHY),
            ]
        )
    )

    assert {n["name"] for n in drawn.picture.nodes.values()} == {
        "productpage-v1",
        "reviews-v1",
        "reviews-v2",
        "reviews",
    }


def test_histograms_follow_the_workload_to_its_cluster() -> None:
    names = ("source_cluster", "destination_cluster")
    row = request(10)
    old = [
        without(Sample({**row.labels, "le": le}, rate), *names)
        for le, rate in {"10": 10.0, "+Inf": 10.0}.items()
    ]

    edge = only_edge(
        feed(
            requests=[without(row, *names), request(10, reporter="source")],
            duration_buckets=old,
        )
    )

    assert edge["latency_ms"]["p50"] == 5


def test_a_pod_called_by_its_address_is_drawn_as_itself() -> None:
    row = request(
        2,
        destination_service_name="InboundPassthroughClusterIpv4",
        destination_service="10.1.2.3:9080",
    )

    assert node_named(view(feed(requests=[row])), "reviews-v1")["in"]["rps"] == 2
    assert node_named(view(feed(requests=[row]), "service"), "reviews")["in"]["rps"] == 2


def test_streams_that_never_end_keep_their_edge() -> None:
    row = without(request(30), "request_protocol", "response_code", "response_flags")

    edge = only_edge(feed(request_messages=[row], response_messages=[row]))

    assert edge["protocol"] == "grpc"
    assert edge["received_mps"] == 30
    assert edge["rps"] == 0
    assert edge["health"] == "unknown"


def test_a_blocked_connection_that_was_only_ever_closed_is_seen() -> None:
    nowhere = {
        "destination_workload": "unknown",
        "destination_workload_namespace": "unknown",
        "destination_canonical_service": "unknown",
        "destination_service_name": "BlackHoleCluster",
        "destination_service_namespace": "unknown",
    }

    drawn = view(feed(tcp_closed=[tcp(1, reporter="source", **nowhere)]))

    assert node_named(drawn, "BlackHoleCluster")["kind"] == "blackhole"


def peer(workload: str, cluster: str = "", app: str = "") -> PeerKey:
    return PeerKey(cluster, "shop", workload, app, "")


def call(source: PeerKey, target: PeerKey) -> Link:
    return Link(source, target, ServiceKey(target.cluster, "shop", "cart"), "http")


@pytest.mark.parametrize("is_swapped", [False, True])
def test_all_that_was_said_of_a_peer_counts_wherever_it_was_said(is_swapped: bool) -> None:
    here, nowhere = peer("cart-1", "east"), peer("cart-1")
    said = [(here, {Name("cart", "")}), (nowhere, {Name("cart", "v1")})]
    if is_swapped:
        said.reverse()

    census = take_census([call(here, nowhere)], dict(said))

    assert census.names == {here: Name("cart", "v1")}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({Name("zebra", ""), Name("ape", "v1")}, Name("ape", "v1")),
        ({Name("", "v9"), Name("ape", "v1")}, Name("ape", "v1")),
        ({Name("ape", ""), Name("", "v1")}, Name("ape", "")),
        ({Name("", ""), Name("", "v1")}, Name("", "v1")),
        ({Name("ape", "v1"), Name("ape", "v2")}, Name("ape", "v2")),
    ],
)
def test_the_fullest_name_is_shown(said: set[Name], name: Name) -> None:
    one = peer("cart-1", "east")

    assert take_census([call(one, one)], {one: said}).names == {one: name}


def test_an_app_without_a_version_is_the_only_workload_of_that_app() -> None:
    full, shy = peer("cart-1", "east"), peer("", "east", "cart")
    names = {full: {Name("cart", "v1")}, shy: {Name("cart", "")}}

    census = take_census([call(shy, full)], names)

    assert census.settled(call(shy, full)) == call(full, full)


def test_among_several_clusters_nobody_guesses_where_a_peer_is() -> None:
    lost, east, west = peer("cart-1"), peer("web-1", "east"), peer("web-2", "west")
    names = {one: {Name("", "")} for one in (lost, east, west)}

    census = take_census([call(east, lost), call(west, lost)], names)

    assert lost in census.names
    assert census.moved == {}


def test_nobody_is_in_no_cluster() -> None:
    nobody, lost, east = PeerKey("", "", "", "", ""), peer("cart-1"), peer("web-1", "east")
    names = {one: {Name("", "")} for one in (nobody, lost, east)}

    census = take_census([call(nobody, lost), call(east, lost)], names)

    found = peer("cart-1", "east")
    assert census.settled(call(nobody, lost)) == call(nobody, found)
    assert census.settled(call(east, lost)) == call(east, found)


def test_requests_that_found_no_server_were_meant_for_their_callers_cluster() -> None:
    shy = unanswered(2)
    unlocated = without(shy, "source_cluster", "destination_cluster")
    drawn = view(feed(requests=[unlocated, request(5, target="details-v1")]))

    (edge,) = (edge for edge in drawn.picture.edges.values() if edge["error_ratio"])
    assert edge["target"] == "s/Kubernetes/bookinfo/reviews"
    assert node_named(drawn, "productpage-v1")["cluster"] == "Kubernetes"
