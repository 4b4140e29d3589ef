"""A topology as wire entities: ratios, quantiles, mTLS and health of every node and edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from graph.core import health
from graph.core.figures import busiest, digits, latencies, mtls, shown_responses, weights_of_ends
from graph.core.identity import edge_id
from graph.core.nodes import node, sum_nodes
from graph.core.readings import Readings
from graph.core.tally import EdgeTally, Tally
from graph.core.wire import (
    Edge,
    EdgeReporter,
    Health,
    Latency,
    Node,
    Principals,
    Protocol,
    Side,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything drawn, by id."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)


def draw(
    graph: "nx.MultiDiGraph[str]", readings: Readings, scope: Sequence[str], before: Picture
) -> Picture:
    """Return the wire entities of a topology; ``before`` is what was shown, for hysteresis."""
    tallies: list[tuple[str, str, EdgeTally]] = sorted(
        graph.edges(data="tally"), key=lambda edge: (edge[0], edge[1], edge[2].protocol)
    )
    sums = sum_nodes(tallies)
    names = sorted(graph.nodes)
    sides = [side for _, _, tally in tallies for side in (tally.client, tally.server)]
    figures = iter(latencies(readings.slow, sides + [sums[name].inbound.answers for name in names]))
    edges = [
        _edge(source, target, tally, next(figures), next(figures), before)
        for source, target, tally in tallies
    ]
    nodes = [
        node(
            graph.nodes[name]["identity"],
            graph.nodes[name]["versions"],
            sums[name],
            next(figures),
            scope,
            shown["health"] if (shown := before.nodes.get(name)) else None,
        )
        for name in names
    ]
    return Picture({made["id"]: made for made in nodes}, {edge["id"]: edge for edge in edges})


def _edge(
    source: str,
    target: str,
    tally: EdgeTally,
    of_client: Latency,
    of_server: Latency,
    before: Picture,
) -> Edge:
    protocol = tally.protocol
    name = edge_id(source, target, protocol)
    shown = before.edges.get(name)
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
        "responses": shown_responses(total, protocol),
        "latency_ms": of_server if tally.measured is tally.server else of_client,
        "sent_bps": digits(total.sent_bps),
        "received_bps": digits(total.received_bps),
        "sent_mps": digits(total.sent_mps),
        "received_mps": digits(total.received_mps),
        "connections_per_s": digits(total.connections_per_s),
        "mtls": mtls(tally.security),
        "principals": _principals(tally),
        "hosts": busiest({**tally.client.hosts, **tally.server.hosts}),
        "reporter": _reporter(tally.reporters),
        "client": _side(tally.client, protocol, of_client) if "client" in tally.sides else None,
        "server": _side(tally.server, protocol, of_server) if "server" in tally.sides else None,
        "health": _edge_health(rates, protocol, shown["health"] if shown else None),
    }


def _rps(rates: health.Success, protocol: Protocol) -> float | None:
    return None if protocol == "tcp" else digits(rates.rps)


def _edge_health(rates: health.Success, protocol: Protocol, before: Health | None) -> Health:
    return "unknown" if protocol == "tcp" else health.judge(rates, before)


def _side(tally: Tally, protocol: Protocol, of_side: Latency) -> Side:
    rates = health.success(tally.outcomes, protocol)
    return {
        "rps": _rps(rates, protocol),
        "error_ratio": digits(rates.error_ratio),
        "client_error_ratio": digits(rates.client_error_ratio),
        "responses": shown_responses(tally, protocol),
        "latency_ms": of_side,
        "sent_bps": digits(tally.sent_bps),
        "received_bps": digits(tally.received_bps),
    }


def _reporter(reporters: set[EdgeReporter]) -> EdgeReporter:
    return next(iter(reporters)) if len(reporters) == 1 else "mixed"


def _principals(tally: EdgeTally) -> Principals:
    sources, targets = weights_of_ends(tally.principals)
    return {"source": busiest(sources), "destination": busiest(targets)}
