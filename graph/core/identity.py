"""Who is who: from Istio's labels to peers, services and the nodes of each graph type.

Istio names one workload in several ways (workload, canonical service, app) and leaves any of them
out. Absent, "" and "unknown" all mean the same: not known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from graph.core.wire import GraphType, NodeKind, Protocol

# "-" is what Kmesh writes for a principal it does not know.
_UNKNOWN = frozenset({"", "unknown", "-"})

# Names that Istio's installers and its gateway controller give to gateways: there is no label
# that says "gateway" in the request metrics.
_GATEWAY_NAME = re.compile(r"(^|-)((in|e)gress-?)?gateway(-(istio|v?\d+))?$|^istio-\w*gateway")
_WAYPOINT_NAME = re.compile(r"(^|-)waypoint(-proxy)?$")

# What Kubernetes allows in names needs no encoding; asking is ten times as fast as encoding.
_PLAIN = re.compile(r"[A-Za-z0-9._-]*").fullmatch

_EGRESS_KINDS: Mapping[str, NodeKind] = {
    "PassthroughCluster": "passthrough",
    "BlackHoleCluster": "blackhole",
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


@dataclass(frozen=True, slots=True)
class Name:
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


def parse_peer(labels: Mapping[str, str], end: str) -> tuple[PeerKey, Name]:
    """Return the peer at ``end`` ("source" or "destination") and its app and version.

    Canonical service and revision first, then app and version, as Istio's own dashboards do.
    """
    workload = known(labels.get(f"{end}_workload"))
    app = known(labels.get(f"{end}_canonical_service")) or known(labels.get(f"{end}_app"))
    version = known(labels.get(f"{end}_canonical_revision"))
    if not version or version == "latest":  # "latest" is Istio's word for "nobody said"
        version = known(labels.get(f"{end}_version"))
    namespace = known(labels.get(f"{end}_workload_namespace"))
    cluster = known(labels.get(f"{end}_cluster"))
    name = Name(app, version)
    if workload:
        return PeerKey(cluster, namespace, workload, "", ""), name
    return PeerKey(cluster, namespace, "", app, version if app else ""), name


def parse_service(labels: Mapping[str, str]) -> ServiceKey:
    """Return the service asked for; its cluster is where the answer came from."""
    name = known(labels.get("destination_service_name")) or known(labels.get("destination_service"))
    return ServiceKey(
        known(labels.get("destination_cluster")),
        known(labels.get("destination_service_namespace")),
        name,
    )


def parse_link(labels: Mapping[str, str], default: Protocol = "http") -> tuple[Link, Name, Name]:
    """Return the link of one series and the names of its two ends.

    A destination cluster that the client did not learn is taken to be its own, as long as the
    service is known: a request that never left has no answering cluster (istio#29373).
    """
    source, source_name = parse_peer(labels, "source")
    target, target_name = parse_peer(labels, "destination")
    service = parse_service(labels)
    if not target.cluster and source.cluster and service.namespace:
        target = target._replace(cluster=source.cluster)
        service = service._replace(cluster=source.cluster)
    return Link(source, target, service, parse_protocol(labels, default)), source_name, target_name


def is_known(peer: PeerKey) -> bool:
    """Tell whether the peer has a name of its own."""
    return bool(peer.workload or peer.app)


def peer_kind(workload: str, fallback: NodeKind) -> NodeKind:
    """Return gateway or waypoint when the workload is named like one, else the fallback."""
    if _WAYPOINT_NAME.search(workload):
        return "waypoint"
    if _GATEWAY_NAME.search(workload):
        return "gateway"
    return fallback


def unknown_node(cluster: str = "") -> NodeIdentity:
    """Return the node for callers that no proxy could name."""
    return NodeIdentity(node_id("u", cluster), "unknown", "unknown", cluster=cluster)


def service_node(service: ServiceKey) -> NodeIdentity:
    """Return the node of a service, an external host, or one of Istio's egress clusters."""
    kind = _EGRESS_KINDS.get(service.name)
    if kind is not None:
        letter = kind[0]
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


def peer_node(peer: PeerKey, name: Name, graph_type: GraphType) -> NodeIdentity:
    """Return the node that stands for a known peer in a graph of this type.

    A service graph has no workloads; there the caller maps the peer to a service first and comes
    here only for peers without one (entry points), which are drawn as their app.
    """
    kind = peer_kind(peer.workload, "workload")
    if graph_type == "namespace" and peer.namespace:
        return _namespace_node(peer)
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


def _namespace_node(peer: PeerKey) -> NodeIdentity:
    return NodeIdentity(
        node_id("n", peer.cluster, peer.namespace),
        "namespace",
        peer.namespace,
        peer.cluster,
        peer.namespace,
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
