"""A topology as arrays, so that a step handles thousands of requests at once.

Workloads, services, calls, outcomes and pod slots are numbered in the order of the topology;
every array below is indexed by one of these numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.demo.outcomes import Outcome, failed_inside, normal, parse_outcome
from graph.demo.topology import Call, Topology, Workload

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Every code and flag that a scenario may bring, so that numbering never changes during a run.
_EXTRA_HTTP = ("200/DI", "404", "500", "503", "503/UH", "503/UF", "503/UO", "503/FI")
_EXTRA_GRPC = ("0/DI", "13", "14", "14/UH", "14/UF", "14/UO", "14/FI")


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
    # Calls.
    source: Ints
    service: Ints
    rtt_ms: Floats
    request_bytes: Floats
    response_bytes: Floats
    connections: Floats
    critical: Bools
    tcp: Bools
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
    # Outcomes.
    reached: Bools
    error: Bools
    delayed: Bools
    # Outcome of a server whose critical call failed, by call.
    failed_inside: Ints

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
        first_pod=np.cumsum(pods) - pods,
        workload_of_pod=np.repeat(np.arange(len(workloads)), pods),
        source=source,
        service=_ints([service_index[call.service] for call in calls]),
        rtt_ms=_floats([call.rtt_ms for call in calls]),
        request_bytes=_floats([call.request_bytes for call in calls]),
        response_bytes=_floats([call.response_bytes for call in calls]),
        connections=_floats([call.connections for call in calls]),
        critical=_bools([call.critical for call in calls]),
        tcp=_bools([call.protocol == "tcp" for call in calls]),
        child_start=np.cumsum(child_count) - child_count,
        child_count=child_count,
        children=children,
        roots=_ints([i for i, call in enumerate(calls) if call.rps is not None]),
        log_median_ms=np.log(_floats([w.latency.median_ms for w in workloads])),
        sigma=_floats([w.latency.sigma for w in workloads]),
        tail=_floats([w.latency.tail for w in workloads]),
        reports_out=_bools([w.reports_out for w in workloads]),
        reports_in=_bools([w.reports_in for w in workloads]),
        reached=_bools([outcome.reached for outcome in outcomes]),
        error=_bools([outcome.error for outcome in outcomes]),
        delayed=_bools([outcome.delayed for outcome in outcomes]),
        failed_inside=_ints(
            [
                number[failed_inside(call.protocol) if call.protocol != "tcp" else normal("tcp")]
                for call in calls
            ]
        ),
    )


def _outcomes(calls: Sequence[Call]) -> tuple[Outcome, ...]:
    # dict keeps the first place of each, so the numbering is the same for the same calls.
    known = dict.fromkeys([normal("http"), normal("grpc"), normal("tcp")])
    known |= dict.fromkeys(parse_outcome("http", text) for text in _EXTRA_HTTP)
    known |= dict.fromkeys(parse_outcome("grpc", text) for text in _EXTRA_GRPC)
    known |= dict.fromkeys(outcome for call in calls for outcome, _ in call.errors)
    return tuple(known)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _bools(values: Sequence[bool]) -> Bools:
    return np.array(values, dtype=np.bool_)
