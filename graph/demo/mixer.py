"""The label sets that Mixer wrote up to Istio 1.4, in its alphabetical order."""

from graph.demo.labels import (
    UNKNOWN,
    Account,
    Labels,
    Values,
    destination_values,
    security_of,
    source_values,
)
from graph.demo.topology import Workload

_PEER = ("app", "principal", "version", "workload", "workload_namespace")


def mixer_request_labels(account: Account) -> Labels:
    """Return the labels of requests."""
    if account.era.style == "mixer-0":
        code = {"response_code": account.told.code}
        return _sorted({**_first_labels(account), **code})
    protocol = {"request_protocol": account.call.protocol, "response_code": account.told.code}
    later: dict[str, str] = {}
    if account.era.flags:
        later = {
            "grpc_response_status": account.told.grpc_status,
            "permissive_response_code": "none",
            "permissive_response_policyid": "none",
        }
    return _sorted({**_labels(account), **protocol, **later})


def mixer_tcp_labels(account: Account) -> Labels:
    """Return the labels of TCP traffic."""
    if account.era.style == "mixer-0":
        return _sorted(_first_labels(account))
    return _sorted(_labels(account))


def _first_labels(account: Account) -> dict[str, str]:
    """Return the labels of 0.5 to 0.8, which knew services and versions, but no reporter."""
    source = account.source
    server = account.destination
    labels = {
        "source_service": _service_of(source),
        "source_version": (source.meshed and source.version) or UNKNOWN,
        "destination_service": account.naming.service,
        "destination_version": (server.version if server else "") or UNKNOWN,
    }
    if account.era.mtls:
        labels["connection_mtls"] = "false" if account.plaintext else "true"
    return labels


def _service_of(workload: Workload) -> str:
    if not workload.meshed:
        return UNKNOWN
    return f"{workload.app}.{workload.namespace}.svc.cluster.local"


def _labels(account: Account) -> dict[str, str]:
    labels = {
        "reporter": account.reporter,
        "connection_security_policy": security_of(account),
        "destination_service": account.naming.service,
        "destination_service_name": account.naming.name,
        "destination_service_namespace": account.naming.namespace,
        **_peer("source", source_values(account)),
        **_peer("destination", destination_values(account)),
    }
    if account.era.flags:
        labels["response_flags"] = account.told.flags
    return labels


def _peer(side: str, values: Values) -> dict[str, str]:
    labels = {f"{side}_{name}": values[name] for name in _PEER}
    # Identities carried no scheme yet.
    labels[f"{side}_principal"] = values["principal"].removeprefix("spiffe://")
    return labels


def _sorted(labels: dict[str, str]) -> Labels:
    return tuple(sorted(labels.items()))
