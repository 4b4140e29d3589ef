"""The label sets of ztunnels, which know connections and the workloads at both ends."""

from graph.demo.eras import ERAS
from graph.demo.labels import UNKNOWN, Account, Labels
from graph.demo.topology import Workload

_PEER = (
    *("workload", "canonical_service", "canonical_revision", "workload_namespace"),
    *("principal", "app", "version", "cluster"),
)
# Since 1.25; the demo's nodes have no region.
_LOCALITY = ("source_region", "source_zone", "destination_region", "destination_zone")


def ztunnel_labels(account: Account) -> Labels:
    """Return the labels of closed connections and of bytes."""
    return _labels(account, account.told.flags)


def ztunnel_opened_labels(account: Account) -> Labels:
    """Return the labels of opened connections, of which nobody knows yet how they end."""
    return _labels(account, "-")


def _labels(account: Account, flags: str) -> Labels:
    naming = account.naming
    localities = _LOCALITY if account.era == ERAS["1.30"] else ()
    return (
        ("reporter", account.reporter),
        *_peer("source", account.source, proven=not account.plaintext),
        ("destination_service", naming.service),
        ("destination_service_namespace", naming.namespace),
        ("destination_service_name", naming.name),
        *_peer("destination", account.destination, proven=True),
        ("request_protocol", "tcp"),
        ("response_flags", flags),
        # A ztunnel never says "none".
        ("connection_security_policy", UNKNOWN if account.plaintext else "mutual_tls"),
        *((name, UNKNOWN) for name in localities),
    )


def _peer(side: str, workload: Workload | None, *, proven: bool) -> Labels:
    """Return one end as the control plane describes it; a caller's identity has to be proven."""
    if workload is None or workload.mode == "external":
        return tuple((f"{side}_{name}", UNKNOWN) for name in _PEER)
    values = {
        "workload": workload.name,
        # Its app and version are the canonical ones.
        "app": workload.canonical,
        "canonical_service": workload.canonical,
        "version": workload.revision,
        "canonical_revision": workload.revision,
        "workload_namespace": workload.namespace,
        "principal": workload.principal if proven else UNKNOWN,
        "cluster": workload.cluster,
    }
    return tuple((f"{side}_{name}", values[name]) for name in _PEER)
