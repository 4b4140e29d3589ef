"""Who is who: from Istio's labels to peers, services and the nodes of each graph type.

Istio names one workload in several ways (workload, canonical service, app) and leaves any of them
out. Absent, "" and "unknown" all mean the same: not known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import quote

from graph.core import naming
from graph.core.wire import GraphType, NodeKind, Protocol

# "-" is what Kmesh writes for a principal it does not know.
_UNKNOWN = frozenset({"", "unknown", "-"})

# What Kubernetes allows in names needs no encoding; asking is ten times as fast as encoding.
_PLAIN = re.compile(r"[A-Za-z0-9._-]*").fullmatch

# "Service names" with which Envoy says that it knew of no service.
_INBOUND = "InboundPassthroughCluster"
_CLUSTER_KINDS: Mapping[str, NodeKind] = {
    "PassthroughCluster": "passthrough",
    "BlackHoleCluster": "blackhole",
    _INBOUND: "passthrough",
}


def known(value: str | None) -> str:
    """Return the label's value, or "" when Istio did not know it."""
    return "" if value is None or value in _UNKNOWN else value


class PeerKey(NamedTuple):
    """One end of a link. ``app`` and ``version`` are only part of it when the workload is unknown:
    the two proxies of one request sometimes disagree on them, never on the workload."""

    cluster: str
    namespace: str
    workload: str
    app: str
    version: str


class ServiceKey(NamedTuple):
    """The service that was asked for; ``name`` "" when the link has none."""

    cluster: str
    namespace: str
    name: str


class Link(NamedTuple):
    """The finest thing that is counted: one peer calling another through one service."""

    source: PeerKey
    target: PeerKey
    service: ServiceKey
    protocol: Protocol
    # The class of the request, where the mesh labels it (request_operation).
    operation: str = ""


class Name(NamedTuple):
    """What is known of a peer beyond its key."""

    app: str
    version: str


@dataclass(frozen=True, slots=True)
class NodeIdentity:
    """A node of one graph type, before any number is attached."""

    id: str
    kind: NodeKind
    name: str
    cluster: str = ""
    namespace: str = ""
    workload: str = ""
    app: str = ""
    version: str = ""
    service: str = ""


def node_id(letter: str, *parts: str) -> str:
    """Return an id that no label value can forge: every part is percent-encoded."""
    return "/".join((letter, *(part if _PLAIN(part) else quote(part, safe="") for part in parts)))


def edge_id(source: str, target: str, protocol: Protocol) -> str:
    """Return the id of the edge; node ids are percent-encoded and so never contain "|"."""
    return f"{source}|{target}|{protocol}"


def parse_protocol(labels: Mapping[str, str], default: Protocol = "http") -> Protocol:
    """Return the protocol family; overrides such as "HTTP/1.1" count as http."""
    value = labels.get("request_protocol", "").lower()
    if value == "grpc":
        return "grpc"
    if value in {"tcp", "mongo", "mysql", "redis", "tls"}:
        return "tcp"
    return "http" if value else default


def parse_peer(
    labels: Mapping[str, str], end: str, groups: tuple[str, ...] = ()
) -> tuple[PeerKey, Name]:
    """Return the peer at ``end`` ("source" or "destination") and its app and version.

    Canonical service and revision first, then app and version, as Istio's own dashboards do.
    """
    workload = known(labels.get(f"{end}_workload"))
    app = known(labels.get(f"{end}_canonical_service")) or known(labels.get(f"{end}_app"))
    version = known(labels.get(f"{end}_canonical_revision"))
    if not version or version == "latest":  # "latest" is Istio's word for "nobody said"
        version = known(labels.get(f"{end}_version"))
    namespace = known(labels.get(f"{end}_workload_namespace"))
    if groups:
        workload = naming.grouped(namespace, workload, groups)
        app = naming.grouped(namespace, app, groups)
    cluster = known(labels.get(f"{end}_cluster"))
    name = Name(app, version)
    if workload:
        return PeerKey(cluster, namespace, workload, "", ""), name
    return PeerKey(cluster, namespace, "", app, version if app else ""), name


def parse_service(labels: Mapping[str, str], groups: tuple[str, ...] = ()) -> ServiceKey:
    """Return the service asked for; its cluster is where the answer came from."""
    name = known(labels.get("destination_service_name")) or known(labels.get("destination_service"))
    namespace = known(labels.get("destination_service_namespace"))
    if name.startswith(_INBOUND):  # older proxies append Ipv4 or Ipv6
        name = _INBOUND
    elif groups:
        name = naming.grouped(namespace, name, groups)
    return ServiceKey(known(labels.get("destination_cluster")), namespace, name)


