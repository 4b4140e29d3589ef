"""Where numbers come from: the accounts behind every edge that is drawn, by what each is for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.core.accounts import Entry, Teller
from graph.core.identity import Link, Name, PeerKey, ServiceKey, edge_id, is_known
from graph.core.naming import family_name
from graph.core.outcomes import never_reached
from graph.core.permit import EVERYTHING, Permit, allows, host_namespace
from graph.core.readings import Readings, SlowFacts
from graph.core.strangers import Meeting, Taken, is_stranger, met
from graph.core.tally import is_answered
from graph.core.topology import Drawn, Look, Notes, build
from graph.core.wire import Protocol


@dataclass(frozen=True, slots=True)
class Behind:
    """The accounts behind some numbers.

    ``counted`` give outcomes and connections, ``lost`` only the failures that no server saw,
    ``moved`` bytes and messages, ``timed`` response times.
    """

    counted: tuple[Entry, ...] = ()
    lost: tuple[Entry, ...] = ()
    moved: tuple[Entry, ...] = ()
    timed: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, many: Iterable["Behind"]) -> "Behind":
        """Return what is behind all of them together."""
        every = list(many)
        return cls(
            tuple(entry for one in every for entry in one.counted),
            tuple(entry for one in every for entry in one.lost),
            tuple(entry for one in every for entry in one.moved),
            tuple(entry for one in every for entry in one.timed),
        )


@dataclass(frozen=True, slots=True)
class EdgeOrigin:
    """What is behind one edge, and behind each side's account of it."""

    source: str
    target: str
    protocol: Protocol
    is_leg: bool
    total: Behind
    client: Behind
    server: Behind
    # Accounts of others that only tell how safe its connections are.
    lent: tuple[Entry, ...] = ()
    # Whether its queries may be told: they name nobody whom the viewer may not know.
    is_open: bool = True

    @property
    def entries(self) -> Iterator[Entry]:
        """Every account behind any of its numbers."""
        for behind in (self.total, self.client, self.server):
            yield from (*behind.counted, *behind.lost, *behind.moved, *behind.timed)
        yield from self.lent


@dataclass(frozen=True, slots=True)
class Origins:
    """What is behind a picture.

    ``tellers`` are all accounts there are, drawn or not, with the settled link of each; ``taken``
    is what was told twice; ``families`` are the names that stand for many; ``namespaces`` are those
    that the nodes are in, "" for none.
    """

    edges: Mapping[str, EdgeOrigin]
    waypoints: Collection[str]
    tellers: Mapping[Teller, Link]
    names: Mapping[PeerKey, Name]
    taken: Mapping[Meeting, Taken] = field(default_factory=dict)
    families: frozenset[str] = frozenset()
    namespaces: Mapping[str, str] = field(default_factory=dict)
    # What whoever asks may see.
    permit: Permit = EVERYTHING

    def inbound(self, node: str) -> list[EdgeOrigin]:
        """Return the edges that count as the node's answers."""
        return [
            edge for edge in self.edges.values() if edge.target == node and self._is(edge, node)
        ]

    def outbound(self, node: str) -> list[EdgeOrigin]:
        """Return the edges that count as the node's calls."""
        return [
            edge for edge in self.edges.values() if edge.source == node and self._is(edge, node)
        ]

    def _is(self, edge: EdgeOrigin, node: str) -> bool:
        return not edge.is_leg or node in self.waypoints


def origins(readings: Readings, look: Look, *, lasting: bool = False) -> Origins:
    """Return what is behind the picture that this look at the readings shows.

    ``lasting``: not only for the moment of the readings. Failures that no server saw are behind a
    number then even where there are none at that moment.
    """
    notes = Notes()
    graph = build(readings, look, notes)
    slow = readings.slow
    edges = {
        edge_id(*ends): _edge(ends, notes, slow, is_leg=data["tally"].is_leg, lasting=lasting)
        for ends, data in graph.edges.items()
    }
    if look.permit:
        known = readings.fast.namespaces
        edges = {
            name: replace(edge, is_open=_is_open(edge, look.permit, notes.taken, known))
            for name, edge in edges.items()
        }
    every = {*readings.fast.accounts, *(slow.rows if slow else ())}
    tellers = {teller: readings.fast.census.settled(teller[0]) for teller in every}
    waypoints = {n for n, data in graph.nodes.items() if data["identity"].kind == "waypoint"}
    families = frozenset(map(family_name, readings.rules.groups))
    namespaces = {n: data["identity"].namespace for n, data in graph.nodes.items()}
    return Origins(
        edges,
        waypoints,
        tellers,
        readings.fast.names,
        notes.taken,
        families,
        namespaces,
        look.permit,
    )


def _edge(
    ends: tuple[str, str, Protocol],
    notes: Notes,
    slow: SlowFacts | None,
    *,
    is_leg: bool,
    lasting: bool,
) -> EdgeOrigin:
    protocol = ends[2]
    drawn = notes.drawn[ends]
    client, server = (
        _side([each.entry for each in drawn if each.role.side == side], slow)
        for side in ("client", "server")
    )
    lent = tuple({entry.filed: entry for entry in notes.lent.get(ends, ())}.values())
    total = _total(drawn, protocol, slow, lasting=lasting)
    return EdgeOrigin(*ends, is_leg, total, client, server, lent)


def _is_open(
    edge: EdgeOrigin, permit: Permit, taken: Collection[Meeting], known: Collection[str]
) -> bool:
    """Tell whether the queries of an edge name nobody but those whom the permit lets one see."""
    return all(
        _may_be_named(link, permit, known) and not (is_stranger(entry) and met(entry) in taken)
        for entry in edge.entries
        for link in (entry.link, entry.filed[0])
    )


def _may_be_named(link: Link, permit: Permit, known: Collection[str]) -> bool:
    return _is_seen(link.service, permit, known) and all(
        not is_known(peer) or allows(permit, peer.namespace) for peer in (link.source, link.target)
    )


def _is_seen(service: ServiceKey, permit: Permit, known: Collection[str]) -> bool:
    place = host_namespace(service.name, known) or service.namespace
    return not place or allows(permit, place)


def _side(entries: Sequence[Entry], slow: SlowFacts | None) -> Behind:
    every = tuple(entries)
    return Behind(every, (), every, _timed(every, slow))


def _total(
    drawn: Sequence[Drawn], protocol: Protocol, slow: SlowFacts | None, *, lasting: bool
) -> Behind:
    """Return what makes an edge's own numbers, as `graph.core.tally.EdgeTally` adds them up."""
    counted = tuple(each.entry for each in drawn if each.role.counts)
    lost = tuple(each.entry for each in drawn if each.role.adds_unreached and not each.role.counts)
    if not lasting and not any(map(_has_lost, lost)):
        lost = ()
    answered = tuple(filter(is_answered, counted))
    without_strays = protocol != "tcp" and any(entry.alive for entry in answered)
    moved = answered if without_strays else counted
    return Behind(counted, lost, moved, _timed(moved, slow))


def _timed(entries: Iterable[Entry], slow: SlowFacts | None) -> tuple[Entry, ...]:
    """Return the accounts whose response times stand for all of them."""
    every = tuple(entries)
    answered = tuple(filter(is_answered, every))
    return answered if any(_has_times(entry, slow) for entry in answered) else every


def _has_lost(entry: Entry) -> bool:
    return any(rps > 0 and never_reached(o) for o, rps in entry.account.outcomes.items())


def _has_times(entry: Entry, slow: SlowFacts | None) -> bool:
    return entry.account.duration_count > 0 or (slow is not None and entry.filed in slow.rows)
