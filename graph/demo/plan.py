"""A topology as arrays, so that a step handles thousands of requests at once.

Workloads, services, calls, outcomes and pod slots are numbered in the order of the topology;
every array below is indexed by one of these numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.demo.eras import MIXER_BYTES, MIXER_MS
from graph.demo.hops import Hops, compile_hops, waypoint_of
from graph.demo.outcomes import Outcome, failed_inside, normal, over_ztunnel, parse_outcome
from graph.demo.topology import Call, Service, Topology, Workload

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Istio's histogram bounds, the same for milliseconds and bytes; +Inf follows.
BOUNDS = (
    *(0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000),
    *(60000, 300000, 600000, 1800000, 3600000),
)
# Every code and flag that a scenario may bring, so that numbering never changes during a run.
_EXTRA_HTTP = ("200/DI", "404", "500", "503", "503/UH", "503/UF", "503/UO", "503/FI")
_EXTRA_GRPC = ("0/DI", "13", "14", "14/UH", "14/UF", "14/UO", "14/FI")
# What the server answers to the first attempt of a request that is repeated.
_RETRIED = {"http": "503", "grpc": "14"}


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a mesh that stay the same through a run."""

    topology: Topology
    outcomes: tuple[Outcome, ...]
    workload_index: dict[str, int]
    service_index: dict[str, int]
    # Pod slots: workload w owns slots first_pod[w] .. first_pod[w] + pods[w] - 1.
    pods: Ints
    first_pod: Ints
    workload_of_pod: Ints
    hops: Hops
    # Bounds of all histograms together; each workload's own are among them.
    bounds: tuple[float, ...]
    # Calls.
    source: Ints
    service: Ints
    rtt_ms: Floats
    request_bytes: Floats
    response_bytes: Floats
    connections: Floats
    critical: Bools
    tcp: Bools
    # Calls whose connections somebody counts,
    connects: Bools
    # ... those that their client's side knows as connections only ...
    layer4: Bools
    # ... and those that nobody may make.
    blocked: Bools
    timeout_ms: Floats
    retries: Floats
    # Calls that a workload makes per request: children[child_start[w]:][:child_count[w]].
    child_start: Ints
    child_count: Ints
    children: Ints
    # Calls that start on their own.
    roots: Ints
    # Workloads.
    log_median_ms: Floats
    sigma: Floats
    tail: Floats
    reports_out: Bools
    reports_in: Bools
    meshed: Bools
    # Outcomes.
    reached: Bools
    error: Bools
    delayed: Bools
    timed_out: Bools
    denied: Bools
    # What a ztunnel makes of it.
    over_ztunnel: Ints
    # Outcome of a first attempt that is repeated, by call.
    retried: Ints
    # Outcome of a server whose critical call failed, by call.
    failed_inside: Ints
    # True in a mesh that spans several clusters. Asked once for every series.
    several_clusters: bool

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """The workloads in the order of their numbers."""
        return self.topology.workloads

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls in the order of their numbers."""
        return self.topology.calls

    def calls_to(self, service: str) -> list[int]:
        """Return the calls that go to a service."""
        wanted = self.service_index[service]
        return [int(call) for call in np.flatnonzero(self.service == wanted)]


def compile_plan(topology: Topology) -> Plan:
    """Return the topology as arrays."""
    workloads, calls = topology.workloads, topology.calls
    workload_index = {workload.key: i for i, workload in enumerate(workloads)}
    service_index = {service.key: i for i, service in enumerate(topology.services)}
    outcomes = _outcomes(calls)
    number = {outcome: i for i, outcome in enumerate(outcomes)}
    pods = _ints([w.pods for w in workloads])
    first_pod, workload_of_pod = np.cumsum(pods) - pods, np.repeat(np.arange(len(workloads)), pods)
    services = {service.key: service for service in topology.services}
    source = _ints([workload_index[call.source] for call in calls])
    served = _ints([i for i, call in enumerate(calls) if call.per_request is not None])
    children = served[np.argsort(source[served], kind="stable")]
    child_count = np.bincount(source[served], minlength=len(workloads)).astype(np.int64)
    return Plan(
        topology=topology,
        outcomes=outcomes,
        workload_index=workload_index,
        service_index=service_index,
        pods=pods,
        first_pod=first_pod,
        workload_of_pod=workload_of_pod,
        hops=compile_hops(topology, first_pod, workload_of_pod),
        bounds=_bounds(workloads),
        source=source,
        service=_ints([service_index[call.service] for call in calls]),
        rtt_ms=_floats([call.rtt_ms for call in calls]),
        request_bytes=_floats([call.request_bytes for call in calls]),
        response_bytes=_floats([call.response_bytes for call in calls]),
        connections=_floats([call.connections for call in calls]),
        critical=_bools([call.critical for call in calls]),
        tcp=_bools([call.protocol == "tcp" for call in calls]),
        connects=_bools([_connects(workloads, workload_index, services, c) for c in calls]),
        layer4=_bools([_layer4(workloads[workload_index[c.source]], services, c) for c in calls]),
        blocked=_bools([services[call.service].blocked for call in calls]),
        timeout_ms=_floats([call.timeout_ms for call in calls]),
        retries=_floats([call.retries for call in calls]),
        child_start=np.cumsum(child_count) - child_count,
        child_count=child_count,
        children=children,
        roots=_ints([i for i, c in enumerate(calls) if c.per_request is None and c.stream is None]),
        log_median_ms=np.log(_floats([w.latency.median_ms for w in workloads])),
        sigma=_floats([w.latency.sigma for w in workloads]),
        tail=_floats([w.latency.tail for w in workloads]),
        reports_out=_bools([w.reports_out for w in workloads]),
        reports_in=_bools([w.reports_in for w in workloads]),
        meshed=_bools([w.meshed for w in workloads]),
        reached=_bools([outcome.reached for outcome in outcomes]),
        error=_bools([outcome.error for outcome in outcomes]),
        delayed=_bools([outcome.delayed for outcome in outcomes]),
        timed_out=_bools([outcome.timed_out for outcome in outcomes]),
        denied=_bools([outcome.denied for outcome in outcomes]),
        over_ztunnel=_ints([number[over_ztunnel(outcome)] for outcome in outcomes]),
        retried=_ints(
            [
                number[parse_outcome(c.protocol, _RETRIED[c.protocol])] if c.retries else 0
                for c in calls
            ]
        ),
        failed_inside=_ints(
            [
                number[failed_inside(call.protocol) if call.protocol != "tcp" else normal("tcp")]
                for call in calls
            ]
        ),
        several_clusters=len({w.cluster for w in workloads if w.mode != "external"}) > 1,
    )


def _outcomes(calls: Sequence[Call]) -> tuple[Outcome, ...]:
    # dict keeps the first place of each, so the numbering is the same for the same calls.
    known = dict.fromkeys([normal("http"), normal("grpc"), normal("tcp")])
    known |= dict.fromkeys(parse_outcome("http", text) for text in _EXTRA_HTTP)
    known |= dict.fromkeys(parse_outcome("grpc", text) for text in _EXTRA_GRPC)
    known |= dict.fromkeys(outcome for call in calls for outcome, _ in call.errors)
    known |= dict.fromkeys(over_ztunnel(outcome) for outcome in tuple(known))
    return tuple(known)


def _connects(
    workloads: Sequence[Workload], index: dict[str, int], services: dict[str, Service], call: Call
) -> bool:
    """True for TCP, and for requests that a ztunnel carries."""
    ends = (call.source, *(key for key, _ in services[call.service].split))
    ambient = any(workloads[index[key]].mode == "ambient" for key in ends)
    return call.protocol == "tcp" or ambient


def _layer4(source: Workload, services: dict[str, Service], call: Call) -> bool:
    """True for TCP, and for what a ztunnel sends straight to the server."""
    waypoint = waypoint_of(call, services[call.service], source)
    return call.protocol == "tcp" or (source.mode == "ambient" and not waypoint)


def _bounds(workloads: Sequence[Workload]) -> tuple[float, ...]:
    """Return the bounds of every histogram in the mesh."""
    found = {float(bound) for bound in BOUNDS}
    for workload in workloads:
        found.update(workload.buckets)
        if workload.era.mixer:
            found.update((*MIXER_MS, *MIXER_BYTES))
    return tuple(sorted(found))


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _bools(values: Sequence[bool]) -> Bools:
    return np.array(values, dtype=np.bool_)
