"""What all pictures of one window share, worked out once however many namespaces are watched.

Who is who, which proxy speaks for each pair of peers, what is told twice, and where each account is
drawn in a graph of each type: none of it depends on what a view limits itself to.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.core import naming
from graph.core.accounts import Entry
from graph.core.identity import Link, Name, NodeIdentity, PeerKey
from graph.core.legs import Legs
from graph.core.permit import EVERYTHING, Permit
from graph.core.places import Directory, Places
from graph.core.readings import FastFacts, Readings, SlowFacts
from graph.core.reporters import PairKey, ReporterRule, Role, pair_of
from graph.core.rules import MeshRules
from graph.core.strangers import Meeting, Taken, met_by, taken_off, without_named
from graph.core.tally import Line
from graph.core.wire import GraphType, NodeKind, Perspective, Protocol

EndsKey = tuple[str, str, Protocol]
# A graph type, the namespaces that are drawn as one node each, and those that may be seen.
_Plan = tuple[GraphType, tuple[str, ...], Permit]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the accounts of a scene are drawn in a graph of one type, by their place in it."""

    ends: Sequence[tuple[NodeIdentity, NodeIdentity]]
    # The accounts with an end that may be seen.
    seen: Sequence[int]
    # The accounts to, from or inside a namespace.
    touching: Mapping[str, Sequence[int]]
    # Who else tells how safe an edge's connections are.
    lenders: Mapping[EndsKey, Sequence[Entry]]

    def of(self, namespaces: Sequence[str]) -> Sequence[int]:
        """Return the accounts that a scope takes in, in their order; no namespaces mean all."""
        if not namespaces:
            return self.seen
        if len(namespaces) == 1:
            return self.touching.get(namespaces[0], ())
        return sorted({i for name in namespaces for i in self.touching.get(name, ())})


