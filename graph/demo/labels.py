"""The label sets of Istio's proxies: names, values and order as Envoy's istio_stats writes them.

Three rules make the two reports of one request differ:

* the connection's security is known only to the server's proxy; the client's says "unknown";
* a client's proxy that found no server (UH, UF, UO ...) has no peer to describe;
* a server's proxy learns nothing about a caller that has no proxy of its own.
"""

from dataclasses import dataclass
from typing import Literal

from graph.demo.outcomes import Outcome
from graph.demo.topology import CLUSTER, Call, Service, Workload

UNKNOWN = "unknown"
LATEST = "latest"

Reporter = Literal["source", "destination"]
Labels = tuple[tuple[str, str], ...]


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


def request_labels(account: Account) -> Labels:
    """Return the labels of the request counters and histograms."""
    outcome = account.outcome
    flags = outcome.client_flags if account.reporter == "source" else outcome.server_flags
    return (
        *message_labels(account),
        ("request_protocol", account.call.protocol),
        ("response_code", outcome.code),
        ("grpc_response_status", outcome.grpc_status),
        ("response_flags", flags),
        ("connection_security_policy", _security(account)),
    )


def tcp_labels(account: Account) -> Labels:
    """Return the labels of the TCP counters, which have no response code."""
    return (
        *message_labels(account),
        ("request_protocol", "tcp"),
        ("response_flags", account.outcome.client_flags),
        ("connection_security_policy", _security(account)),
    )


def message_labels(account: Account) -> Labels:
    """Return the labels of the gRPC message counters: who and whom, nothing else."""
    return (("reporter", account.reporter), *_source(account), *_destination(account))


def text(labels: Labels) -> bytes:
    """Return the labels as they stand between the braces."""
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels).encode()


def _security(account: Account) -> str:
    if account.reporter == "source":
        return UNKNOWN
    return "none" if account.plaintext else "mutual_tls"


def _principal(account: Account, workload: Workload) -> str:
    return UNKNOWN if account.plaintext else workload.principal


def _source(account: Account) -> Labels:
    source = account.source
    hidden = account.reporter == "destination" and not source.reports_out
    no_server = account.destination is None
    values = (
        ("workload", source.name),
        ("canonical_service", source.canonical),
        ("canonical_revision", source.revision),
        ("workload_namespace", source.namespace),
        ("principal", UNKNOWN if no_server else _principal(account, source)),
        ("app", source.app),
        # A proxy writes its own missing version as "", a peer's as "unknown".
        ("version", source.version or ("" if account.reporter == "source" else UNKNOWN)),
        ("cluster", CLUSTER),
    )
    return tuple((f"source_{name}", _unknown(name) if hidden else value) for name, value in values)


def _destination(account: Account) -> Labels:
    service, workload = account.service, account.destination
    outside = service.namespace == ""
    if workload is None or workload.mode == "external":
        peer = {name: _unknown(name) for name in _PEER}
        cluster = UNKNOWN
    else:
        own = account.reporter == "destination"
        peer = {
            "workload": workload.name,
            "workload_namespace": workload.namespace,
            "principal": _principal(account, workload),
            "app": workload.app,
            "version": workload.version or ("" if own else UNKNOWN),
            "canonical_service": workload.canonical,
            "canonical_revision": workload.revision,
        }
        cluster = CLUSTER
    values = (
        *((name, peer[name]) for name in _PEER[:5]),
        ("service", service.host),
        *((name, peer[name]) for name in _PEER[5:]),
        ("service_name", service.name),
        ("service_namespace", UNKNOWN if outside else service.namespace),
        ("cluster", cluster),
    )
    return tuple((f"destination_{name}", value) for name, value in values)


_PEER = (
    *("workload", "workload_namespace", "principal", "app", "version"),
    *("canonical_service", "canonical_revision"),
)


def _unknown(name: str) -> str:
    return LATEST if name == "canonical_revision" else UNKNOWN


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
