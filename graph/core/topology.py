"""The topology: readings of one window, drawn as one graph type.

Step 1  Decide which proxy speaks for each pair of peers (`tally.ReporterRule`).
Step 2  Give both ends of every link a node of the graph type. Links that fall on the same nodes and
        protocol become one edge: sums first, ratios and quantiles later.
Step 3  Keep what the scope lets through: edges with at least one end in its namespaces.

The result is a networkx MultiDiGraph: nodes carry ``identity`` (NodeIdentity) and ``versions``;
edges are keyed by protocol and carry ``tally`` (EdgeTally).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import networkx as nx

from graph.core import identity
from graph.core.identity import Link, Name, NodeIdentity, PeerKey, ServiceKey
from graph.core.readings import Account, Readings
from graph.core.tally import EdgeTally, ReporterRule, add_account, is_alive
from graph.core.wire import GraphType


@dataclass(frozen=True, slots=True)
class _Directory:
    """Which peers stand behind which service, weighed by traffic."""

    names: Mapping[PeerKey, Name]
    behind: Mapping[ServiceKey, frozenset[PeerKey]]
    front: Mapping[PeerKey, ServiceKey]


def build(
    readings: Readings, graph_type: GraphType, scope: Collection[str]
) -> "nx.MultiDiGraph[str]":
    """Return the topology of one graph type; an empty scope means all namespaces."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    rule = ReporterRule.of(readings)
    places = _Places(graph_type, _directory(readings))
    wanted = frozenset(scope)
    for teller, account in readings.fast.accounts.items():
        link, _ = teller
        source, target = places.source(link), places.target(link)
        if wanted and source.namespace not in wanted and target.namespace not in wanted:
            continue
        tally = _edge(graph, source, target, link)
        add_account(tally, teller, account, rule, readings.slow)
        if is_alive(account):
            _note_versions(graph, places, source, link.source)
            _note_versions(graph, places, target, link.target)
    _drop_idle(graph)
    return graph


def _edge(
    graph: "nx.MultiDiGraph[str]", source: NodeIdentity, target: NodeIdentity, link: Link
) -> EdgeTally:
    for node in (source, target):
        if node.id not in graph:
            graph.add_node(node.id, identity=node, versions=set())
    if not graph.has_edge(source.id, target.id, link.protocol):
        graph.add_edge(source.id, target.id, key=link.protocol, tally=EdgeTally(link.protocol))
    tally: EdgeTally = graph.edges[source.id, target.id, link.protocol]["tally"]
    return tally


def _note_versions(
    graph: "nx.MultiDiGraph[str]", places: "_Places", node: NodeIdentity, peer: PeerKey
) -> None:
    version = places.version_of(peer)
    if version and node.kind != "namespace":
        graph.nodes[node.id]["versions"].add(version)


def _drop_idle(graph: "nx.MultiDiGraph[str]") -> None:
    """Remove edges without traffic in the window, and the nodes that only they held."""
    idle = [edge for edge, data in graph.edges.items() if not _is_moving(data["tally"])]
    graph.remove_edges_from(idle)
    graph.remove_nodes_from([node for node, degree in list(graph.degree()) if degree == 0])


def _is_moving(tally: EdgeTally) -> bool:
    total = tally.total
    return (
        any(rps > 0 for rps in total.outcomes.values())
        or (tally.protocol == "tcp" and bool(total.sent_bps or total.received_bps))
        or bool(total.connections_per_s)
    )


def _directory(readings: Readings) -> _Directory:
    behind: defaultdict[ServiceKey, set[PeerKey]] = defaultdict(set)
    traffic: defaultdict[PeerKey, defaultdict[ServiceKey, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for (link, _), account in readings.fast.accounts.items():
        if link.service.name and identity.is_known(link.target):
            behind[link.service].add(link.target)
            traffic[link.target][link.service] += _weight(account)
    names = readings.fast.names
    return _Directory(
        names,
        {service: frozenset(peers) for service, peers in behind.items()},
        {peer: _front_of(names[peer], services) for peer, services in traffic.items()},
    )


def _weight(account: Account) -> float:
    """Return a rough measure of traffic, only used to prefer one of a peer's services."""
    return sum(account.outcomes.values()) + (account.connections_per_s or 0.0)


def _front_of(name: Name, services: Mapping[ServiceKey, float]) -> ServiceKey:
    """Return the one service that stands for a peer that several services lead to.

    Its calls must be drawn from one of them, or they would be counted twice: the service named like
    the app, else the busiest.
    """
    return max(services, key=lambda service: (service.name == name.app, services[service], service))


class _Places:
    """Gives each end of a link its node, parsing every peer once."""

    def __init__(self, graph_type: GraphType, directory: _Directory) -> None:
        self._type = graph_type
        self._directory = directory
        self._peers: dict[PeerKey, NodeIdentity] = {}
        self._services: dict[ServiceKey, NodeIdentity] = {}

    def version_of(self, peer: PeerKey) -> str:
        name = self._directory.names.get(peer)
        return name.version if name else ""

    def source(self, link: Link) -> NodeIdentity:
        """Return the caller's node: its service in a service graph, else itself."""
        if not identity.is_known(link.source):
            return identity.unknown_node(link.target.cluster)
        front = self._directory.front.get(link.source)
        if self._type == "service" and front is not None:
            return self._service(front)
        return self._peer(link.source)

    def target(self, link: Link) -> NodeIdentity:
        """Return the callee's node, or its service's where no workload answered."""
        if not identity.is_known(link.target):
            return self._unanswered(link)
        if self._type == "service" and link.service.name:
            return self._service(
                self._directory.front.get(link.target, link.service)
                if identity.is_external(link.service)
                else link.service
            )
        return self._peer(link.target)

    def _unanswered(self, link: Link) -> NodeIdentity:
        """Return where a request that no workload answered belongs.

        If every workload behind the service is one node in this graph, the request was meant for
        that node; else the service itself is drawn.
        """
        if not link.service.name:
            return identity.unknown_node(link.source.cluster)
        peers = self._directory.behind.get(link.service, frozenset())
        nodes = {self._peer(peer) for peer in peers} if self._type != "service" else set()
        if len({node.id for node in nodes}) == 1:
            return min(nodes, key=lambda node: node.id)
        return self._service(link.service)

    def _peer(self, peer: PeerKey) -> NodeIdentity:
        node = self._peers.get(peer)
        if node is None:
            name = self._directory.names[peer]
            node = self._peers[peer] = identity.peer_node(peer, name, self._type)
        return node

    def _service(self, service: ServiceKey) -> NodeIdentity:
        node = self._services.get(service)
        if node is None:
            node = self._services[service] = self._drawn_service(service)
        return node

    def _drawn_service(self, service: ServiceKey) -> NodeIdentity:
        if self._type == "namespace" and not identity.is_external(service):
            return identity.peer_node(
                PeerKey(service.cluster, service.namespace, "", service.name, ""),
                Name(service.name, ""),
                "namespace",
            )
        return identity.service_node(service)
