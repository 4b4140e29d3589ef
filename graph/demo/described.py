"""What single entries of a topology file mean: workloads, services, hosts and calls."""

from dataclasses import dataclass
from pathlib import Path

from graph.demo.eras import ERAS, TODAY, Era
from graph.demo.fields import Field
from graph.demo.outcomes import Outcome, OutcomeError, Protocol, parse_outcome
from graph.demo.topology import (
    CLUSTER,
    TRUST_DOMAIN,
    Burst,
    Call,
    Latency,
    Mode,
    Naming,
    Service,
    Side,
    Stream,
    Workload,
    key_of,
)

MODES: dict[str, Mode] = {
    "sidecar": "sidecar",
    "none": "none",
    "gateway": "gateway",
    "vm": "vm",
    "ambient": "ambient",
    "waypoint": "waypoint",
    "ztunnel": "ztunnel",
    "page": "page",
}
PROTOCOLS: dict[str, Protocol] = {"http": "http", "grpc": "grpc", "tcp": "tcp"}
SIDES: tuple[Side, ...] = ("source", "destination")
BLACK_HOLE = "BlackHoleCluster"

WORKLOAD_FIELDS = (
    *("app", "version", "canonical", "service_account", "pods", "mode", "latency"),
    *("istio", "trust_domain", "unseen", "buckets", "pod_labels", "page"),
    *("labels", "principal"),
)
SERVICE_FIELDS = ("workloads", "waypoint", "ingress_waypoint", "named")
HOST_FIELDS = ("latency", "via", "service", "namespace")
CALL_FIELDS = (
    *("from", "to", "protocol", "rps", "per_request", "rtt_ms", "request_bytes"),
    *("response_bytes", "errors", "critical", "connections"),
    *("burst", "streams", "lasts_s", "timeout_ms", "retries", "operation", "metadata"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """One namespace's description, and what its entries have in common."""

    root: Field
    folder: Path
    namespace: str
    cluster: str
    trust_domain: str
    era: Era

    def full(self, name: str) -> str:
        """Return the key that a name means here; without namespace or cluster it is this one's."""
        cluster, colon, rest = name.rpartition(":")
        namespace, slash, short = rest.rpartition("/")
        return key_of(
            cluster if colon else self.cluster, namespace if slash else self.namespace, short
        )

    def callee(self, name: str) -> str:
        """Return the key of the service or host that a name means here."""
        hosts = self.root.at("hosts")
        if hosts.value is not None and hosts.has(name):
            return key_of(self.cluster, "", name)
        return self.full(name)


def document(root: Field, folder: Path) -> Document:
    """Return the document that a parsed file holds."""
    root.only(
        *("namespace", "cluster", "trust_domain", "istio", "drop_labels"),
        *("workloads", "services", "hosts", "calls"),
    )
    return Document(
        root=root,
        folder=folder,
        namespace=root.at("namespace").text(),
        cluster=root.at("cluster").text(CLUSTER),
        trust_domain=root.at("trust_domain").text(TRUST_DOMAIN),
        era=root.at("istio").one_of(ERAS) if root.has("istio") else TODAY,
    )


def workload(here: Document, name: str, field: Field) -> Workload:
    """Return the workload that an entry describes."""
    field.only(*WORKLOAD_FIELDS)
    app = field.at("app").text()
    version = field.at("version").text("") if field.has("version") else ""
    bounds = tuple(f.number(low=0, high=1e12) for f in field.at("buckets").items())
    if list(bounds) != sorted(set(bounds)):
        raise field.at("buckets").error("rising bounds needed")
    return Workload(
        namespace=here.namespace,
        name=name,
        app=app,
        version=version,
        canonical=field.at("canonical").text(app),
        # Istio's injector does the same: the version label, else "latest".
        revision=version or "latest",
        service_account=field.at("service_account").text(app),
        pods=field.at("pods").whole(1, low=1, high=20),
        mode=field.at("mode").one_of(MODES) if field.has("mode") else "sidecar",
        latency=latency(field.at("latency")),
        cluster=here.cluster,
        trust_domain=field.at("trust_domain").text(here.trust_domain),
        era=field.at("istio").one_of(ERAS) if field.has("istio") else here.era,
        unseen=tuple(f.text() for f in field.at("unseen").items()),
        buckets=bounds,
        pod_labels=field.at("pod_labels").flag() if field.has("pod_labels") else True,
        dropped=frozenset(f.text() for f in here.root.at("drop_labels").items()),
        custom=tuple((label, f.text()) for label, f in field.at("labels").members()),
        alias=field.at("principal").text() if field.has("principal") else "",
        page=_page(here, field.at("page")),
    )


def _page(here: Document, field: Field) -> str:
    if field.value is None:
        return ""
    try:
        return (here.folder / field.text()).read_text(encoding="utf-8")
    except OSError as error:
        raise field.error(f"cannot be read: {error}") from error


def latency(field: Field) -> Latency:
    """Return a server's times."""
    if field.value is None:
        return Latency()
    field.only("median_ms", "sigma", "tail")
    return Latency(
        median_ms=field.at("median_ms").number(low=0.05, high=60_000),
        sigma=field.at("sigma").number(Latency().sigma, low=0, high=2),
        tail=field.at("tail").number(Latency().tail, low=0, high=0.5),
    )


def service(here: Document, name: str, field: Field) -> Service:
    """Return the service that an entry describes."""
    field.only(*SERVICE_FIELDS)
    split = tuple(
        (here.full(workload), share.number(low=0))
        for workload, share in field.at("workloads").members()
    )
    if not sum(share for _, share in split) > 0:
        raise field.at("workloads").error("no workload gets any request")
    usual = Naming(f"{name}.{here.namespace}.svc.cluster.local", name, here.namespace)
    return Service(
        namespace=here.namespace,
        name=name,
        host=usual.service,
        split=split,
        cluster=here.cluster,
        waypoint=here.full(field.at("waypoint").text()) if field.has("waypoint") else "",
        ingress_waypoint=field.at("ingress_waypoint").flag(),
        named=_named(field.at("named"), usual),
    )


def _named(field: Field, usual: Naming) -> tuple[tuple[Side, Naming], ...]:
    if field.value is None:
        return ()
    field.only(*SIDES)
    named: list[tuple[Side, Naming]] = []
    for side in SIDES:
        if field.has(side):
            given = field.at(side)
            given.only("service", "name", "namespace")
            naming = Naming(
                given.at("service").text(usual.service),
                given.at("name").text(usual.name),
                given.at("namespace").text(usual.namespace),
            )
            named.append((side, naming))
    return tuple(named)


def host(here: Document, name: str, field: Field) -> tuple[Workload, Service]:
    """Return a host outside the mesh: what answers there, and what it is called."""
    if field.value is not None:
        field.only(*HOST_FIELDS)
    via = field.at("via").text(name)
    naming = Naming(field.at("service").text(name), via, field.at("namespace").text("unknown"))
    usual = Naming(name, name, "unknown")
    outside = Workload(
        *("", name, "", "", "", "", ""),
        mode="external",
        latency=latency(field.at("latency")),
        cluster=here.cluster,
    )
    called = Service(
        *("", name, name, ((outside.key, 1.0),)),
        cluster=here.cluster,
        named=(("source", naming), ("destination", naming)) if naming != usual else (),
        blocked=via == BLACK_HOLE,
    )
    return outside, called


def call(here: Document, field: Field) -> Call:
    """Return the traffic that an entry describes."""
    field.only(*CALL_FIELDS)
    if sum(field.has(way) for way in ("rps", "per_request", "burst")) != 1:
        raise field.error("exactly one of rps, per_request and burst needed")
    protocol = field.at("protocol").one_of(PROTOCOLS)
    return Call(
        source=here.full(field.at("from").text()),
        service=here.callee(field.at("to").text()),
        protocol=protocol,
        rps=field.at("rps").number(low=0, high=100_000) if field.has("rps") else None,
        per_request=(
            field.at("per_request").number(low=0, high=100) if field.has("per_request") else None
        ),
        rtt_ms=field.at("rtt_ms").number(0.6, low=0, high=1000),
        request_bytes=field.at("request_bytes").whole(600, low=0, high=10**9),
        response_bytes=field.at("response_bytes").whole(1800, low=0, high=10**9),
        errors=_errors(protocol, field.at("errors")),
        critical=field.at("critical").flag(),
        connections=field.at("connections").number(0.05, low=0, high=1),
        burst=_burst(field.at("burst")),
        stream=_stream(field),
        timeout_ms=field.at("timeout_ms").number(15_000, low=1, high=3_600_000),
        retries=field.at("retries").number(0, low=0, high=1),
        operation=field.at("operation").text() if field.has("operation") else None,
        metadata=field.at("metadata").flag() if field.has("metadata") else True,
    )


def _burst(field: Field) -> Burst | None:
    if field.value is None:
        return None
    field.only("requests", "at_s")
    return Burst(
        requests=field.at("requests").whole(1, low=1, high=100_000),
        at_s=field.at("at_s").number(low=0),
    )


def _stream(field: Field) -> Stream | None:
    if not field.has("streams"):
        return None
    if not field.has("rps"):
        raise field.at("streams").error("rps needed beside it: the exchanges of all together")
    return Stream(
        count=field.at("streams").whole(1, low=1, high=1000),
        lasts_s=field.at("lasts_s").number(0, low=0),
    )


def _errors(protocol: Protocol, field: Field) -> tuple[tuple[Outcome, float], ...]:
    shares: list[tuple[Outcome, float]] = []
    for text, share in field.members():
        try:
            shares.append((parse_outcome(protocol, text), share.number(low=0, high=1)))
        except OutcomeError as error:
            raise share.error(str(error)) from error
    if sum(share for _, share in shares) > 1:
        raise field.error("the shares add up to more than 1")
    return tuple(shares)
