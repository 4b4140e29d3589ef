"""The topology: readings of one window, drawn as one graph type.

Step 1  Settle who is who, and decide which proxy speaks for each pair of peers (`reporters`).
Step 2  Take away what is told twice: shadows of requests (`reporters`), strangers (`strangers`).
Step 3  Give both ends of every link a node of the graph type, or that of a namespace which is
        collapsed (`places`). Links that fall on the
        same nodes and protocol become one edge: sums first, ratios and quantiles later.
Step 4  Keep what the view asks for: namespaces, idle edges, the legs through waypoints.

The result is a networkx MultiDiGraph: nodes carry ``identity`` (NodeIdentity) and ``versions``;
edges are keyed by protocol and carry ``tally`` (EdgeTally).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import networkx as nx

from graph.core.accounts import Entry
from graph.core.identity import Link, NodeIdentity, PeerKey, operation_node
from graph.core.permit import EVERYTHING, Permit
from graph.core.readings import Readings
from graph.core.reporters import Role
from graph.core.scene import EndsKey, Scene
from graph.core.strangers import Meeting, Taken
from graph.core.tally import EdgeTally, Line, lost
from graph.core.wire import GraphType, Perspective


@dataclass(frozen=True, slots=True)
class Look:
    """How a topology is looked at. An empty scope means all namespaces."""

    graph_type: GraphType
    scope: tuple[str, ...] = ()
    perspective: Perspective = "auto"
    idle: bool = False
    waypoints: bool = False
    operations: bool = False
    # Namespaces drawn as one node each, whatever the type.
    collapsed: tuple[str, ...] = ()
    # Which namespaces may be seen: all that lies outside is two nodes without a name.
    permit: Permit = EVERYTHING


class Drawn(NamedTuple):
    """An account on an edge, in its role."""

    entry: Entry
    role: Role


@dataclass(slots=True)
class Notes:
    """What a picture is made of."""

    # By the ends and the protocol of an edge: its accounts, and those of others that only tell
    # how safe its connections are.
    drawn: dict[EndsKey, list[Drawn]] = field(default_factory=dict)
    lent: dict[EndsKey, list[Entry]] = field(default_factory=dict)
    # What is told twice by a server and by callers that it cannot name.
    taken: Mapping[Meeting, Taken] = field(default_factory=dict)


def build(readings: Readings, look: Look, notes: Notes | None = None) -> "nx.MultiDiGraph[str]":
    """Return the topology that a look at these readings shows; ``notes`` gets what is drawn."""
    scene = Scene.of(readings)
    painter = _Painter(scene, look, notes)
    painter.draw_all(scene.lines(readings.slow))
    if notes is not None:
        notes.taken = scene.taken
    return painter.finished()


def size(readings: Readings, look: Look) -> tuple[int, int]:
    """Return how many nodes and edges `build` would return, without adding anything up."""
    scene = Scene.of(readings)
    ends: set[str] = set()
    edges: set[EndsKey] = set()
    for stroke in _strokes(scene, look, scene.lines(readings.slow)):
        if look.idle or _moves(stroke):
            start, end = stroke.start.id, stroke.end.id
            ends.update((start, end))
            edges.add((start, end, stroke.line.entry.link.protocol))
    return len(ends), len(edges)


class _Stroke(NamedTuple):
    """An account on one edge, which ``begins`` at its caller and ``arrives`` at its server."""

    line: Line
    role: Role
    start: NodeIdentity
    end: NodeIdentity
    is_leg: bool
    begins: bool
    arrives: bool


def _strokes(scene: Scene, look: Look, lines: Sequence[Line]) -> Iterator[_Stroke]:
    """Yield every account in scope on its edge, or on two where an operation is in between."""
    stage = scene.stage(look.graph_type, look.collapsed, look.permit)
    legs, roles = scene.legs, scene.roles(look.perspective)
    for i in stage.of(look.scope):
        source, target = stage.ends[i]
        is_leg = legs[i]
        # Without a node for the waypoint the leg would fall on the whole.
        if is_leg and not (look.waypoints and "waypoint" in (source.kind, target.kind)):
            continue
        line, role = lines[i], roles[i]
        if not look.operations:
            yield _Stroke(line, role, source, target, is_leg, True, True)
            continue
        role = _beside_operations(scene, line.entry.link, role)
        for start, end in _hops(line.entry.link, source, target):
            yield _Stroke(line, role, start, end, is_leg, start is source, end is target)


def _moves(stroke: _Stroke) -> bool:
    """Tell whether the account makes its edge one that the window saw traffic on."""
    if stroke.role.counts:
        volume = stroke.line.volume
        return stroke.line.entry.alive or bool(volume and (volume.sent_bps or volume.received_bps))
    return stroke.role.adds_unreached and bool(lost(stroke.line))


def _beside_operations(scene: Scene, link: Link, role: Role) -> Role:
    """Return what the account does beside operation nodes.

    There a caller's account of all operations together is nobody's other side: it would be
    compared with the few requests that no operation claims.
    """
    if role.counts or link.operation or not scene.is_classified(link):
        return role
    return replace(role, side=None)


def _hops(
    link: Link, source: NodeIdentity, target: NodeIdentity
) -> Sequence[tuple[NodeIdentity, NodeIdentity]]:
    if not link.operation or target.kind in ("namespace", "outside"):
        return ((source, target),)
    between = operation_node(target, link.operation)
    return ((source, between), (between, target))


class _Painter:
    """Puts accounts on the edges of a graph."""

    def __init__(self, scene: Scene, look: Look, notes: Notes | None) -> None:
        self._scene = scene
        self._look = look
        self._notes = notes
        self._places = scene.places(look.graph_type, look.collapsed, look.permit)
        self._stage = scene.stage(look.graph_type, look.collapsed, look.permit)
        # In the order in which accounts come, as nodes and edges are listed.
        self._nodes: dict[str, NodeIdentity] = {}
        self._versions: defaultdict[str, set[str]] = defaultdict(set)
        self._tallies: dict[EndsKey, EdgeTally] = {}

    def draw_all(self, lines: Sequence[Line]) -> None:
        """Put every account in scope on its edge."""
        for stroke in _strokes(self._scene, self._look, lines):
            self._draw(*stroke)

    def _draw(
        self,
        line: Line,
        role: Role,
        start: NodeIdentity,
        end: NodeIdentity,
        is_leg: bool,
        begins: bool,
        arrives: bool,
    ) -> None:
        link = line.entry.link
        key = start.id, end.id, link.protocol
        tally = self._tallies.get(key)
        if tally is None:
            self._nodes.setdefault(start.id, start)
            self._nodes.setdefault(end.id, end)
            tally = self._tallies[key] = EdgeTally(link.protocol)
        tally.is_leg = tally.is_leg or is_leg
        tally.add(line, role)
        if self._notes is not None:
            self._notes.drawn.setdefault(key, []).append(Drawn(line.entry, role))
        if line.entry.alive or self._look.idle:
            if begins:
                self._note_version(start, link.source)
            if arrives:
                self._note_version(end, link.target)

    def finished(self) -> "nx.MultiDiGraph[str]":
        """Return the graph, with what others know of its connections' security."""
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        kept = self._settled()
        touched = {node for source, target, _ in kept for node in (source, target)}
        for name, identity in self._nodes.items():
            if name in touched:
                graph.add_node(name, identity=identity, versions=self._versions[name])
        for (source, target, protocol), tally in kept.items():
            graph.add_edge(source, target, key=protocol, tally=tally)
        return graph

    def _settled(self) -> Mapping[EndsKey, EdgeTally]:
        """Return the tallies of the edges that are wanted; nodes stay for their edges alone."""
        lenders = self._stage.lenders
        for key, tally in self._tallies.items():
            tally.close()
            for lender in lenders.get(key, ()):
                tally.lend_security(lender.account.security)
            if self._notes is not None and key in lenders:
                self._notes.lent[key] = list(lenders[key])
        if self._look.idle:
            return self._tallies
        return {key: tally for key, tally in self._tallies.items() if tally.total.is_moving}

    def _note_version(self, node: NodeIdentity, peer: PeerKey) -> None:
        version = self._places.version_of(peer)
        if version and node.kind not in ("namespace", "outside"):
            self._versions[node.id].add(version)