@dataclass(slots=True)
class Scene:
    """The accounts of one window, with the rules to read them by.

    The facts keep it, so it must not know them: what holds itself is freed late, if ever.
    What is worked out on demand is kept; two threads that want the same work it out twice.
    """

    entries: Sequence[Entry]
    shadows: Sequence[Entry]
    taken: Mapping[Meeting, Taken]
    # True for the legs of requests that are drawn as a whole elsewhere.
    legs: Sequence[bool]
    _rule: ReporterRule
    _names: Mapping[PeerKey, Name]
    _directory: Directory
    _kinds: "_Kinds"
    _roles: dict[Perspective, Sequence[Role]] = field(default_factory=dict)
    _places: dict[_Plan, Places] = field(default_factory=dict)
    _stages: dict[_Plan, Stage] = field(default_factory=dict)
    _lines: tuple[SlowFacts | None, Sequence[Line]] | None = None
    _classified: frozenset[PairKey] | None = None

    @classmethod
    def of(cls, readings: Readings) -> "Scene":
        """Return the scene of these readings, which keep it for whoever asks next."""
        kept = readings.fast.kept
        key = ("scene", readings.rules.waypoints, readings.rules.gateways)
        scene: Scene | None = kept.get(key)
        if scene is None:
            scene = kept[key] = cls._made(readings.fast, readings.rules)
        return scene

    @classmethod
    def _made(cls, facts: FastFacts, rules: MeshRules) -> "Scene":
        settled = facts.census.settled
        every = [
            Entry(settled(teller[0]), teller[1], teller, account, account.is_alive)
            for teller, account in facts.accounts.items()
        ]
        rule = ReporterRule.of(every)
        plain: list[Entry] = []
        shadows: list[Entry] = []
        for entry in every:
            (shadows if rule.is_shadow(entry.link, entry.reporter) else plain).append(entry)
        taken = taken_off(plain, rule)
        entries = without_named(plain, taken)
        kinds = _Kinds(rules, facts.waypoints)
        legs = Legs.of(entries, kinds.is_waypoint)
        return cls(
            entries,
            shadows,
            taken,
            [legs.is_leg(entry.link) for entry in entries],
            rule,
            facts.names,
            Directory.of(entries, facts.names),
            kinds,
        )

    def roles(self, perspective: Perspective) -> Sequence[Role]:
        """Return what each account does for its edge."""
        roles = self._roles.get(perspective)
        if roles is None:
            rule = replace(self._rule, perspective=perspective)
            roles = [rule.role(entry.link, entry.reporter) for entry in self.entries]
            self._roles[perspective] = roles
        return roles

    def lines(self, slow: SlowFacts | None) -> Sequence[Line]:
        """Return each account with what the slow lane knows of it."""
        known = self._lines
        if known is None or known[0] is not slow:
            known = self._lines = slow, [Line.of(entry, slow) for entry in self.entries]
        return known[1]

    def is_classified(self, link: Link) -> bool:
        """Tell whether the server tells operations of its requests apart, as no caller can."""
        if self._classified is None:
            self._classified = frozenset(
                pair_of(entry.link)
                for entry in self.entries
                if entry.link.operation and entry.alive
            )
        return pair_of(link) in self._classified

    def places(
        self,
        graph_type: GraphType,
        collapsed: tuple[str, ...] = (),
        permit: Permit = EVERYTHING,
    ) -> Places:
        """Return where the ends of links are drawn; ``collapsed`` are namespaces in one piece."""
        plan = graph_type, collapsed, permit
        places = self._places.get(plan)
        if places is None:
            places = self._places[plan] = Places(
                graph_type, self._names, self._kinds.of, self._directory, collapsed, permit
            )
        return places

    def stage(
        self,
        graph_type: GraphType,
        collapsed: tuple[str, ...] = (),
        permit: Permit = EVERYTHING,
    ) -> Stage:
        """Return where the accounts are drawn."""
        plan = graph_type, collapsed, permit
        stage = self._stages.get(plan)
        if stage is None:
            stage = self._stages[plan] = self._staged(self.places(*plan))
        return stage

    def _staged(self, places: Places) -> Stage:
        ends = [(places.source(entry.link), places.target(entry.link)) for entry in self.entries]
        touching: defaultdict[str, list[int]] = defaultdict(list)
        seen = [i for i, both in enumerate(ends) if any(map(places.is_seen, both))]
        for i in seen:
            source, target = ends[i]
            touching[source.namespace].append(i)
            if target.namespace != source.namespace:
                touching[target.namespace].append(i)
        every = range(len(ends)) if len(seen) == len(ends) else seen
        return Stage(ends, every, dict(touching), self._lenders(places))

    def _lenders(self, places: Places) -> Mapping[EndsKey, Sequence[Entry]]:
        lenders: defaultdict[EndsKey, list[Entry]] = defaultdict(list)
        protocols: tuple[Protocol, Protocol] = ("http", "grpc")
        for shadow in self.shadows:
            source, target = places.source(shadow.link), places.target(shadow.link)
            for protocol in protocols:
                lenders[source.id, target.id, protocol].append(shadow)
        for entry in self.entries if self.taken else ():
            if (entry.reporter, entry.link.protocol) != ("source", "tcp"):
                continue
            if (meeting := met_by(entry, self.taken)) is not None:
                ends = places.source(entry.link).id, places.target(entry.link).id
                lenders[*ends, "tcp"] += self.taken[meeting].strangers
        return dict(lenders)


@dataclass(slots=True)
class _Kinds:
    """What the names of peers say they are, each looked at once."""

    rules: MeshRules
    waypoints: Collection[tuple[str, str]]
    _found: dict[PeerKey, NodeKind] = field(default_factory=dict)

    def of(self, peer: PeerKey) -> NodeKind:
        kind = self._found.get(peer)
        if kind is None:
            kind = self._found[peer] = naming.proxy_kind(
                peer.namespace,
                peer.workload,
                waypoints=self.rules.waypoints,
                gateways=self.rules.gateways,
                found_waypoints=self.waypoints,
            )
        return kind

    def is_waypoint(self, peer: PeerKey) -> bool:
        return self.of(peer) == "waypoint"
