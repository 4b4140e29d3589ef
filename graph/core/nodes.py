"""Nodes as wire entities: totals over their edges, and how they answer their callers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.core import health, outcomes
from graph.core.accounts import plus
from graph.core.figures import busiest, digits, mtls, shown_responses
from graph.core.health import Direction, HealthRules, Subject
from graph.core.identity import NodeIdentity
from graph.core.permit import EVERYTHING, Permit, principals_seen
from graph.core.tally import EdgeTally, Tally, Times
from graph.core.wire import Health, Latency, Node, NodeResponse, Protocol, Rates


@dataclass(slots=True)
class Flow:
    """Sums over a node's edges in one direction."""

    by_protocol: dict[Protocol, Tally] = field(default_factory=dict)
    answers: Times = field(default_factory=Times)
    security: dict[str, float] = field(default_factory=dict)
    callers: dict[str, float] = field(default_factory=dict)
    answerers: dict[str, float] = field(default_factory=dict)
    is_moving: bool = False

    def add(self, tally: EdgeTally) -> None:
        """Add one edge."""
        sums = self.by_protocol.setdefault(tally.protocol, Tally())
        outcomes.add(sums.outcomes, tally.total.outcomes.items())
        sums.sent_bps = plus(sums.sent_bps, tally.total.sent_bps)
        sums.received_bps = plus(sums.received_bps, tally.total.received_bps)
        self.is_moving = self.is_moving or tally.total.is_moving
        self.answers.extend(tally.total.times)
        _add(self.security, tally.known_security)
        callers, answerers = tally.principals
        _add(self.callers, callers)
        _add(self.answerers, answerers)

    def responses(self) -> list[NodeResponse]:
        """Return every outcome, by protocol."""
        return [
            {**row, "protocol": protocol}
            for protocol, sums in sorted(self.by_protocol.items())
            for row in shown_responses(sums, protocol)
            if protocol != "tcp" or row["flags"]
        ]

    def rates(self) -> Rates:
        """Return the totals."""
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

    def health(
        self,
        rules: HealthRules,
        subject: Subject,
        direction: Direction,
        before: Health | None,
    ) -> Health:
        """Return the worst health of the protocols that the rules speak of."""
        judged = [
            rules.judge(subject, direction, protocol, sums.outcomes, before)
            for protocol, sums in self.by_protocol.items()
        ]
        # A stream that has not ended moves without an outcome: nothing is known, it is not idle.
        return health.worst(*(each for each in judged if each != "idle" or not self.is_moving))


def _share(parts: Iterable[tuple[float, float | None]], rps: float) -> float | None:
    return digits(sum(rate * (ratio or 0.0) for rate, ratio in parts) / rps) if rps > 0 else None


def _total(parts: Iterable[float | None]) -> float | None:
    total: float | None = None
    for part in parts:
        total = plus(total, part)
    return total


def _add(into: dict[str, float], more: Mapping[str, float]) -> None:
    for key, weight in more.items():
        into[key] = into.get(key, 0.0) + weight


@dataclass(slots=True)
class NodeSums:
    """A node's edges, summed by direction."""

    inbound: Flow = field(default_factory=Flow)
    outbound: Flow = field(default_factory=Flow)


def sum_nodes(
    tallies: Iterable[tuple[str, str, EdgeTally]], waypoints: Collection[str]
) -> dict[str, NodeSums]:
    """Return the sums of every node that an edge touches, by node id.

    The legs of requests through a waypoint count for the waypoint alone: for caller and server they
    are requests that another edge has counted.
    """
    sums: dict[str, NodeSums] = {}
    for source, target, tally in tallies:
        outbound = sums.setdefault(source, NodeSums()).outbound
        inbound = sums.setdefault(target, NodeSums()).inbound
        if not tally.is_leg or source in waypoints:
            outbound.add(tally)
        if not tally.is_leg or target in waypoints:
            inbound.add(tally)
    return sums


def node(
    identity: NodeIdentity,
    versions: set[str],
    sums: NodeSums,
    latency_ms: Latency,
    scope: Sequence[str],
    before: Health | None,
    rules: HealthRules,
    permit: Permit = EVERYTHING,
) -> Node:
    """Return the wire entity; ``before`` is the health that was shown, for hysteresis."""
    own = {**sums.outbound.callers, **sums.inbound.answerers}
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
        "health": _node_health(identity, sums, latency_ms, before, rules),
        "outside": identity.kind == "outside" or (bool(scope) and identity.namespace not in scope),
        "in": sums.inbound.rates(),
        "out": sums.outbound.rates(),
        "responses": sums.inbound.responses(),
        "latency_ms": latency_ms,
        "mtls": mtls(sums.inbound.security),
        "principals": [] if identity.kind == "outside" else busiest(principals_seen(permit, own)),
    }


def _node_health(
    identity: NodeIdentity,
    sums: NodeSums,
    latency_ms: Latency,
    before: Health | None,
    rules: HealthRules,
) -> Health:
    """Return how well the node answers; entry points, which nobody calls, by what they get.

    A caller of something broken is not broken itself: colouring it too would hide the culprit,
    unless a rule of the operator judges what goes out.
    """
    if not (sums.inbound.is_moving or sums.outbound.is_moving):
        return "idle"
    if identity.kind == "outside":
        return "unknown"  # of many, and the viewer sees a part of what they do
    subject = Subject(identity.namespace, identity.kind, identity.name)
    if not sums.inbound.by_protocol:
        return health.worst(
            sums.outbound.health(rules, subject, "inbound", before),
            sums.outbound.health(rules, subject, "outbound", before),
        )
    return health.worst(
        sums.inbound.health(rules, subject, "inbound", before),
        sums.outbound.health(rules, subject, "outbound", before),
        rules.judge_latency(subject, "inbound", latency_ms, before),
    )
