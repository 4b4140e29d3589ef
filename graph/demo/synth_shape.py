"""The shape of a made-up mesh: its namespaces, its services, and who calls whom.

Levels order the services: entries are 0, leaves LEAF_LEVEL, and calls lead to higher levels, but
for the few that lead back. Namespaces hold what belongs together: most calls stay inside, the rest
go to a handful of partners and to the platform that everybody uses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from graph.demo.outcomes import Protocol
from graph.demo.plan import Bools, Floats, Ints

# Shares of entries, stores and other leaves (Alibaba 2022: 13 % entries, 39 % leaves).
ENTRY_SHARE, LEAF_SHARE = 0.13, 0.39
TCP_SHARE = 0.25
GRPC_SHARE = 0.4
EDGES_PER_SERVICE = 2.8
PARETO_ALPHA, WIDEST = 1.6, 40
ZIPF_S = 1.05
# The busiest are part of the platform (a vault, a cache); elsewhere the top is flatter.
ZIPF_FLAT = 4
BACKWARD_SHARE = 0.015
# Of the services in the middle, by how deep they are: chains of three to five are the rule, ten
# the end.
DEPTH_SHARES = (0.34, 0.25, 0.16, 0.10, 0.06, 0.05, 0.03, 0.01)
LEAF_LEVEL = len(DEPTH_SHARES) + 1
# Namespaces have 40 services in the mean; half have fewer than 30, a few have hundreds.
PER_NAMESPACE, NAMESPACE_SIGMA = 40, 0.8
# One namespace in so many is part of the platform.
PER_PLATFORM = 25
PARTNERS = 3

Where = Literal["home", "partners", "platform", "anywhere"]
# Where requests go, and where connections to stores go, which rarely leave their namespace.
REQUESTS_GO: dict[Where, float] = {"home": 0.6, "partners": 0.2, "platform": 0.2}
STORES_ARE: dict[Where, float] = {"home": 0.85, "partners": 0.03, "platform": 0.12}

NAMESPACES = (
    *("identity", "messaging", "storage", "platform", "ledger", "notify", "media", "search"),
    *("retail", "billing", "travel", "fleet", "support", "ads", "pricing", "inventory"),
    *("delivery", "risk", "profile", "feeds", "games", "content", "maps", "loyalty", "studio"),
)
REGIONS = ("", "-eu", "-us", "-asia", "-core", "-data", "-partner", "-batch", "-ops", "-lab")
ENTRIES = ("web", "mobile", "public-api", "portal", "webhook", "console")
MIDDLES = (
    *("orders", "catalog", "quotes", "offers", "rules", "sessions", "events", "matcher"),
    *("planner", "tracker", "router", "policy", "limits", "scores", "rates", "plans"),
    *("groups", "tickets", "alerts", "batches"),
)
LEAVES = ("lookup", "render", "resize", "geo", "tokens", "mail", "templates", "currency")
STORES = ("db", "cache", "queue", "index", "blobs")

Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A service before it has traffic. ``level`` 0 is an entry; callers have lower levels."""

    namespace: str
    name: str
    level: int
    protocol: Protocol

    @property
    def key(self) -> str:
        """The service's name."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class _Pool:
    """Services to choose from, with their weights added up."""

    members: Ints
    until: Floats

    def pick(self, rng: np.random.Generator) -> int:
        drawn = rng.random() * self.until[-1]
        return int(self.members[np.searchsorted(self.until, drawn, side="right")])


@dataclass(slots=True)
class _Society:
    """Who belongs where, and the pools from which callers and callees are drawn."""

    levels: Ints
    tcp: Bools
    homes: Ints
    # How wide a service calls, and how much it is called.
    ambition: Floats
    popularity: Floats
    partners: list[Ints]
    platform: Ints
    _pools: dict[tuple[str, int, int, int], _Pool] = field(default_factory=dict)

    def callers(self, callee: int) -> _Pool:
        """Return who may call a service: those above it at home, or else anywhere."""
        home, level = int(self.homes[callee]), int(self.levels[callee])
        near = self._pool("callers", home, level, 0, lambda: self._region(home, "home"))
        return near if len(near.members) else self._pool("callers", -1, level, 0, self._all)

    def callees(self, caller: int, where: Where, *, tcp: bool) -> _Pool:
        """Return whom a service may call there."""
        home, level = int(self.homes[caller]), int(self.levels[caller])
        inside = home if where in ("home", "partners") else -1
        return self._pool(where, inside, level, int(tcp), lambda: self._region(home, where))

    def _region(self, home: int, where: Where) -> Bools:
        match where:
            case "home":
                return np.isin(self.homes, home)
            case "partners":
                return np.isin(self.homes, self.partners[home])
            case "platform":
                return np.isin(self.homes, self.platform)
            case "anywhere":
                return self._all()

    def _all(self) -> Bools:
        return np.ones(len(self.homes), dtype=np.bool_)

    def _pool(
        self, what: str, home: int, level: int, tcp: int, region: Callable[[], Bools]
    ) -> _Pool:
        key = (what, home, level, tcp)
        found = self._pools.get(key)
        if found is None:
            above = what == "callers"
            fits = self.levels < level if above else (self.levels > level) & (self.tcp == bool(tcp))
            members = np.flatnonzero(fits & region())
            weights = (self.ambition if above else self.popularity)[members]
            found = self._pools[key] = _Pool(members, np.cumsum(weights))
        return found


def draw_nodes(services: int, rng: np.random.Generator) -> list[Node]:
    """Return so many services with their namespaces, levels and protocols; entries first."""
    namespaces = _namespaces(services)
    homes = _homes(services, len(namespaces), rng)
    taken: dict[str, int] = {}
    nodes: list[Node] = []
    for home, (level, names, store) in zip(homes.tolist(), _roles(services, rng), strict=True):
        name = str(names[int(rng.integers(len(names)))])
        count = taken[f"{home}/{name}"] = taken.get(f"{home}/{name}", 0) + 1
        grpc = level > 0 and rng.random() < GRPC_SHARE
        protocol: Protocol = "tcp" if store else "grpc" if grpc else "http"
        full = name if count == 1 else f"{name}-{count}"
        nodes.append(Node(namespaces[home], full, level, protocol))
    return nodes


def _namespaces(services: int) -> list[str]:
    wanted = max(2, -(-services // PER_NAMESPACE))
    names = [f"{name}{region}" for region in REGIONS for name in NAMESPACES]
    return names[:wanted]


def _homes(services: int, namespaces: int, rng: np.random.Generator) -> Ints:
    """Return the namespace of every service; none is left empty."""
    weights = rng.lognormal(0.0, NAMESPACE_SIGMA, namespaces)
    rest = rng.choice(namespaces, services - namespaces, p=weights / weights.sum())
    homes: Ints = rng.permutation(np.concatenate([np.arange(namespaces), rest]))
    return homes


def _roles(services: int, rng: np.random.Generator) -> list[tuple[int, Sequence[str], bool]]:
    """Return (level, what it may be called, whether it is a store) of every service."""
    entries = max(1, round(ENTRY_SHARE * services))
    leaves = max(2, round(LEAF_SHARE * services))
    # Half of the leaves are stores: they draw a quarter of the edges.
    stores = leaves // 2
    middles = services - entries - leaves
    depths = rng.choice(len(DEPTH_SHARES), middles, p=DEPTH_SHARES) + 1
    roles: list[tuple[int, Sequence[str], bool]] = [(0, ENTRIES, False)] * entries
    roles += [(int(depth), MIDDLES, False) for depth in depths]
    roles += [(LEAF_LEVEL, STORES, True)] * stores
    return roles + [(LEAF_LEVEL, LEAVES, False)] * (leaves - stores)


def draw_links(nodes: Sequence[Node], rng: np.random.Generator) -> list[Link]:
    """Return (caller, callee) pairs, at most EDGES_PER_SERVICE times the services."""
    society = _society(nodes, rng)
    levels = society.levels
    limit = int(EDGES_PER_SERVICE * len(nodes)) - int((levels == 0).sum())
    backward = round(BACKWARD_SHARE * limit)
    links: dict[Link, None] = {}
    # Nobody is left uncalled ...
    for callee in np.flatnonzero(levels > 0).tolist():
        links[society.callers(callee).pick(rng), callee] = None
    # ... and the rest goes where many go already.
    for caller in _eager(society, limit - len(links) - backward, rng).tolist():
        chosen = _choose(society, caller, rng)
        if chosen is not None and len(links) < limit - backward:
            links[caller, chosen] = None
    inner = [(a, b) for a, b in links if levels[a] > 0 and levels[b] < LEAF_LEVEL]
    links |= {(inner[i][1], inner[i][0]): None for i in rng.permutation(len(inner))[:backward]}
    return list(links)


def _society(nodes: Sequence[Node], rng: np.random.Generator) -> _Society:
    names = {name: i for i, name in enumerate(dict.fromkeys(node.namespace for node in nodes))}
    count = len(names)
    # The platform is what was named first, whoever of its services comes first here.
    ranked = sorted(names, key=_namespaces(len(nodes)).index)
    platform = [names[name] for name in ranked[: max(1, count // PER_PLATFORM)]]
    homes = np.array([names[node.namespace] for node in nodes])
    return _Society(
        levels=np.array([node.level for node in nodes]),
        tcp=np.array([node.protocol == "tcp" for node in nodes]),
        homes=homes,
        ambition=np.minimum(1 + rng.pareto(PARETO_ALPHA, len(nodes)), WIDEST),
        popularity=_popularity(np.isin(homes, platform), rng),
        partners=[rng.choice(count, min(PARTNERS, count), replace=False) for _ in range(count)],
        platform=np.array(platform),
    )


def _popularity(platform: Bools, rng: np.random.Generator) -> Floats:
    """Return Zipf weights by a random rank; the platform's services are ranked among themselves."""
    ranks = rng.permutation(len(platform)) + ZIPF_FLAT
    ranks[platform] = rng.permutation(int(platform.sum())) + 1
    return (1.0 / ranks**ZIPF_S).astype(np.float64)


def _eager(society: _Society, total: int, rng: np.random.Generator) -> Ints:
    """Return callers in any order, each as often as it has calls left to choose."""
    callers = np.flatnonzero(society.levels < LEAF_LEVEL)
    ambition = society.ambition[callers]
    # Half as many again as wanted, because pairs that are drawn twice count once.
    wanted = np.minimum(ambition * total * 1.5 / ambition.sum(), WIDEST)
    floor = np.floor(wanted)
    degrees = (floor + (rng.random(len(callers)) < wanted - floor)).astype(np.int64)
    return rng.permutation(np.repeat(callers, degrees))


def _choose(society: _Society, caller: int, rng: np.random.Generator) -> int | None:
    """Return whom a service calls; None where nobody suits."""
    tcp = rng.random() < TCP_SHARE
    shares = STORES_ARE if tcp else REQUESTS_GO
    drawn, where = rng.random(), list(shares)
    first = where[int(np.searchsorted(np.cumsum(list(shares.values())), drawn, side="right"))]
    for place in (first, *where, "anywhere"):
        pool = society.callees(caller, place, tcp=tcp)
        if len(pool.members):
            return pool.pick(rng)
    return None
