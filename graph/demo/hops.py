"""Which proxies count a request on its way: the client's, a waypoint's, the server's, ztunnels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.demo.topology import Call, Service, Topology, Workload

# Sides of a request that can count it, in the order of SIDES.
CLIENT, SERVER, WAYPOINT, CLIENT_NODE, SERVER_NODE = range(5)
# What each of them writes as reporter.
SIDES = ("source", "destination", "waypoint", "source", "destination")

NODES = ("node-a", "node-b", "node-c")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hops:
    """Who counts: indexed by call or by pod slot; -1 where there is nobody."""

    # By call: the waypoint that its requests pass.
    waypoint: Ints
    # By pod slot: the slot of the ztunnel on the pod's node, for pods that have no own proxy ...
    ztunnel: Ints
    # ... and the slot whose telemetry page holds what the pod's own proxy reports.
    page: Ints

    @property
    def any_waypoint(self) -> bool:
        """True when some call passes a waypoint."""
        return bool((self.waypoint >= 0).any())

    @property
    def any_ztunnel(self) -> bool:
        """True when some pod is ambient."""
        return bool((self.ztunnel >= 0).any())


def compile_hops(topology: Topology, first_pod: Ints, workload_of_pod: Ints) -> Hops:
    """Return who counts what in this mesh."""
    workloads = topology.workloads
    index = {workload.key: i for i, workload in enumerate(workloads)}
    services = {service.key: service for service in topology.services}
    mixer = {(w.mode, w.cluster, w.era): int(first_pod[i]) for i, w in enumerate(workloads)}
    ztunnel = {(w.mode, w.cluster): int(first_pod[i]) for i, w in enumerate(workloads)}
    slots = range(len(workload_of_pod))
    of = [workloads[int(w)] for w in workload_of_pod]
    return Hops(
        waypoint=_ints(
            [
                index.get(waypoint_of(call, services[call.service], workloads[index[call.source]]))
                for call in topology.calls
            ]
        ),
        ztunnel=_ints(
            [
                ztunnel["ztunnel", of[slot].cluster] + node_of(slot)
                if of[slot].mode == "ambient"
                else None
                for slot in slots
            ]
        ),
        page=_ints(
            [
                mixer["mixer", of[slot].cluster, of[slot].era]
                if of[slot].era.mixer and not of[slot].scraped and of[slot].meshed
                else slot
                for slot in slots
            ]
        ),
    )


def node_of(slot: int) -> int:
    """Return the number of the node that a pod slot is on."""
    return slot % len(NODES)


def waypoint_of(call: Call, service: Service, source: Workload) -> str:
    """Return the key of the waypoint that the call passes; "" for none.

    Sidecars pass waypoints by, and so do gateways unless the service asks for it.
    """
    passes = source.mode == "ambient" or (source.mode == "gateway" and service.ingress_waypoint)
    return service.waypoint if passes else ""


def reporters(source: Workload, destination: Workload | None, waypoint: str) -> list[str]:
    """Return what the proxies that report such requests call themselves, each once."""
    found = []
    if source.reports_out or source.mode == "ambient":
        found.append("source")
    if waypoint:
        found.append("waypoint")
    if destination is not None and (destination.reports_in or destination.mode == "ambient"):
        found.append("destination")
    return found


def _ints(values: list[int | None]) -> Ints:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)
