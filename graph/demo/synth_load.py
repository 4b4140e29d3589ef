"""The load of a made-up mesh: how often each call is made, and how often it fails.

Entries get requests of their own, from a few a minute to a hundred a second; everything below
follows from the top down.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from graph.demo.outcomes import Outcome, parse_outcome
from graph.demo.synth_shape import Link, Node
from graph.demo.topology import Call, Workload

GATEWAY = "istio-system/istio-ingressgateway"
# Requests a second at an entry: half get less than three, one in a hundred more than fifty.
ENTRY_RPS, ENTRY_SIGMA = 3.0, 1.2
LEAST_RPS, MOST_RPS = 0.5, 120.0
# A request spreads over about this many calls, so traffic neither dies out nor explodes.
CALLS_PER_REQUEST = 1.1
# Rarer edges would be idle in most windows.
RAREST_RPS = 0.5
# Calls that lead back are rare, or traffic would go round for ever.
BACKWARD_CALLS = 0.02
# Shares of the links on which servers fail now and then, answer "not found", and cannot be reached.
FLAKY, PICKY, LOSSY = 0.08, 0.10, 0.02
# How often they do then: most in a few requests of a thousand, some in every tenth.
ERROR_MEDIAN, ERROR_SIGMA, ERROR_MOST = 0.004, 1.2, 0.15

Errors = tuple[tuple[Outcome, float], ...]


def entry_call(node: Node, gateway: str, rng: np.random.Generator) -> Call:
    """Return what comes in from outside."""
    rps = float(np.clip(ENTRY_RPS * np.exp(rng.normal(0, ENTRY_SIGMA)), LEAST_RPS, MOST_RPS))
    return Call(gateway, node.key, node.protocol, rps=round(rps, 2))


def inner_calls(
    nodes: Sequence[Node],
    links: Sequence[Link],
    entries: Sequence[Call],
    workloads: Mapping[str, Sequence[Workload]],
    rng: np.random.Generator,
) -> list[Call]:
    """Return the calls of every link, with rates that follow the traffic from the top down."""
    index = {node.key: i for i, node in enumerate(nodes)}
    rps = np.zeros(len(nodes))
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
            per_request = BACKWARD_CALLS if backward else max(share, least)
            if not backward:
                rps[callee] += per_request * rps[caller]
            calls += [
                _call(workload.key, nodes[callee], per_request, rng)
                for workload in workloads[nodes[caller].key]
            ]
    return calls


def _call(source: str, target: Node, per_request: float, rng: np.random.Generator) -> Call:
    return Call(
        source=source,
        service=target.key,
        protocol=target.protocol,
        per_request=round(per_request, 4),
        rtt_ms=round(float(rng.uniform(0.3, 2.0)), 2),
        request_bytes=int(rng.integers(200, 1500)),
        response_bytes=int(rng.integers(200, 6000)),
        errors=() if target.protocol == "tcp" else _errors(target, rng),
    )


def _errors(target: Node, rng: np.random.Generator) -> Errors:
    grpc = target.protocol == "grpc"
    ways = (
        (FLAKY, "13" if grpc else "500"),
        # 5 is gRPC's "not found".
        (PICKY, "5" if grpc else "404"),
        (LOSSY, "14/UF" if grpc else "503/UF"),
    )
    drawn = rng.random(len(ways))
    shares = ERROR_MEDIAN * np.exp(rng.normal(0, ERROR_SIGMA, len(ways)))
    return tuple(
        (parse_outcome(target.protocol, text), round(min(float(share), ERROR_MOST), 4))
        for (odds, text), chance, share in zip(ways, drawn, shares, strict=True)
        if chance < odds
    )
