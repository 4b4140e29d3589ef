"""Where a link is drawn: the nodes that its two ends are in a graph of one type."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from graph.core import identity
from graph.core.accounts import Account, Entry
from graph.core.identity import Link, Name, NodeIdentity, PeerKey, ServiceKey
from graph.core.permit import EVERYTHING, Permit, allows, host_namespace
from graph.core.wire import GraphType, NodeKind

# Where traffic comes from or goes to that belongs to no namespace; hosts tell theirs, if any.
_NOBODYS: Collection[NodeKind] = ("external", "passthrough", "blackhole", "unknown")


_CALLERS = identity.outside_node("callers")
_CALLEES = identity.outside_node("callees")


@dataclass(frozen=True, slots=True)
class Directory:
    """Which peers stand behind which service, and which service stands for a peer."""

    behind: Mapping[ServiceKey, frozenset[PeerKey]]
    front: Mapping[PeerKey, ServiceKey]

    @classmethod
    def of(cls, entries: Iterable[Entry], names: Mapping[PeerKey, Name]) -> "Directory":
        """Return the directory of these accounts."""
        behind: defaultdict[ServiceKey, set[PeerKey]] = defaultdict(set)
        traffic: defaultdict[PeerKey, defaultdict[ServiceKey, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        for link, _, _, account, _ in entries:
            if link.service.name and identity.is_known(link.target):
                behind[link.service].add(link.target)
                traffic[link.target][link.service] += _weight(account)
        return cls(
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


class Places:
    """Gives each end of a link its node, working out every peer once."""

    def __init__(
        self,
        graph_type: GraphType,
        names: Mapping[PeerKey, Name],
        kind_of: Callable[[PeerKey], NodeKind],
        directory: Directory,
        collapsed: Collection[str] = (),
        permit: Permit = EVERYTHING,
    ) -> None:
        """``collapsed`` are the namespaces that are one node each, whatever the type.

        What is in no namespace of the ``permit`` has no name and no number of its own.
        """
        self._permit = permit
        self._known = frozenset(peer.namespace for peer in names) if permit else frozenset()
        self._type = graph_type
        self._collapsed = frozenset(collapsed)
        self._whole: dict[tuple[str, str], NodeIdentity] = {}
        self._names = names
        self._kind = kind_of
        self._directory = directory
        self._peers: dict[PeerKey, NodeIdentity] = {}
        self._services: dict[ServiceKey, NodeIdentity] = {}

    def version_of(self, peer: PeerKey) -> str:
        name = self._names.get(peer)
        return name.version if name else ""

    def source(self, link: Link) -> NodeIdentity:
        """Return the caller's node: its service in a service graph, else itself."""
        node = self._caller(link)
        return self._folded(node) if self._is_known(node) else _CALLERS

    def target(self, link: Link) -> NodeIdentity:
        """Return the callee's node, or its service's where no workload answered."""
        node = self._callee(link)
        return self._folded(node) if self._is_known(node) else _CALLEES

    def is_seen(self, node: NodeIdentity) -> bool:
        """Tell whether the viewer may see all that a node does."""
        return allows(self._permit, node.namespace)

    def _is_known(self, node: NodeIdentity) -> bool:
        """Tell whether the viewer may know the node, if only as a neighbour."""
        if not self._permit or self.is_seen(node):
            return True
        if node.namespace or node.kind not in _NOBODYS:
            return False
        place = host_namespace(node.service, self._known)
        return not place or allows(self._permit, place)

    def _folded(self, node: NodeIdentity) -> NodeIdentity:
        """Return the node, or that of its namespace where this is collapsed."""
        if node.namespace not in self._collapsed:
            return node
        place = node.cluster, node.namespace
        whole = self._whole.get(place)
        if whole is None:
            whole = self._whole[place] = identity.namespace_node(*place)
        return whole

    def _caller(self, link: Link) -> NodeIdentity:
        if not identity.is_known(link.source):
            return self._unknown(link.source, link.target.cluster)
        front = self._directory.front.get(link.source)
        if self._type == "service" and front is not None:
            return self._service(front)
        return self._peer(link.source)

    def _callee(self, link: Link) -> NodeIdentity:
        if not identity.is_known(link.target):
            return self._unanswered(link)
        if self._type != "service":
            return self._peer(link.target)
        service = link.service
        if not service.name or identity.is_external(service):
            front = self._directory.front.get(link.target)
            if front is None and not service.name:
                return self._peer(link.target)
            service = front or service
        return self._service(service)

    def _unanswered(self, link: Link) -> NodeIdentity:
        """Return where a request that no workload answered belongs.

        If every workload behind the service is one node in this graph, the request was meant for
        that node; else the service itself is drawn.
        """
        if not link.service.name:
            return self._unknown(link.target, link.source.cluster)
        peers = self._directory.behind.get(link.service, frozenset())
        nodes = {self._peer(peer) for peer in peers} if self._type != "service" else set()
        if len({node.id for node in nodes}) == 1:
            return min(nodes, key=lambda node: node.id)
        return self._service(link.service)

    def _unknown(self, peer: PeerKey, cluster: str) -> NodeIdentity:
        if self._type == "namespace" and peer.namespace:
            return self._drawn_peer(peer, Name("", ""))
        return identity.unknown_node(cluster, peer.namespace)

    def _peer(self, peer: PeerKey) -> NodeIdentity:
        node = self._peers.get(peer)
        if node is None:
            node = self._peers[peer] = self._drawn_peer(peer, self._names[peer])
        return node

    def _drawn_peer(self, peer: PeerKey, name: Name) -> NodeIdentity:
        return identity.peer_node(peer, name, self._type, self._kind(peer))

    def _service(self, service: ServiceKey) -> NodeIdentity:
        node = self._services.get(service)
        if node is None:
            node = self._services[service] = self._drawn_service(service)
        return node

    def _drawn_service(self, service: ServiceKey) -> NodeIdentity:
        if self._type == "namespace" and not identity.is_external(service):
            peer = PeerKey(service.cluster, service.namespace, "", service.name, "")
            return self._drawn_peer(peer, Name(service.name, ""))
        return identity.service_node(service)
