"""What really flowed: every request of the last while, kept apart from the proxies' counters.

Numbers come from the requests themselves, so they check the whole way through counters, scrapes
and queries. Each line is one (source workload, destination workload, service, protocol).
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from typing_extensions import TypedDict

from graph.demo.hops import reporters, waypoint_of
from graph.demo.plan import Floats, Plan
from graph.demo.topology import Workload
from graph.demo.traffic import COLUMNS, OPENING, Requests, join

# Enough for an hour of the named meshes at twice their load; takes about 160 MB when full.
KEEP_REQUESTS = 4_000_000
KEEP_S = 3700.0


class TruthError(ValueError):
    """The range asked for cannot be answered in full."""


class Latency(TypedDict):
    """Exact quantiles (nearest rank, no interpolation) of the requests' times."""

    mean: float
    # Mean of whole milliseconds rounded down, which is what Istio's proxies add up.
    mean_whole: float
    p50: float
    p90: float
    p95: float
    p99: float


class Party(TypedDict):
    """A workload, as it is and not as some proxy sees it."""

    cluster: str
    namespace: str
    workload: str
    app: str
    version: str
    canonical_service: str
    canonical_revision: str
    principal: str
    mode: str


class OutcomeCount(TypedDict):
    """Requests that ended alike."""

    code: str
    grpc_status: str
    client_flags: str
    # What the server's proxy says, where it differs: it sees a client that left.
    server_code: str
    server_flags: str
    reached: bool
    error: bool
    requests: int


class TrueEdge(TypedDict):
    """One line of the truth. Counts are totals over the range."""

    source: Party
    # None when the requests found no server.
    destination: Party | None
    # As the proxies name it.
    service: str
    service_name: str
    service_namespace: str
    protocol: str
    # The waypoint that the requests pass; "" for none.
    waypoint: str
    # How the server's proxy classifies the requests; "" where it does not.
    operation: str
    # Proxies that report these requests: "source", "waypoint", "destination", some or none.
    reporters: list[str]
    # HTTP and gRPC requests that ended, as servers count them; TCP exchanges.
    requests: int
    # The same as clients count them, to whom a repeated request is one.
    client_requests: int
    errors: int
    rps: float
    error_ratio: float
    outcomes: list[OutcomeCount]
    server_ms: Latency | None
    client_ms: Latency | None
    # Share of requests (TCP: of connections) under mutual TLS; None where no server proxy tells.
    mtls_ratio: float | None
    sent_bytes: int
    received_bytes: int
    connections_opened: int
    request_messages: int
    response_messages: int


class TrueRange(TypedDict):
    """Answer of /truth. Counters hold exactly the steps that ended in (start, end]."""

    start: float
    end: float
    seconds: float
    steps: int
    edges: list[TrueEdge]


@dataclass(frozen=True, slots=True)
class _Step:
    at: float
    requests: Requests


class Truth:
    """Remembers requests and sums them up."""

    def __init__(self, plan: Plan, step_s: float) -> None:
        self._plan = plan
        self._step_s = step_s
        self._steps: deque[_Step] = deque()
        self._held = 0

    def record(self, at: float, requests: Requests) -> None:
        """Remember the requests of the step that ended at ``at``."""
        self._steps.append(_Step(at, _packed(requests)))
        self._held += len(requests)
        while self._held > KEEP_REQUESTS or self._steps[0].at < at - KEEP_S:
            self._held -= len(self._steps.popleft().requests)

    def between(self, start: float, end: float) -> TrueRange:
        """Return what flowed in the steps that ended in (start, end]. Raises TruthError."""
        return self.question(start, end).answer()

    def question(self, start: float, end: float) -> "Question":
        """Return the steps that ended in (start, end], to be summed up without holding a lock.

        Raises TruthError when the range reaches back before what is remembered, or ahead.
        """
        if not self._steps or end <= start:
            raise TruthError(f"nothing is known between {start} and {end}")
        first, last = self._steps[0].at - self._step_s, self._steps[-1].at
        if start < first - self._step_s or end > last + self._step_s:
            raise TruthError(f"known from {first:.3f} to {last:.3f}, asked {start} to {end}")
        steps = [step.requests for step in self._steps if start < step.at <= end]
        return Question(self._plan, start, end, steps, len(steps) * self._step_s)


