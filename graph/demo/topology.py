"""What the demo mesh is made of: workloads, services, and who calls whom how often.

Workloads and services are named "<namespace>/<name>" everywhere, "<cluster>:<namespace>/<name>"
in every cluster but the first. A host outside the mesh is a service whose only workload has mode
"external" and no namespace.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from graph.demo.eras import TODAY, Era
from graph.demo.outcomes import Outcome, Protocol

# "sidecar", "vm" and "gateway" have a proxy of their own, "ambient" shares its node's ztunnel;
# "mixer" counts for every proxy up to Istio 1.4; a "page" is a target with a fixed page.
Mode = (
    Literal["sidecar", "none", "gateway", "external", "vm"]
    | Literal["ambient", "waypoint", "ztunnel", "mixer", "page"]
)
CLUSTER = "Kubernetes"  # Istio's CLUSTER_ID when nobody sets one
TRUST_DOMAIN = "cluster.local"

Side = Literal["source", "destination"]


def key_of(cluster: str, namespace: str, name: str) -> str:
    """Return the name by which scenarios mean something in a cluster."""
    return f"{namespace}/{name}" if cluster == CLUSTER else f"{cluster}:{namespace}/{name}"


@dataclass(frozen=True, slots=True)
class Latency:
    """A server's own time: lognormal, and now and then (``tail``) five to twenty times that."""

    median_ms: float = 5.0
    sigma: float = 0.6
    tail: float = 0.02


@dataclass(frozen=True, slots=True)
class Workload:
    """A deployment."""

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
    cluster: str = CLUSTER
    trust_domain: str = TRUST_DOMAIN
    era: Era = TODAY
    # What the proxies of its peers do not learn of it, such as "workload" or "version".
    unseen: tuple[str, ...] = ()
    # Bounds of its proxies' histograms; empty means Istio's.
    buckets: tuple[float, ...] = ()
    # False where the Telemetry API has turned the histograms of bytes off.
    sizes: bool = True
    # False for pods whose labels Prometheus does not keep (a PodMonitor without labelmap).
    pod_labels: bool = True
    # Labels that its proxies' telemetry is stripped of, and those that it carries in addition.
    dropped: frozenset[str] = frozenset()
    custom: tuple[tuple[str, str], ...] = ()
    # What stands for its identity where that is none of SPIFFE's.
    alias: str = ""
    # The telemetry of a workload of mode "page".
    page: str = ""

    @property
    def key(self) -> str:
        """The name by which services, calls and scenarios mean this workload."""
        return key_of(self.cluster, self.namespace, self.name)

    @property
    def principal(self) -> str:
        """The SPIFFE identity that mutual TLS proves."""
        if self.alias:
            return self.alias
        return f"spiffe://{self.trust_domain}/ns/{self.namespace}/sa/{self.service_account}"

    @property
    def meshed(self) -> bool:
        """True when its connections to other meshed workloads are encrypted."""
        return self.mode in ("sidecar", "vm", "gateway", "ambient", "waypoint")

    @property
    def reports_out(self) -> bool:
        """True when a proxy of its own counts its outgoing requests."""
        # Up to 0.8 only the proxies in front of servers reported.
        return self.mode in ("sidecar", "vm", "gateway") and self.era.style != "mixer-0"

    @property
    def reports_in(self) -> bool:
        """True when a proxy of its own counts its incoming requests."""
        # Gateways stopped to report what they get with Istio 1.5.
        return self.mode in ("sidecar", "vm") or (self.mode == "gateway" and self.era.mixer)

    @property
    def scraped(self) -> bool:
        """True when its pods have a telemetry page."""
        own = self.mode in ("sidecar", "vm", "gateway") and not self.era.mixer
        return own or self.mode in ("waypoint", "ztunnel", "mixer", "page")


@dataclass(frozen=True, slots=True)
class Naming:
    """What a proxy writes in the labels destination_service, _name and _namespace."""

    service: str
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Service:
    """A host that is called, and the workloads behind it with their share of the requests."""

    namespace: str
    name: str
    host: str
    split: tuple[tuple[str, float], ...]
    cluster: str = CLUSTER
    # The waypoint that calls from ambient workloads pass ...
    waypoint: str = ""
    # ... and those from ingress gateways too (istio.io/ingress-use-waypoint).
    ingress_waypoint: bool = False
    # What a reporter calls it where that is not what it is.
    named: tuple[tuple[Side, Naming], ...] = ()
    # A host that nobody may reach: its connections close without having been opened.
    blocked: bool = False

    @property
    def key(self) -> str:
        """The name by which calls and scenarios mean this service."""
        return key_of(self.cluster, self.namespace, self.name)

    def told(self, side: Side) -> Naming:
        """Return the labels that the proxy on this side writes."""
        usual = Naming(self.host, self.name, self.namespace or "unknown")
        return dict(self.named).get(side, usual)


@dataclass(frozen=True, slots=True)
class Stream:
    """Connections or gRPC streams that stay open: ``count`` of them, from the start on.

    Each carries the call's ``rps`` in exchanges, divided among them, and ends when it has lasted;
    0 means longer than any run.
    """

    count: int
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Burst:
    """Exactly so many requests at one moment after the start, and no others."""

    requests: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Call:
    """Traffic from a workload to a service.

    Exactly one of ``rps`` (the workload makes requests of its own accord), ``per_request``
    (it makes this many for every request that it serves) and ``burst`` is set. ``errors`` are the
    shares of the outcomes that are not normal. A ``critical`` call fails its caller when it fails.
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
    burst: Burst | None = None
    stream: Stream | None = None
    # How long the client's proxy waits where an outcome says that it gave up (flag UT).
    timeout_ms: float = 15_000.0
    # Share of requests whose first attempt failed and was repeated by the client's proxy.
    retries: float = 0.0
    # How the server's proxy classifies the request; None where it does not classify.
    operation: str | None = None
    # False for TCP without Istio's exchange of metadata: the server learns the identity at most.
    metadata: bool = True


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
