"""A topology as wire entities: ratios, quantiles, mTLS and health of every node and edge."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from graph.core import health
from graph.core.figures import (
    busiest,
    digits,
    failed_share,
    latencies,
    mtls,
    shown_responses,
)
from graph.core.gaps import gap
from graph.core.health import HealthRules, Subject
from graph.core.identity import NodeIdentity, edge_id
from graph.core.nodes import node, sum_nodes
from graph.core.permit import EVERYTHING, Permit, hosts_seen, principals_seen
from graph.core.readings import Readings
from graph.core.tally import EdgeTally, Tally
from graph.core.wire import (
    Edge,
    EdgeReporter,
    Health,
    Latency,
    Node,
    Protocol,
    Side,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything drawn, by id."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One edge of the topology with all that its wire entity is made of."""

    source: NodeIdentity
    target: NodeIdentity
    tally: EdgeTally
    total: Side
    client: Side
    server: Side
    window_s: int
    rules: HealthRules
    permit: Permit
    namespaces: Collection[str]


def draw(
    graph: "nx.MultiDiGraph[str]",
    readings: Readings,
    scope: Sequence[str],
    before: Picture,
    permit: Permit = EVERYTHING,
) -> Picture:
    """Return the wire entities of a topology; ``before`` is what was shown, for hysteresis.

    Names that a topology does not hide, as identities and hosts, are told as the permit allows.
    """
    tallies: list[tuple[str, str, EdgeTally]] = sorted(
        graph.edges(data="tally"), key=lambda edge: (edge[0], edge[1], edge[2].protocol)
    )
    identities: dict[str, NodeIdentity] = {
        name: data["identity"] for name, data in graph.nodes.items()
    }
    sums = sum_nodes(tallies, {key for key, one in identities.items() if one.kind == "waypoint"})
    names = sorted(graph.nodes)
    # An edge's total is mostly one of its sides: each sum is turned into figures once.
    parts = {
        id(part): (part, tally.protocol)
        for _, _, tally in tallies
        for part in (tally.total, tally.client, tally.server)
    }
    times = [part.times for part, _ in parts.values()]
    figures = iter(latencies(readings.slow, times + [sums[name].inbound.answers for name in names]))
    sides = {key: _side(part, protocol, next(figures)) for key, (part, protocol) in parts.items()}
    rules = readings.rules.health
    edges = [
        _edge(
            _Drawn(
                identities[source],
                identities[target],
                tally,
                sides[id(tally.total)],
                sides[id(tally.client)],
                sides[id(tally.server)],
                readings.window_s,
                rules,
                permit,
                readings.fast.namespaces,
            ),
            before,
        )
        for source, target, tally in tallies
    ]
    nodes = [
        node(
            identities[name],
            graph.nodes[name]["versions"],
            sums[name],
            next(figures),
            scope,
            shown["health"] if (shown := before.nodes.get(name)) else None,
            rules,
            permit,
        )
        for name in names
    ]
    return Picture({made["id"]: made for made in nodes}, {edge["id"]: edge for edge in edges})


def _edge(drawn: _Drawn, before: Picture) -> Edge:
    tally = drawn.tally
    protocol = tally.protocol
    name = edge_id(drawn.source.id, drawn.target.id, protocol)
    shown = before.edges.get(name)
    total = drawn.total
    sides = tally.sides
    sources, targets = (principals_seen(drawn.permit, one) for one in tally.principals)
    every_host = {**tally.client.hosts, **tally.server.hosts}
    hosts = hosts_seen(drawn.permit, every_host, drawn.namespaces)
    return {
        "id": name,
        "source": drawn.source.id,
        "target": drawn.target.id,
        "protocol": protocol,
        "rps": total["rps"],
        "error_ratio": total["error_ratio"],
        "client_error_ratio": total["client_error_ratio"],
        "responses": total["responses"],
        "latency_ms": total["latency_ms"],
        "sent_bps": total["sent_bps"],
        "received_bps": total["received_bps"],
        "sent_mps": total["sent_mps"],
        "received_mps": total["received_mps"],
        "connections_per_s": total["connections_per_s"],
        "connections_closed_per_s": total["connections_closed_per_s"],
        "mtls": mtls(tally.known_security),
        "principals": {"source": busiest(sources), "destination": busiest(targets)},
        "hosts": [] if drawn.target.kind == "outside" else busiest(hosts),
        "reporter": _reporter(tally),
        "client": drawn.client if "client" in sides else None,
        "server": drawn.server if "server" in sides else None,
        "gap": gap(tally, drawn.window_s),
        "health": _edge_health(drawn, shown["health"] if shown else None),
    }


def _rps(rates: health.Success, protocol: Protocol) -> float | None:
    return None if protocol == "tcp" else digits(rates.rps)


def _error_ratio(rates: health.Success, tally: Tally, protocol: Protocol) -> float | None:
    return digits(failed_share(tally) if protocol == "tcp" else rates.error_ratio)


def _edge_health(drawn: _Drawn, before: Health | None) -> Health:
    """Return the worst of what the server answered and what the caller got, a timeout included."""
    tally, rules, protocol = drawn.tally, drawn.rules, drawn.tally.protocol
    if not tally.total.is_moving:
        return "idle"
    target = Subject(drawn.target.namespace, drawn.target.kind, drawn.target.name)
    source = Subject(drawn.source.namespace, drawn.source.kind, drawn.source.name)
    received = tally.client.outcomes if "client" in tally.sides else tally.total.outcomes
    judged = [
        rules.judge(target, "inbound", protocol, tally.total.outcomes, before),
        "unknown"
        if received is tally.total.outcomes
        else rules.judge(target, "inbound", protocol, received, before),
        rules.judge(source, "outbound", protocol, received, before),
        rules.judge_latency(target, "inbound", drawn.total["latency_ms"], before),
        rules.judge_latency(source, "outbound", drawn.total["latency_ms"], before),
    ]
    # A stream that has not ended moves without an outcome: nothing is known, it is not idle.
    return health.worst(*(each for each in judged if each != "idle"))


def _side(tally: Tally, protocol: Protocol, latency_ms: Latency) -> Side:
    rates = health.success(tally.outcomes, protocol)
    return {
        "rps": _rps(rates, protocol),
        "error_ratio": _error_ratio(rates, tally, protocol),
        "client_error_ratio": None if protocol == "tcp" else digits(rates.client_error_ratio),
        "responses": shown_responses(tally, protocol),
        "latency_ms": latency_ms,
        "sent_bps": digits(tally.sent_bps),
        "received_bps": digits(tally.received_bps),
        "sent_mps": digits(tally.sent_mps),
        "received_mps": digits(tally.received_mps),
        "connections_per_s": digits(tally.connections_per_s),
        "connections_closed_per_s": digits(tally.connections_closed_per_s),
    }


def _reporter(tally: EdgeTally) -> EdgeReporter:
    if len(tally.reporters) == 1:
        return next(iter(tally.reporters))
    if tally.reporters:
        return "mixed"
    return "destination" if "server" in tally.sides else "source"
