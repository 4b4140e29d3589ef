"""A topology as wire entities: ratios, quantiles, mTLS and health of every node and edge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

import networkx as nx

from graph.core import health, latency, outcomes
from graph.core.identity import NodeIdentity, edge_id
from graph.core.readings import Readings
from graph.core.tally import EdgeTally, Tally, plus
from graph.core.wire import (
    Edge,
    EdgeReporter,
    Health,
    Latency,
    Mtls,
    Node,
    Principals,
    Protocol,
    Rates,
    Response,
    Side,
)

_LISTED = 10  # identities and hosts per edge; a namespace edge can have hundreds


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything drawn, by id."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)


def digits(value: float | None) -> float | None:
    """Return the value with three significant digits, None for what is not a number."""
    if value is None:
        return None
    short = float(f"{value:.3g}")
    return short if isfinite(short) else None


def draw(
    graph: "nx.MultiDiGraph[str]", readings: Readings, scope: Sequence[str], before: Picture
) -> Picture:
    """Return the wire entities of a topology; ``before`` is what was shown, for hysteresis."""
    tallies: list[tuple[str, str, EdgeTally]] = sorted(
        graph.edges(data="tally"), key=lambda edge: (edge[0], edge[1], edge[2].protocol)
    )
    quantiles = _Quantiles(readings, [tally for _, _, tally in tallies])
    edges = {
        edge["id"]: edge
        for index, (source, target, tally) in enumerate(tallies)
        for edge in [_edge(source, target, tally, quantiles.of(index), before)]
    }
    sums = _sum_nodes(tallies)
    nodes = {
        name: _node(data["identity"], data["versions"], sums[name], scope, before)
        for name, data in sorted(graph.nodes.items())
    }
    return Picture(nodes, edges)


class _Quantiles:
    """Latency of every edge and side, computed for all of them at once."""

    def __init__(self, readings: Readings, tallies: Sequence[EdgeTally]) -> None:
        self._tallies = tallies
        groups = [
            side.histograms
            for tally in tallies
            for side in (tally.total, tally.client, tally.server)
        ]
        slow = readings.slow
        if slow is None or not slow.rows:
            self._values: list[list[float]] | None = None
        else:
            merged = latency.merge(slow.histograms, groups)
            self._values = latency.quantiles(slow.histograms.bounds_ms, merged).tolist()

    def of(self, index: int) -> tuple[Latency, Latency, Latency]:
        """Return the latency of the edge, its client side and its server side."""
        tally = self._tallies[index]
        return (
            self._latency(tally.total, index * 3),
            self._latency(tally.client, index * 3 + 1),
            self._latency(tally.server, index * 3 + 2),
        )

    def _latency(self, tally: Tally, row: int) -> Latency:
        count = tally.duration_count
        avg = tally.duration_sum_ms / count if count > 0 else None
        if self._values is None:
            return {**latency.no_latency(), "avg": digits(avg)}
        p50, p90, p95, p99 = (digits(value) for value in self._values[row])
        return {"avg": digits(avg), "p50": p50, "p90": p90, "p95": p95, "p99": p99}


def _edge(
    source: str,
    target: str,
    tally: EdgeTally,
    latencies: tuple[Latency, Latency, Latency],
    before: Picture,
) -> Edge:
    protocol = tally.protocol
    name = edge_id(source, target, protocol)
    shown = before.edges.get(name)
    of_edge, of_client, of_server = latencies
    total = tally.total
    rates = health.success(total.outcomes, protocol)
    return {
        "id": name,
        "source": source,
        "target": target,
        "protocol": protocol,
        "rps": _rps(rates, protocol),
        "error_ratio": digits(rates.error_ratio),
        "client_error_ratio": digits(rates.client_error_ratio),
        "responses": _responses(total, protocol),
        "latency_ms": of_edge,
        "sent_bps": digits(total.sent_bps),
        "received_bps": digits(total.received_bps),
        "sent_mps": digits(total.sent_mps),
        "received_mps": digits(total.received_mps),
        "connections_per_s": digits(total.connections_per_s),
        "mtls": _mtls(tally.security),
        "principals": _principals(tally),
        "hosts": _busiest({**tally.client.hosts, **tally.server.hosts}),
        "reporter": _reporter(tally.reporters),
        "client": _side(tally.client, protocol, of_client) if "client" in tally.sides else None,
        "server": _side(tally.server, protocol, of_server) if "server" in tally.sides else None,
        "health": _edge_health(rates, protocol, shown["health"] if shown else None),
    }


def _rps(rates: health.Success, protocol: Protocol) -> float | None:
    return None if protocol == "tcp" else digits(rates.rps)


def _edge_health(rates: health.Success, protocol: Protocol, before: Health | None) -> Health:
    return "unknown" if protocol == "tcp" else health.judge(rates, before)


def _responses(tally: Tally, protocol: Protocol) -> list[Response]:
    rows = outcomes.responses(tally.outcomes, protocol) if protocol != "tcp" else []
    return [{**row, "rps": digits(row["rps"]) or 0.0} for row in rows]


def _side(tally: Tally, protocol: Protocol, of_side: Latency) -> Side:
    rates = health.success(tally.outcomes, protocol)
    return {
        "rps": _rps(rates, protocol),
        "error_ratio": digits(rates.error_ratio),
        "client_error_ratio": digits(rates.client_error_ratio),
        "responses": _responses(tally, protocol),
        "latency_ms": of_side,
        "sent_bps": digits(tally.sent_bps),
        "received_bps": digits(tally.received_bps),
    }


def _reporter(reporters: set[EdgeReporter]) -> EdgeReporter:
    return next(iter(reporters)) if len(reporters) == 1 else "mixed"


def _mtls(security: Mapping[str, float]) -> Mtls:
    """Return the mTLS state; only what a server-side proxy said for certain counts."""
    secured = security.get("mutual_tls", 0.0)
    plain = security.get("none", 0.0)
    if secured + plain <= 0:
        return {"state": "unknown", "ratio": None}
    if plain <= 0:
        return {"state": "mtls", "ratio": 1.0}
    if secured <= 0:
        return {"state": "plaintext", "ratio": 0.0}
    return {"state": "mixed", "ratio": digits(secured / (secured + plain))}


def _principals(tally: EdgeTally) -> Principals:
    pairs = {**tally.client.principals, **tally.server.principals}
    sources: dict[str, float] = {}
    targets: dict[str, float] = {}
    for (source, target), weight in pairs.items():
        sources[source] = sources.get(source, 0.0) + weight
        targets[target] = targets.get(target, 0.0) + weight
    return {"source": _busiest(sources), "destination": _busiest(targets)}


def _busiest(weights: Mapping[str, float]) -> list[str]:
    """Return the known names that carried traffic, alphabetically.

    The busiest ten are chosen, but not listed by weight: equals would swap places at every tick.
    """
    moving = sorted(name for name, weight in weights.items() if name and weight > 0)
    if len(moving) <= _LISTED:
        return moving
    return sorted(sorted(moving, key=lambda name: -weights[name])[:_LISTED])


@dataclass(slots=True)
class _Flow:
    """Sums over a node's edges in one direction."""

    by_protocol: dict[Protocol, Tally] = field(default_factory=dict)

    def add(self, tally: EdgeTally) -> None:
        sums = self.by_protocol.setdefault(tally.protocol, Tally())
        outcomes.add(sums.outcomes, tally.total.outcomes.items())
        sums.sent_bps = plus(sums.sent_bps, tally.total.sent_bps)
        sums.received_bps = plus(sums.received_bps, tally.total.received_bps)

    def rates(self) -> Rates:
        parts = [
            health.success(sums.outcomes, protocol)
            for protocol, sums in self.by_protocol.items()
            if protocol != "tcp"
        ]
        rps = sum(part.rps for part in parts)
        return {
            "rps": digits(rps) if parts else None,
            "error_ratio": _share(((p.rps, p.error_ratio) for p in parts), rps),
            "client_error_ratio": _share(((p.rps, p.client_error_ratio) for p in parts), rps),
            "sent_bps": digits(_total(s.sent_bps for s in self.by_protocol.values())),
            "received_bps": digits(_total(s.received_bps for s in self.by_protocol.values())),
        }

    def health(self, before: Health | None) -> Health:
        return health.worst(
            *(
                health.judge(health.success(sums.outcomes, protocol), before)
                for protocol, sums in self.by_protocol.items()
                if protocol != "tcp"
            )
        )


