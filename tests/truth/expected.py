"""What a graph of each type should show, worked out from what really flowed.

Written apart from the core on purpose: it knows the simulator's workloads, not Istio's labels.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.core.wire import GraphType
from graph.demo.truth import Party, TrueEdge, TrueRange

Name = tuple[str, str | None, str | None]  # name, version, namespace


@dataclass
class Expected:
    """The sum of the true lines behind one drawn edge."""

    lines: list[TrueEdge] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(line["requests"] for line in self.lines)

    def rps(self, seconds: float) -> float:
        return self.requests / seconds

    @property
    def error_ratio(self) -> float:
        return sum(line["errors"] for line in self.lines) / self.requests

    @property
    def mtls_ratio(self) -> float | None:
        told = [line for line in self.lines if line["mtls_ratio"] is not None]
        arrived = sum(_reached(line) for line in told)
        if not arrived:
            return None
        return sum((line["mtls_ratio"] or 0) * _reached(line) for line in told) / arrived

    @property
    def by_code(self) -> dict[str, int]:
        codes: dict[str, int] = defaultdict(int)
        for line in self.lines:
            for outcome in line["outcomes"]:
                codes[outcome["grpc_status"] or outcome["code"]] += outcome["requests"]
        return dict(codes)

    def bytes_per_s(self, seconds: float) -> tuple[float, float]:
        sent = sum(line["sent_bytes"] for line in self.lines)
        return sent / seconds, sum(line["received_bytes"] for line in self.lines) / seconds


def _reached(line: TrueEdge) -> int:
    if line["protocol"] == "tcp":
        return line["requests"]
    return sum(outcome["requests"] for outcome in line["outcomes"] if outcome["reached"])


def expected_edges(
    truth: TrueRange, graph_type: GraphType
) -> dict[tuple[Name, Name, str], Expected]:
    """Return the edges that a graph of this type should have."""
    drawn: defaultdict[tuple[Name, Name, str], Expected] = defaultdict(Expected)
    behind = _workloads_behind(truth)
    for line in _reported(truth):
        key = (
            _source(line, graph_type, truth),
            _target(line, graph_type, behind),
            line["protocol"],
        )
        drawn[key].lines.append(line)
    return dict(drawn)


def _reported(truth: TrueRange) -> Iterator[TrueEdge]:
    """Yield the lines that at least one proxy reports."""
    return (line for line in truth["edges"] if line["reporters"])


def _workloads_behind(truth: TrueRange) -> dict[str, list[Party]]:
    behind: dict[str, dict[str, Party]] = defaultdict(dict)
    for line in _reported(truth):
        if line["destination"] and "destination" in line["reporters"]:
            behind[line["service"]][line["destination"]["workload"]] = line["destination"]
    return {service: list(parties.values()) for service, parties in behind.items()}


def _party(party: Party, graph_type: GraphType) -> Name:
    gateway = party["mode"] == "gateway"
    if graph_type == "namespace":
        return party["namespace"], None, party["namespace"]
    if graph_type == "workload" or gateway:
        return party["workload"], party["version"] or None, party["namespace"]
    version = party["version"] if graph_type == "versioned_app" else None
    return party["canonical_service"], version or None, party["namespace"]


def _source(line: TrueEdge, graph_type: GraphType, truth: TrueRange) -> Name:
    party = line["source"]
    if party["mode"] == "none":
        return "unknown", None, None
    if graph_type == "service":
        for other in _reported(truth):
            if other["destination"] and other["destination"]["workload"] == party["workload"]:
                return other["service_name"], None, other["service_namespace"]
    return _party(party, graph_type)


def _target(line: TrueEdge, graph_type: GraphType, behind: dict[str, list[Party]]) -> Name:
    service: Name = (line["service_name"], None, line["service_namespace"] or None)
    candidates = behind.get(line["service"], [])
    if not candidates:
        return line["service_name"], None, None  # outside the mesh
    if graph_type == "service":
        return service
    if line["destination"] is not None:
        return _party(line["destination"], graph_type)
    nodes = {_party(party, graph_type) for party in candidates}
    return nodes.pop() if len(nodes) == 1 else service