@dataclass(frozen=True, slots=True)
class Question:
    """The requests of a range of time."""

    plan: Plan
    start: float
    end: float
    steps: list[Requests]
    seconds: float

    def answer(self) -> TrueRange:
        """Return the sums."""
        return {
            "start": self.start,
            "end": self.end,
            "seconds": self.seconds,
            "steps": len(self.steps),
            "edges": self._edges() if any(map(len, self.steps)) else [],
        }

    def _edges(self) -> list[TrueEdge]:
        requests = join(self.steps)
        nobody = len(self.plan.workloads)
        workload = np.where(requests.reached, requests.workload, nobody)
        keys, group = np.unique(
            requests.call.astype(np.int64) * (nobody + 1) + workload, return_inverse=True
        )
        order = np.argsort(group, kind="stable")
        starts = np.cumsum(np.bincount(group, minlength=len(keys)))[:-1]
        return [
            self._edge(key // (nobody + 1), key % (nobody + 1), requests.take(rows))
            for key, rows in zip(keys.tolist(), np.split(order, starts), strict=True)
        ]

    def _edge(self, call: int, workload: int, rows: Requests) -> TrueEdge:
        plan = self.plan
        spec = plan.calls[call]
        service = plan.topology.services[plan.service_index[spec.service]]
        source = plan.workloads[plan.workload_index[spec.source]]
        destination = plan.workloads[workload] if workload < len(plan.workloads) else None
        tcp, grpc = spec.protocol == "tcp", spec.protocol == "grpc"
        counted = rows.take(np.flatnonzero(rows.carried if tcp else rows.counted))
        errors = int(plan.error[counted.outcome].sum())
        waypoint = waypoint_of(spec, service, source)
        told_by = reporters(source, destination, waypoint)
        carrying = rows.carried if tcp else rows.counted
        naming = service.told("source" if told_by == ["source"] else "destination")
        opened = ((rows.lifetime_s > 0) | (rows.part == OPENING)) & ~service.blocked
        messages = int(rows.carried.sum()) if grpc else 0
        return {
            "source": _party(source),
            "destination": _party(destination) if destination else None,
            "service": naming.service,
            "service_name": naming.name,
            "service_namespace": "" if naming.namespace == "unknown" else naming.namespace,
            "protocol": spec.protocol,
            "waypoint": waypoint,
            "operation": spec.operation or "",
            "reporters": told_by,
            "requests": len(counted),
            "client_requests": int(counted.final.sum()),
            "errors": errors,
            "rps": len(counted) / self.seconds,
            "error_ratio": errors / len(counted) if len(counted) else 0.0,
            "outcomes": [] if tcp else self._outcomes(counted),
            "server_ms": None if tcp or destination is None else _latency(counted.server_ms),
            "client_ms": None if tcp else _latency(counted.client_ms[counted.final]),
            "mtls_ratio": _mtls(rows, destination, told_by, tcp=tcp),
            "sent_bytes": int(rows.response_bytes[carrying].sum()),
            "received_bytes": int(rows.request_bytes[carrying].sum()),
            "connections_opened": int(opened.sum()),
            "request_messages": messages,
            "response_messages": messages - (errors if grpc else 0),
        }

    def _outcomes(self, counted: Requests) -> list[OutcomeCount]:
        numbers, counts = np.unique(counted.outcome, return_counts=True)
        return [
            {
                "code": self.plan.outcomes[number].code,
                "grpc_status": self.plan.outcomes[number].grpc_status,
                "client_flags": self.plan.outcomes[number].client.flags,
                "server_code": self.plan.outcomes[number].server.code,
                "server_flags": self.plan.outcomes[number].server_flags,
                "reached": self.plan.outcomes[number].reached,
                "error": self.plan.outcomes[number].error,
                "requests": count,
            }
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
        ]


def _packed(requests: Requests) -> Requests:
    """Return the same requests in less than half the memory."""
    columns = {name: getattr(requests, name) for name in COLUMNS}
    smaller = {np.dtype(np.int64): np.int32, np.dtype(np.float64): np.float32}
    return Requests(
        **{name: c.astype(smaller.get(c.dtype, c.dtype)) for name, c in columns.items()}
    )


def _party(workload: Workload) -> Party:
    return {
        "cluster": "" if workload.mode == "external" else workload.cluster,
        "namespace": workload.namespace,
        "workload": workload.name,
        "app": workload.app,
        "version": workload.version,
        "canonical_service": workload.canonical,
        "canonical_revision": workload.revision,
        "principal": workload.principal if workload.meshed else "",
        "mode": workload.mode,
    }


def _mtls(
    rows: Requests, destination: Workload | None, told_by: list[str], *, tcp: bool
) -> float | None:
    if destination is None or not {"destination", "waypoint"} & set(told_by):
        return None
    begun = (rows.lifetime_s > 0) | (rows.part == OPENING)
    counted = rows.plaintext[begun if tcp else rows.counted]
    return float(1 - counted.mean()) if len(counted) else None


def _latency(stored_ms: Floats) -> Latency | None:
    if not len(stored_ms):
        return None
    # Sums of many single-precision numbers would drift.
    times_ms = stored_ms.astype(np.float64)
    p50, p90, p95, p99 = np.quantile(times_ms, [0.5, 0.9, 0.95, 0.99], method="inverted_cdf")
    return {
        "mean": float(times_ms.mean()),
        "mean_whole": float(np.floor(times_ms).mean()),
        "p50": float(p50),
        "p90": float(p90),
        "p95": float(p95),
        "p99": float(p99),
    }
