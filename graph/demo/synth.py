"""A made-up mesh of any size, shaped like published ones.

13 % of the services are entries, 48 % are in the middle, 39 % are leaves; out-degrees follow a
Pareto law, callees are chosen by a Zipf law, a quarter of the edges is TCP to databases and
caches, one edge in a hundred leads back to a caller. Same size and seed, same mesh.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.demo.outcomes import Protocol, parse_outcome
from graph.demo.plan import Ints
from graph.demo.topology import Call, Latency, Service, Topology, Workload

SMALLEST, LARGEST = 10, 1000
GATEWAY = "istio-system/istio-ingressgateway"

ENTRY_SHARE, LEAF_SHARE = 0.13, 0.39
TCP_SHARE = 0.25
EDGES_PER_SERVICE = 2.8
PARETO_ALPHA, WIDEST = 1.6, 40
ZIPF_S = 1.05
# Flattens the top: the busiest of 1,000 services has some hundred callers, not half of them.
ZIPF_FLAT = 8
BACKWARD_SHARE = 0.01
MIDDLE_LEVELS = 4
LEAF_LEVEL = MIDDLE_LEVELS + 1
PER_NAMESPACE = 40
# A request spreads over about this many calls, so traffic neither dies out nor explodes.
CALLS_PER_REQUEST = 1.1
# Rarer edges would be idle in most windows.
RAREST_RPS = 0.5

NAMESPACES = (
    *("retail", "search", "billing", "identity", "media", "travel", "fleet", "support"),
    *("ads", "pricing", "ledger", "inventory", "delivery", "risk", "profile", "feeds"),
    *("games", "notify", "content", "maps", "partner", "reports", "loyalty", "market", "studio"),
)
ENTRIES = ("web", "mobile", "public-api", "portal", "webhook", "console")
MIDDLES = (
    *("orders", "catalog", "quotes", "offers", "rules", "sessions", "events", "matcher"),
    *("planner", "tracker", "router", "policy", "limits", "scores", "rates", "plans"),
    *("groups", "tickets", "alerts", "batches"),
)
LEAVES = ("lookup", "render", "resize", "geo", "tokens", "mail", "templates", "currency")
STORES = ("db", "cache", "queue", "index", "blobs")


@dataclass(frozen=True, slots=True)
class _Node:
    """A service before it has traffic. ``level`` 0 is an entry; callers have lower levels."""

    namespace: str
    name: str
    level: int
    protocol: Protocol

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"


def synthesize(services: int, seed: int) -> Topology:
    """Return a mesh of this many services, called through the ingress gateway."""
    rng = np.random.default_rng([seed, services])
    nodes = _nodes(services, rng)
    links = _links(nodes, rng)
    workloads = {node.key: _workloads(node, services, rng) for node in nodes}
    calls = [_entry_call(node, rng) for node in nodes if node.level == 0]
    return Topology(
        workloads=tuple(workload for pair in workloads.values() for workload in pair),
        services=tuple(_service(node, workloads[node.key]) for node in nodes),
        calls=(*calls, *_calls(nodes, links, calls, workloads, rng)),
    )


def _nodes(services: int, rng: np.random.Generator) -> list[_Node]:
    entries = max(1, round(ENTRY_SHARE * services))
    leaves = max(2, round(LEAF_SHARE * services))
    # Half of the leaves are stores: they draw a quarter of the edges.
    stores = leaves // 2
    middles = services - entries - leaves
    plan: list[tuple[int, Sequence[str], bool]] = [(0, ENTRIES, False)] * entries
    plan += [(1 + i % MIDDLE_LEVELS, MIDDLES, False) for i in range(middles)]
    plan += [(LEAF_LEVEL, STORES, True)] * stores + [(LEAF_LEVEL, LEAVES, False)] * (
        leaves - stores
    )
    namespaces = NAMESPACES[: max(2, -(-services // PER_NAMESPACE))]
    taken: dict[str, int] = {}
    nodes: list[_Node] = []
    for index, (level, names, store) in enumerate(plan):
        namespace = namespaces[index % len(namespaces)]
        name = str(rng.choice(names))
        count = taken[f"{namespace}/{name}"] = taken.get(f"{namespace}/{name}", 0) + 1
        grpc = level > 0 and rng.random() < 0.4
        protocol: Protocol = "tcp" if store else "grpc" if grpc else "http"
        nodes.append(_Node(namespace, name if count == 1 else f"{name}-{count}", level, protocol))
    return nodes


def _links(nodes: list[_Node], rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return (caller, callee) pairs, at most EDGES_PER_SERVICE times the services."""
    levels = np.array([node.level for node in nodes])
    tcp = np.array([node.protocol == "tcp" for node in nodes])
    popularity = 1.0 / (ZIPF_FLAT + rng.permutation(len(nodes))) ** ZIPF_S
    callers = np.flatnonzero(levels < LEAF_LEVEL)
    limit = int(EDGES_PER_SERVICE * len(nodes)) - int((levels == 0).sum())
    links: dict[tuple[int, int], None] = {}
    # Nobody is left uncalled ...
    for callee in np.flatnonzero(levels > 0).tolist():
        above = callers[levels[callers] < levels[callee]]
        links[int(rng.choice(above)), callee] = None
    # ... and the rest goes where many go already.
    backward = round(BACKWARD_SHARE * limit)
    rest = limit - len(links) - backward
    for caller in rng.permutation(np.repeat(callers, _degrees(len(callers), rest, rng))):
        wants_tcp = rng.random() < TCP_SHARE
        weights = popularity * ((levels > levels[caller]) & (tcp == wants_tcp))
        if weights.sum() > 0 and len(links) < limit - backward:
            chosen = int(rng.choice(len(nodes), p=weights / weights.sum()))
            links[int(caller), chosen] = None
    inner = [(a, b) for a, b in links if levels[a] > 0 and levels[b] < LEAF_LEVEL]
    links |= {(inner[i][1], inner[i][0]): None for i in rng.permutation(len(inner))[:backward]}
    return list(links)


