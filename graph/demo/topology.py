"""What the demo mesh is made of: workloads, services, and who calls whom how often.

Workloads and services are named "<namespace>/<name>" everywhere. A host outside the mesh is a
service whose only workload has mode "external" and no namespace.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from graph.demo.outcomes import Outcome, Protocol

Mode = Literal["sidecar", "none", "gateway", "external"]
CLUSTER = "Kubernetes"  # Istio's CLUSTER_ID when nobody sets one
TRUST_DOMAIN = "cluster.local"


@dataclass(frozen=True, slots=True)
class Latency:
    """A server's own time: lognormal, and now and then (``tail``) five to twenty times that."""

    median_ms: float = 5.0
    sigma: float = 0.6
    tail: float = 0.02


@dataclass(frozen=True, slots=True)
class Workload:
    """A deployment. Only modes "sidecar" and "gateway" have a proxy that reports."""

    namespace: str
    name: str
    app: str
    version: str
    canonical: str
    revision: str
    service_account: str
    pods: int = 1
    mode: Mode = "sidecar"
    latency: Latency = Latency()

    @property
    def key(self) -> str:
        """The name by which services, calls and scenarios mean this workload."""
        return f"{self.namespace}/{self.name}"

    @property
    def principal(self) -> str:
        """The SPIFFE identity that mutual TLS proves."""
        return f"spiffe://{TRUST_DOMAIN}/ns/{self.namespace}/sa/{self.service_account}"

    @property
    def reports_out(self) -> bool:
        """True when a proxy counts this workload's outgoing requests."""
        return self.mode in ("sidecar", "gateway")

    @property
    def reports_in(self) -> bool:
        """True when a proxy counts this workload's incoming requests; gateways never do."""
        return self.mode == "sidecar"


@dataclass(frozen=True, slots=True)
class Service:
    """A host that is called, and the workloads behind it with their share of the requests."""

    namespace: str
    name: str
    host: str
    split: tuple[tuple[str, float], ...]

    @property
    def key(self) -> str:
        """The name by which calls and scenarios mean this service."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Call:
    """Traffic from a workload to a service.

    Exactly one of ``rps`` (the workload makes requests of its own accord) and ``per_request``
    (it makes this many for every request that it serves) is set. ``errors`` are the shares of
    the outcomes that are not normal. A ``critical`` call fails its caller when it fails.
    ``connections`` is the share of TCP exchanges that open a new connection.
    """

    source: str
    service: str
    protocol: Protocol
    rps: float | None = None
    per_request: float | None = None
    rtt_ms: float = 0.6
    request_bytes: int = 600
    response_bytes: int = 1800
    errors: tuple[tuple[Outcome, float], ...] = ()
    critical: bool = False
    connections: float = 0.05


@dataclass(frozen=True, slots=True)
class Topology:
    """A whole mesh."""

    workloads: tuple[Workload, ...]
    services: tuple[Service, ...]
    calls: tuple[Call, ...]


def join(parts: Iterable[Topology]) -> Topology:
    """Return one mesh made of all the parts."""
    meshes = tuple(parts)
    return Topology(
        workloads=tuple(w for mesh in meshes for w in mesh.workloads),
        services=tuple(s for mesh in meshes for s in mesh.services),
        calls=tuple(c for mesh in meshes for c in mesh.calls),
    )
