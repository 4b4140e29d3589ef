"""The topology: readings of one window, drawn as one graph type.

Step 1  Settle who is who, and decide which proxy speaks for each pair of peers (`reporters`).
Step 2  Take away what is told twice: shadows of requests (`reporters`), strangers (`strangers`).
Step 3  Give both ends of every link a node of the graph type (`places`). Links that fall on the
        same nodes and protocol become one edge: sums first, ratios and quantiles later.
Step 4  Keep what the view asks for: namespaces, idle edges, the legs through waypoints.

The result is a networkx MultiDiGraph: nodes carry ``identity`` (NodeIdentity) and ``versions``;
edges are keyed by protocol and carry ``tally`` (EdgeTally).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import networkx as nx

from graph.core.accounts import Entry, Reporter
from graph.core.identity import Link, NodeIdentity, PeerKey, operation_node
from graph.core.legs import Legs
from graph.core.places import Directory, Places
from graph.core.readings import Readings
from graph.core.reporters import ReporterRule, Role, pair_of
from graph.core.strangers import Meeting, Taken, met_by, taken_off, without_named
from graph.core.tally import EdgeTally
from graph.core.wire import GraphType, Perspective, Protocol


@dataclass(frozen=True, slots=True)
class Look:
    """How a topology is looked at. An empty scope means all namespaces."""

    graph_type: GraphType
    scope: tuple[str, ...] = ()
    perspective: Perspective = "auto"
    idle: bool = False
    waypoints: bool = False
    operations: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """The accounts of one window, with the rules to read them by."""

    entries: Sequence[Entry]
    rule: ReporterRule
    shadows: Sequence[Entry]
    taken: Mapping[Meeting, Taken]


class Drawn(NamedTuple):
    """An account on an edge, in its role."""

    entry: Entry
    role: Role


@dataclass(slots=True)
class Notes:
    """What a picture is made of."""

    # By the ends and the protocol of an edge: its accounts, and those of others that only tell
    # how safe its connections are.
    drawn: dict[tuple[str, str, Protocol], list[Drawn]] = field(default_factory=dict)
    lent: dict[tuple[str, str, Protocol], list[Entry]] = field(default_factory=dict)
    # What is told twice by a server and by callers that it cannot name.
    taken: Mapping[Meeting, Taken] = field(default_factory=dict)


def build(readings: Readings, look: Look, notes: Notes | None = None) -> "nx.MultiDiGraph[str]":
    """Return the topology that a look at these readings shows; ``notes`` gets what is drawn."""
    told = _told(readings, look)
    directory = Directory.of(told.entries, readings.fast.names)
    painter = _Painter(readings, look, told, Places(look.graph_type, readings, directory), notes)
    for entry in told.entries:
        painter.draw(entry)
    painter.finish()
    if notes is not None:
        notes.taken = told.taken
    if not look.idle:
        _drop_idle(painter.graph)
    return painter.graph


def _told(readings: Readings, look: Look) -> _Told:
    settled = readings.fast.census.settled
    every = [
        Entry(settled(teller[0]), teller[1], teller, account, account.is_alive)
        for teller, account in readings.fast.accounts.items()
    ]
    rule = ReporterRule.of(every, look.perspective)
    plain: list[Entry] = []
    shadows: list[Entry] = []
    for entry in every:
        (shadows if rule.is_shadow(entry.link, entry.reporter) else plain).append(entry)
    taken = taken_off(plain, rule)
    return _Told(without_named(plain, taken), rule, shadows, taken)


class _Painter:
    """Puts accounts on the edges of a graph."""

    def __init__(
        self, readings: Readings, look: Look, told: _Told, places: Places, notes: Notes | None
    ) -> None:
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self._slow = readings.slow
        self._look = look
        self._told = told
        self._places = places
        self._notes = notes
        self._wanted = frozenset(look.scope)
        self._legs = Legs.of(told.entries, places.is_waypoint)
        # Pairs whose servers tell operations apart, which their callers cannot.
        self._by_operation = (
            {pair_of(entry.link) for entry in told.entries if entry.link.operation and entry.alive}
            if look.operations
            else set()
        )

    def draw(self, entry: Entry) -> None:
        """Put one account on its edge, or on two where an operation is drawn in between."""
        link, reporter, _, _, alive = entry
        is_leg = self._legs.is_leg(link)
        if is_leg and not self._look.waypoints:
            return
        source, target = self._places.source(link), self._places.target(link)
        if is_leg and "waypoint" not in (source.kind, target.kind):
            return  # this graph has no node for the waypoint: the leg would fall on the whole
        if self._is_out_of_scope(source) and self._is_out_of_scope(target):
            return
        role = self._role(link, reporter)
        for start, end in self._hops(link, source, target):
            tally = self._edge(start, end, link)
            tally.is_leg = tally.is_leg or is_leg
            tally.add(entry, role, self._slow)
            if self._notes is not None:
                noted = self._notes.drawn.setdefault((start.id, end.id, link.protocol), [])
                noted.append(Drawn(entry, role))
        if alive or self._look.idle:
            self._note_version(source, link.source)
            self._note_version(target, link.target)

    def finish(self) -> None:
        """Settle every edge, with what others know of its connections' security."""
        for edge in self.graph.edges.values():
            tally: EdgeTally = edge["tally"]
            tally.close()
        for shadow in self._told.shadows:
            for protocol in ("http", "grpc"):
                link = shadow.link._replace(protocol=protocol)
                self._lend(link, (shadow,))
        for entry in self._told.entries if self._told.taken else ():
            if (entry.reporter, entry.link.protocol) != ("source", "tcp"):
                continue
            if (meeting := met_by(entry, self._told.taken)) is not None:
                self._lend(entry.link, self._told.taken[meeting].strangers)

    def _lend(self, link: Link, lenders: Sequence[Entry]) -> None:
        """Let others say how safe the connections of an edge are."""
        ends = self._places.source(link).id, self._places.target(link).id, link.protocol
        if not self.graph.has_edge(*ends):
            return
        for lender in lenders:
            self.graph.edges[ends]["tally"].lend_security(lender.account.security)
        if self._notes is not None:
            self._notes.lent.setdefault(ends, []).extend(lenders)

    def _role(self, link: Link, reporter: Reporter) -> Role:
        """Return what the account does here.

        Beside operation nodes a caller's account of all operations together is nobody's other side:
        it would be compared with the few requests that no operation claims.
        """
        role = self._told.rule.role(link, reporter)
        if role.counts or link.operation or pair_of(link) not in self._by_operation:
            return role
        return replace(role, side=None)

    def _is_out_of_scope(self, node: NodeIdentity) -> bool:
        return bool(self._wanted) and node.namespace not in self._wanted

    def _hops(
        self, link: Link, source: NodeIdentity, target: NodeIdentity
    ) -> list[tuple[NodeIdentity, NodeIdentity]]:
        if not (self._look.operations and link.operation) or target.kind == "namespace":
            return [(source, target)]
        between = operation_node(target, link.operation)
        return [(source, between), (between, target)]

    def _edge(self, source: NodeIdentity, target: NodeIdentity, link: Link) -> EdgeTally:
        graph = self.graph
        for node in (source, target):
            if node.id not in graph:
                graph.add_node(node.id, identity=node, versions=set())
        if not graph.has_edge(source.id, target.id, link.protocol):
            graph.add_edge(source.id, target.id, key=link.protocol, tally=EdgeTally(link.protocol))
        tally: EdgeTally = graph.edges[source.id, target.id, link.protocol]["tally"]
        return tally

    def _note_version(self, node: NodeIdentity, peer: PeerKey) -> None:
        version = self._places.version_of(peer)
        if version and node.kind != "namespace":
            self.graph.nodes[node.id]["versions"].add(version)


def _drop_idle(graph: "nx.MultiDiGraph[str]") -> None:
    """Remove edges without traffic in the window, and the nodes that only they held."""
    idle = [edge for edge, data in graph.edges.items() if not data["tally"].total.is_moving]
    graph.remove_edges_from(idle)
    graph.remove_nodes_from([node for node, degree in list(graph.degree()) if degree == 0])
