"""The pods of the mesh: slots that stay, holding pods that come and go."""

from dataclasses import dataclass

import numpy as np

from graph.demo.hops import NODES, node_of
from graph.demo.plan import Plan
from graph.demo.topology import Workload

# Kubernetes builds generated names from these only: no vowels, nothing easily misread.
NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
# The injector's merged telemetry port of every sidecar, and Mixer's own.
STATS_PORT = 15020
MIXER_PORT = 42422


@dataclass(frozen=True, slots=True)
class Pod:
    """What tells one pod of a workload from the next."""

    name: str
    address: str


class Pods:
    """Which pod serves in each slot. Same seed and same replacements, same names."""

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        self._plan = plan
        self._rng = rng
        self._serial = 0
        self._hash = [self._letters(10) for _ in plan.workloads]
        slots = range(len(plan.workload_of_pod))
        self.serving = [self.create(slot) for slot in slots]
        self._reporting = [s for s in slots if self.workload(s).scraped]

    def create(self, slot: int) -> Pod:
        """Return a new pod for the slot, which does not serve there yet."""
        workload = self._plan.workload_of_pod[slot]
        name = self._plan.workloads[workload].name
        self._serial += 1
        high, low = divmod(self._serial, 250)
        port = MIXER_PORT if self._plan.workloads[workload].mode == "mixer" else STATS_PORT
        return Pod(
            name=f"{name}-{self._hash[workload]}-{self._letters(5)}",
            address=f"10.{12 + high // 250}.{high % 250}.{low + 1}:{port}",
        )

    def workload(self, slot: int) -> Workload:
        """Return what runs in the slot."""
        return self._plan.workloads[int(self._plan.workload_of_pod[slot])]

    def reporting(self) -> list[int]:
        """Return the slots whose pods have a proxy to scrape."""
        return self._reporting

    def scrape_labels(self, slot: int, pod: Pod) -> dict[str, str]:
        """Return what Prometheus' Kubernetes discovery would attach to a pod of this slot."""
        workload = self.workload(slot)
        if workload.mode == "mixer":
            # Found by its service's endpoints, whose labels nobody kept.
            return {"instance": pod.address, "job": "istio-mesh"}
        if workload.mode == "vm":
            return {"instance": pod.address, "job": "virtual-machines"}
        labels = {
            "namespace": workload.namespace,
            "pod": pod.name,
            "node": self._node(slot),
            "instance": pod.address,
        }
        return {**labels, **self._pod_labels(slot)} if workload.pod_labels else labels

    def _pod_labels(self, slot: int) -> dict[str, str]:
        """Return the pod's own labels, as Prometheus' labelmap spells them."""
        workload = self.workload(slot)
        if workload.mode == "waypoint":
            return {
                "gateway_istio_io_managed": "istio.io-mesh-controller",
                "gateway_networking_k8s_io_gateway_class_name": "istio-waypoint",
                "gateway_networking_k8s_io_gateway_name": workload.name,
                "istio_io_dataplane_mode": "none",
                "pod_template_hash": self._hash[self._plan.workload_of_pod[slot]],
                "service_istio_io_canonical_name": workload.name,
                "service_istio_io_canonical_revision": "latest",
                "sidecar_istio_io_inject": "false",
            }
        labels = {
            "app": workload.app,
            "pod_template_hash": self._hash[self._plan.workload_of_pod[slot]],
            "service_istio_io_canonical_name": workload.canonical,
            "service_istio_io_canonical_revision": workload.revision,
        }
        if workload.version:
            labels["version"] = workload.version
        if workload.mode == "sidecar":
            labels["security_istio_io_tlsMode"] = "istio"
        return labels

    def _node(self, slot: int) -> str:
        """Return the node that the slot is on; of ztunnels, there is one on each."""
        if self.workload(slot).mode == "ztunnel":
            return NODES[slot - int(self._plan.first_pod[self._plan.workload_of_pod[slot]])]
        return NODES[node_of(slot)]

    def _letters(self, count: int) -> str:
        picks = self._rng.integers(0, len(NAME_LETTERS), count)
        return "".join(NAME_LETTERS[pick] for pick in picks)