def _degrees(callers: int, total: int, rng: np.random.Generator) -> Ints:
    """Return further out-degrees of callers: Pareto, clipped, adding up to about ``total``."""
    drawn = np.minimum(1 + rng.pareto(PARETO_ALPHA, callers), WIDEST)
    # A fifth more than wanted, because pairs drawn twice count once.
    scaled = np.minimum(drawn * total * 1.2 / drawn.sum(), WIDEST)
    floor = np.floor(scaled)
    degrees: Ints = (floor + (rng.random(callers) < scaled - floor)).astype(np.int64)
    return degrees


def _workloads(node: _Node, services: int, rng: np.random.Generator) -> tuple[Workload, ...]:
    first = Workload(
        namespace=node.namespace,
        name=f"{node.name}-v1",
        app=node.name,
        version="v1",
        canonical=node.name,
        revision="v1",
        service_account=node.name,
        # Small meshes can afford a second pod here and there.
        pods=2 if services <= 200 and rng.random() < 0.2 else 1,
        latency=Latency(
            median_ms=float(np.clip(np.exp(rng.normal(1.2, 0.7)), 0.3, 60)),
            sigma=float(rng.uniform(0.5, 0.9)),
            tail=float(rng.uniform(0.0, 0.03)),
        ),
    )
    if node.protocol == "tcp" or rng.random() > 0.08:
        return (first,)
    return (first, replace(first, name=f"{node.name}-v2", version="v2", revision="v2"))


def _service(node: _Node, workloads: Sequence[Workload]) -> Service:
    shares = (90.0, 10.0)
    return Service(
        namespace=node.namespace,
        name=node.name,
        host=f"{node.name}.{node.namespace}.svc.cluster.local",
        split=tuple((w.key, share) for w, share in zip(workloads, shares, strict=False)),
    )


def _entry_call(node: _Node, rng: np.random.Generator) -> Call:
    rps = float(np.clip(np.exp(rng.normal(1.5, 0.6)), 1.0, 25.0))
    return Call(GATEWAY, node.key, node.protocol, rps=round(rps, 2))


def _calls(
    nodes: list[_Node],
    links: list[tuple[int, int]],
    entries: Sequence[Call],
    workloads: dict[str, tuple[Workload, ...]],
    rng: np.random.Generator,
) -> list[Call]:
    """Return the calls of every link, with rates that follow the traffic from the top down."""
    rps = np.zeros(len(nodes))
    index = {node.key: i for i, node in enumerate(nodes)}
    for entry in entries:
        rps[index[entry.service]] = entry.rps
    out: dict[int, list[int]] = {}
    for caller, callee in links:
        out.setdefault(caller, []).append(callee)
    calls: list[Call] = []
    for caller in sorted(out, key=lambda i: nodes[i].level):
        weights = rng.lognormal(0, 0.8, len(out[caller]))
        wanted = CALLS_PER_REQUEST * weights / weights.sum()
        for callee, share in zip(out[caller], wanted.tolist(), strict=True):
            backward = nodes[callee].level <= nodes[caller].level
            least = min(1.5, RAREST_RPS / max(rps[caller], 0.01))
            per_request = 0.02 if backward else max(share, least)
            if not backward:
                rps[callee] += per_request * rps[caller]
            calls += [
                _call(workload.key, nodes[callee], per_request, rng)
                for workload in workloads[nodes[caller].key]
            ]
    return calls


def _call(source: str, target: _Node, per_request: float, rng: np.random.Generator) -> Call:
    flaky = target.protocol != "tcp" and rng.random() < 0.05
    text = "13" if target.protocol == "grpc" else "500"
    share = round(float(rng.uniform(0.002, 0.03)), 4)
    return Call(
        source=source,
        service=target.key,
        protocol=target.protocol,
        per_request=round(per_request, 4),
        rtt_ms=round(float(rng.uniform(0.3, 2.0)), 2),
        request_bytes=int(rng.integers(200, 1500)),
        response_bytes=int(rng.integers(200, 6000)),
        errors=((parse_outcome(target.protocol, text), share),) if flaky else (),
    )
