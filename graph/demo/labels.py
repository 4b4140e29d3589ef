"""The label sets of Istio's proxies: names, values and order as Envoy writes them since 1.5.

Rules that make the reports of one request differ:

* the connection's security is known only to the server's proxy; the client's says "unknown";
* a client's proxy that found no server (UH, UF, UO ...) has no peer to describe;
* a server's proxy learns nothing about a caller that has no proxy of its own, and over TCP
  without exchange of metadata no more than the identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graph.demo.eras import Era
from graph.demo.outcomes import Outcome, Told
from graph.demo.topology import Call, Naming, Service, Workload

UNKNOWN = "unknown"
LATEST = "latest"

Reporter = Literal["source", "destination", "waypoint"]
Labels = tuple[tuple[str, str], ...]
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Account:
    """What one proxy tells apart: everything but the pod it runs in."""

    reporter: Reporter
    call: Call
    service: Service
    source: Workload
    # None when the request found no server.
    destination: Workload | None
    outcome: Outcome
    plaintext: bool
    # The workload whose proxy, waypoint or ztunnel reports.
    proxy: Workload
    ztunnel: bool = False
    # True in a mesh of several clusters.
    clusters: bool = False

    @property
    def era(self) -> Era:
        """The version of Istio that reports."""
        return self.proxy.era

    @property
    def tcp(self) -> bool:
        """True when connections are counted, not requests."""
        return self.ztunnel or self.call.protocol == "tcp"

    @property
    def told(self) -> Told:
        """The codes and flags that this proxy writes."""
        return self.outcome.server if self.reporter == "destination" else self.outcome.client

    @property
    def naming(self) -> Naming:
        """What this proxy calls the service."""
        return self.service.told("source" if self.reporter == "source" else "destination")


def request_labels(account: Account) -> Labels:
    """Return the labels of the request counters and histograms."""
    told = account.told
    code = (("response_code", told.code), ("grpc_response_status", told.grpc_status))
    flags = ("response_flags", told.flags)
    security = ("connection_security_policy", security_of(account))
    # Wasm writes first what TCP has too, since 1.8.
    late = account.era.style == "wasm" and account.era.clusters_always
    ends = (flags, security, *code) if late else (*code, flags, security)
    operation = account.call.operation
    classified = operation is not None and account.reporter != "source"
    return (
        *message_labels(account),
        ("request_protocol", account.call.protocol),
        *ends,
        *((("request_operation", operation or UNKNOWN),) if classified else ()),
    )


def tcp_labels(account: Account) -> Labels:
    """Return the labels of the TCP counters, which have no response code."""
    return (
        *message_labels(account),
        ("request_protocol", "tcp"),
        ("response_flags", account.told.flags),
        ("connection_security_policy", security_of(account)),
    )


def message_labels(account: Account) -> Labels:
    """Return the labels of the gRPC message counters: who and whom, nothing else."""
    native = account.era.style == "native"
    source, destination = source_values(account), destination_values(account)
    named = {
        "service": account.naming.service,
        "service_name": account.naming.name,
        "service_namespace": account.naming.namespace,
    }
    hidden = not (account.era.clusters_always or account.clusters)
    return (
        ("reporter", account.reporter),
        *_prefixed("source", _SOURCE if native else _WASM_PEER, source, hidden=hidden),
        *_prefixed(
            "destination",
            _DESTINATION if native else _WASM_DESTINATION,
            {**destination, **named},
            hidden=hidden,
        ),
    )


def text(labels: Labels) -> bytes:
    """Return the labels as they stand between the braces."""
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels).encode()


def security_of(account: Account) -> str:
    """Return what an Envoy knows of the connection's security."""
    if account.reporter == "source":
        return UNKNOWN
    return "none" if account.plaintext else "mutual_tls"


def source_values(account: Account) -> Values:
    """Return what the proxy knows of the caller."""
    source, own = account.source, account.reporter == "source"
    values = _values(account, source, own=own)
    if account.destination is None:
        values["principal"] = UNKNOWN
    if own or source.meshed:
        unread = account.tcp and (account.plaintext or not account.call.metadata)
        if own or not unread:
            return values
        # The identity comes with the certificate, and the namespace with the identity.
        if not account.plaintext:
            known = ("principal", "workload_namespace")
            return {n: v if n in known else _unknown(n) for n, v in values.items()}
    return {name: _unknown(name) for name in values}


def destination_values(account: Account) -> Values:
    """Return what the proxy knows of the server."""
    workload = account.destination
    # Before 1.10, a client's proxy knew of servers only what they told it themselves.
    mute = workload is not None and workload.mode == "none" and not account.era.clusters_always
    if workload is None or workload.mode == "external" or mute:
        return {name: _unknown(name) for name in _PEER} | _lost_revision(account)
    return _values(account, workload, own=account.reporter == "destination")


def _lost_revision(account: Account) -> dict[str, str]:
    # Waypoints do not default the revision of a server that they do not know.
    return {"canonical_revision": UNKNOWN} if account.reporter == "waypoint" else {}


def _values(account: Account, workload: Workload, *, own: bool) -> dict[str, str]:
    # A native proxy writes its own missing version as "", a peer's as "unknown".
    missing = "" if own and account.era.style == "native" else UNKNOWN
    values = {
        "workload": workload.name,
        "workload_namespace": workload.namespace,
        "principal": UNKNOWN if account.plaintext else workload.principal,
        "app": workload.app,
        "version": workload.version or missing,
        "canonical_service": workload.canonical,
        "canonical_revision": workload.revision,
        "cluster": workload.cluster,
    }
    unseen: tuple[str, ...] = () if own else workload.unseen
    if account.reporter == "source" and not own and workload.mode in ("none", "ambient"):
        # Nobody there exchanges metadata; the control plane's description has no such labels.
        unseen = (*unseen, "app", "version")
    return {n: _unknown(n) if n in unseen else value for n, value in values.items()}


def _prefixed(side: str, names: tuple[str, ...], values: Values, *, hidden: bool) -> Labels:
    shown = (name for name in names if not (hidden and name == "cluster"))
    return tuple((f"{side}_{name}", values[name]) for name in shown)


_SOURCE = (
    *("workload", "canonical_service", "canonical_revision", "workload_namespace"),
    *("principal", "app", "version", "cluster"),
)
_DESTINATION = (
    *("workload", "workload_namespace", "principal", "app", "version", "service"),
    *("canonical_service", "canonical_revision", "service_name", "service_namespace", "cluster"),
)
_WASM_PEER = (
    *("workload", "workload_namespace", "principal", "app", "version"),
    *("canonical_service", "canonical_revision", "cluster"),
)
_WASM_DESTINATION = (
    *("workload", "workload_namespace", "principal", "app", "version"),
    *("service", "service_name", "service_namespace"),
    *("canonical_service", "canonical_revision", "cluster"),
)
_PEER = _WASM_PEER


def _unknown(name: str) -> str:
    return LATEST if name == "canonical_revision" else UNKNOWN


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