def parse_link(
    labels: Mapping[str, str], default: Protocol = "http", groups: tuple[str, ...] = ()
) -> tuple[Link, Name, Name]:
    """Return the link of one series and the names of its two ends.

    A destination cluster that the client did not learn is taken to be its own, as long as the
    service is known: a request that never left has no answering cluster (istio#29373).
    """
    source, source_name = parse_peer(labels, "source", groups)
    target, target_name = parse_peer(labels, "destination", groups)
    service = parse_service(labels, groups)
    if service.name == _INBOUND and is_known(target):
        service = service._replace(name="")  # it went to the pod itself, through no service
    if not target.cluster and source.cluster and service.namespace:
        target = target._replace(cluster=source.cluster)
        service = service._replace(cluster=source.cluster)
    protocol = parse_protocol(labels, default)
    operation = known(labels.get("request_operation"))
    return Link(source, target, service, protocol, operation), source_name, target_name


def is_known(peer: PeerKey) -> bool:
    """Tell whether the peer has a name of its own."""
    return bool(peer.workload or peer.app)


def unknown_node(cluster: str = "", namespace: str = "") -> NodeIdentity:
    """Return the node for peers that no proxy could name; of some, the namespace is known."""
    parts = (cluster, namespace) if namespace else (cluster,)
    return NodeIdentity(
        node_id("u", *parts), "unknown", "unknown", cluster=cluster, namespace=namespace
    )


def outside_node(end: Literal["callers", "callees"]) -> NodeIdentity:
    """Return the node for all peers that the viewer may not know: nothing in it tells who."""
    return NodeIdentity(node_id("z", end), "outside", "outside")


def operation_node(target: NodeIdentity, operation: str) -> NodeIdentity:
    """Return the node of one class of requests to a node."""
    return NodeIdentity(
        node_id("o", target.id, operation),
        "operation",
        operation,
        target.cluster,
        target.namespace,
        app=target.app,
        service=target.service,
    )


def service_node(service: ServiceKey) -> NodeIdentity:
    """Return the node of a service, an external host, or a cluster that stands for "no service"."""
    kind = _CLUSTER_KINDS.get(service.name)
    if kind is not None:
        letter = "i" if service.name == _INBOUND else kind[0]
        return NodeIdentity(
            node_id(letter, service.cluster),
            kind,
            service.name,
            service.cluster,
            service=service.name,
        )
    if is_external(service):
        return NodeIdentity(
            node_id("x", service.name), "external", service.name, service=service.name
        )
    return NodeIdentity(
        node_id("s", service.cluster, service.namespace, service.name),
        "service",
        service.name,
        service.cluster,
        service.namespace,
        service=service.name,
    )


def is_external(service: ServiceKey) -> bool:
    """Tell whether the service lies outside the mesh: a host name, or one without a namespace.

    Services of the cluster go by their short name; ServiceEntry hosts keep their dots.
    """
    return "." in service.name or not service.namespace


def peer_node(peer: PeerKey, name: Name, graph_type: GraphType, kind: NodeKind) -> NodeIdentity:
    """Return the node that stands for a known peer in a graph of this type.

    ``kind`` is what its names say it is: "workload", or one of Istio's own proxies.

    A service graph has no workloads; there the caller maps the peer to a service first and comes
    here only for peers without one (entry points), which are drawn as their app.
    """
    if graph_type == "namespace" and peer.namespace:
        return namespace_node(peer.cluster, peer.namespace)
    if peer.workload and (graph_type == "workload" or kind != "workload" or not name.app):
        return _workload_node(peer, name, kind)
    if graph_type in ("versioned_app", "workload") and name.version:
        return _versioned_app_node(peer, name)
    return NodeIdentity(
        node_id("a", peer.cluster, peer.namespace, name.app),
        "app",
        name.app,
        peer.cluster,
        peer.namespace,
        app=name.app,
    )


def namespace_node(cluster: str, namespace: str) -> NodeIdentity:
    """Return the node that stands for all of a namespace."""
    return NodeIdentity(
        node_id("n", cluster, namespace), "namespace", namespace, cluster, namespace
    )


def _workload_node(peer: PeerKey, name: Name, kind: NodeKind) -> NodeIdentity:
    return NodeIdentity(
        node_id("w", peer.cluster, peer.namespace, peer.workload),
        kind,
        peer.workload,
        peer.cluster,
        peer.namespace,
        workload=peer.workload,
        app=name.app,
        version=name.version,
    )


def _versioned_app_node(peer: PeerKey, name: Name) -> NodeIdentity:
    return NodeIdentity(
        node_id("v", peer.cluster, peer.namespace, name.app, name.version),
        "app",
        name.app,
        peer.cluster,
        peer.namespace,
        app=name.app,
        version=name.version,
    )