def _share(parts: Iterable[tuple[float, float | None]], rps: float) -> float | None:
    return digits(sum(rate * (ratio or 0.0) for rate, ratio in parts) / rps) if rps > 0 else None


def _total(parts: Iterable[float | None]) -> float | None:
    total: float | None = None
    for part in parts:
        total = plus(total, part)
    return total


@dataclass(slots=True)
class _NodeSums:
    inbound: _Flow = field(default_factory=_Flow)
    outbound: _Flow = field(default_factory=_Flow)


def _sum_nodes(tallies: Iterable[tuple[str, str, EdgeTally]]) -> dict[str, _NodeSums]:
    sums: dict[str, _NodeSums] = {}
    for source, target, tally in tallies:
        sums.setdefault(source, _NodeSums()).outbound.add(tally)
        sums.setdefault(target, _NodeSums()).inbound.add(tally)
    return sums


def _node(
    identity: NodeIdentity,
    versions: set[str],
    sums: _NodeSums,
    scope: Sequence[str],
    before: Picture,
) -> Node:
    shown = before.nodes.get(identity.id)
    return {
        "id": identity.id,
        "kind": identity.kind,
        "name": identity.name,
        "cluster": identity.cluster or None,
        "namespace": identity.namespace or None,
        "workload": identity.workload or None,
        "app": identity.app or None,
        "version": identity.version or None,
        "versions": sorted(versions),
        "service": identity.service or None,
        "health": _node_health(sums, shown["health"] if shown else None),
        "outside": bool(scope) and identity.namespace not in scope,
        "in": sums.inbound.rates(),
        "out": sums.outbound.rates(),
    }


def _node_health(sums: _NodeSums, before: Health | None) -> Health:
    """Return how well the node answers; entry points, which nobody calls, by what they get.

    A caller of something broken is not broken itself: colouring it too would hide the culprit.
    """
    answered = sums.inbound.health(before)
    return answered if answered != "unknown" else sums.outbound.health(before)
