"""Every kind of node: its id, its kind, and each name that it carries."""

import pytest

from graph.core.identity import (
    Name,
    NodeIdentity,
    PeerKey,
    ServiceKey,
    is_external,
    operation_node,
    peer_node,
    service_node,
    unknown_node,
)
from graph.core.naming import grouped
from graph.core.wire import GraphType

PEER = PeerKey("east", "shop", "cart-v1", "", "")
NAMED = Name("cart", "v1")
WORKLOAD = NodeIdentity(
    "w/east/shop/cart-v1", "workload", "cart-v1", "east", "shop", "cart-v1", "cart", "v1"
)
GATEWAY = NodeIdentity(
    "w/east/shop/cart-v1", "gateway", "cart-v1", "east", "shop", "cart-v1", "cart", "v1"
)
APP = NodeIdentity("a/east/shop/cart", "app", "cart", "east", "shop", app="cart")
VERSION = NodeIdentity(
    "v/east/shop/cart/v1", "app", "cart", "east", "shop", app="cart", version="v1"
)
NAMESPACE = NodeIdentity("n/east/shop", "namespace", "shop", "east", "shop")


@pytest.mark.parametrize(
    ("graph_type", "node"),
    [
        ("workload", WORKLOAD),
        ("app", APP),
        ("service", APP),
        ("versioned_app", VERSION),
        ("namespace", NAMESPACE),
    ],
)
def test_a_workload_in_every_graph(graph_type: GraphType, node: NodeIdentity) -> None:
    assert peer_node(PEER, NAMED, graph_type, "workload") == node


@pytest.mark.parametrize("graph_type", ["workload", "app", "service", "versioned_app"])
def test_istios_own_proxies_stay_themselves(graph_type: GraphType) -> None:
    assert peer_node(PEER, NAMED, graph_type, "gateway") == GATEWAY


def test_a_peer_without_workload_is_its_version_or_its_app() -> None:
    peer = PeerKey("east", "shop", "", "cart", "v1")

    assert peer_node(peer, NAMED, "workload", "workload") == VERSION
    assert peer_node(peer, Name("cart", ""), "workload", "workload") == APP


def test_a_peer_without_namespace_is_itself_in_a_graph_of_namespaces() -> None:
    node = peer_node(PEER._replace(namespace=""), NAMED, "namespace", "workload")

    assert (node.id, node.kind, node.name) == ("a/east//cart", "app", "cart")


@pytest.mark.parametrize(
    ("service", "node"),
    [
        (
            ServiceKey("east", "shop", "cart"),
            NodeIdentity("s/east/shop/cart", "service", "cart", "east", "shop", service="cart"),
        ),
        (
            ServiceKey("east", "shop", "api.stripe.com"),
            NodeIdentity(
                "x/api.stripe.com", "external", "api.stripe.com", service="api.stripe.com"
            ),
        ),
        (
            ServiceKey("east", "", "PassthroughCluster"),
            NodeIdentity(
                "p/east",
                "passthrough",
                "PassthroughCluster",
                "east",
                service="PassthroughCluster",
            ),
        ),
        (
            ServiceKey("east", "", "BlackHoleCluster"),
            NodeIdentity(
                "b/east", "blackhole", "BlackHoleCluster", "east", service="BlackHoleCluster"
            ),
        ),
        (
            ServiceKey("east", "", "InboundPassthroughCluster"),
            NodeIdentity(
                "i/east",
                "passthrough",
                "InboundPassthroughCluster",
                "east",
                service="InboundPassthroughCluster",
            ),
        ),
    ],
)
def test_services_hosts_and_envoys_clusters(service: ServiceKey, node: NodeIdentity) -> None:
    assert service_node(service) == node


@pytest.mark.parametrize(
    ("name", "namespace", "external"),
    [("cart", "shop", False), ("cart", "", True), ("a.b", "shop", True), ("a.b", "", True)],
)
def test_hosts_have_dots_or_no_namespace(name: str, namespace: str, external: bool) -> None:
    assert is_external(ServiceKey("", namespace, name)) is external


def test_the_unknown_are_one_node_per_cluster_and_namespace() -> None:
    assert unknown_node() == NodeIdentity("u/", "unknown", "unknown")
    assert unknown_node("east") == NodeIdentity("u/east", "unknown", "unknown", "east")
    assert unknown_node("east", "shop") == NodeIdentity(
        "u/east/shop", "unknown", "unknown", "east", "shop"
    )


def test_an_operation_belongs_to_its_target() -> None:
    target = service_node(ServiceKey("east", "shop", "cart"))

    assert operation_node(target, "GET /") == NodeIdentity(
        "o/s%2Feast%2Fshop%2Fcart/GET%20%2F",
        "operation",
        "GET /",
        "east",
        "shop",
        service="cart",
    )
    assert operation_node(APP, "buy").app == "cart"


def test_a_family_goes_by_its_pattern_without_the_namespace() -> None:
    families = ("bank/tenant-*", "tenant-*-db")

    assert grouped("bank", "tenant-7", families) == "tenant-*"
    assert grouped("shop", "tenant-7", families) == "tenant-7"
    assert grouped("shop", "tenant-7-db", families) == "tenant-*-db"
    assert grouped("bank", "", families) == ""
