"""What is read from the labels of one series."""

import pytest

from graph.core.identity import (
    Link,
    Name,
    PeerKey,
    parse_link,
    parse_peer,
    parse_protocol,
    parse_service,
)
from graph.core.naming import proxy_kind
from graph.core.wire import Protocol
from tests.make import labels

PASSED = "InboundPassthroughCluster"


@pytest.mark.parametrize(
    ("value", "default", "protocol"),
    [
        ("http", "tcp", "http"),
        ("HTTP/1.1", "tcp", "http"),
        ("GRPC", "http", "grpc"),
        ("Mongo", "http", "tcp"),
        ("", "tcp", "tcp"),
        ("", "http", "http"),
    ],
)
def test_protocol_is_a_family(value: str, default: Protocol, protocol: Protocol) -> None:
    assert parse_protocol({"request_protocol": value}, default) == protocol


@pytest.mark.parametrize(
    ("source_app", "version", "peer"),
    [
        ("web", "v2", PeerKey("c", "shop", "", "web", "v2")),
        ("unknown", "v2", PeerKey("c", "shop", "", "", "")),
    ],
)
def test_peer_without_a_workload_is_known_by_app_and_version(
    source_app: str, version: str, peer: PeerKey
) -> None:
    told = {
        "source_workload": "unknown",
        "source_workload_namespace": "shop",
        "source_cluster": "c",
        "source_canonical_service": source_app,
        "source_canonical_revision": version,
    }

    assert parse_peer(told, "source")[0] == peer


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"destination_service_name": "cart", "destination_service": "cart.shop"}, "cart"),
        ({"destination_service_name": "unknown", "destination_service": "cart.shop"}, "cart.shop"),
        ({"destination_service": "cart.shop"}, "cart.shop"),
        (
            {"destination_service_name": "InboundPassthroughClusterIpv6"},
            "InboundPassthroughCluster",
        ),
        ({}, ""),
    ],
)
def test_service_goes_by_its_short_name_where_it_has_one(told: dict[str, str], name: str) -> None:
    assert parse_service(told).name == name


def test_what_went_to_a_pod_itself_went_through_no_service() -> None:
    link = parse_link(labels(destination_service_name="InboundPassthroughClusterIpv4"))[0]

    assert link.service.name == ""
    assert link.target.workload == "reviews-v1"


def test_both_ends_and_the_service_belong_to_families() -> None:
    told = labels(source="job-17", target="job-18", destination_service_name="job-18")

    link, source, target = parse_link(told, groups=("bookinfo/job*",))

    assert (link.source.workload, link.target.workload, link.service.name) == ("job*",) * 3
    assert (source, target) == (Name("job*", "17"), Name("job*", "18"))


@pytest.mark.parametrize(
    ("namespace", "workload", "kind"),
    [
        ("edge", "front-1", "gateway"),
        ("shop", "front-1", "workload"),
        ("edge", "cart", "workload"),
        ("edge", "front-waypoint", "gateway"),
        ("edge", "way-1", "waypoint"),
    ],
)
def test_what_the_operator_calls_a_gateway_is_one(namespace: str, workload: str, kind: str) -> None:
    told = proxy_kind(namespace, workload, gateways=("edge/front-*",), waypoints=("edge/way-*",))

    assert told == kind


def test_a_link_without_any_label_is_from_nobody_to_nobody() -> None:
    nobody = PeerKey("", "", "", "", "")

    link = parse_link({})[0]

    assert link == Link(nobody, nobody, parse_service({}), "http", "")
