"""Topology files to a Topology, strictly: what cannot be meant is an error with its place.

A file describes one namespace. Names without a slash mean that namespace; calls may point into
another file's namespace, so references are resolved once all files are read.
"""

from collections.abc import Iterable
from pathlib import Path

import yaml

from graph.demo.fields import Field, TopologyError
from graph.demo.outcomes import Outcome, OutcomeError, Protocol, parse_outcome
from graph.demo.topology import Call, Latency, Mode, Service, Topology, Workload, join

TOPOLOGIES = Path(__file__).parent / "topologies"
MODES: dict[str, Mode] = {"sidecar": "sidecar", "none": "none", "gateway": "gateway"}
PROTOCOLS: dict[str, Protocol] = {"http": "http", "grpc": "grpc", "tcp": "tcp"}

WORKLOAD_FIELDS = ("app", "version", "canonical", "service_account", "pods", "mode", "latency")
CALL_FIELDS = (
    *("from", "to", "protocol", "rps", "per_request", "rtt_ms", "request_bytes"),
    *("response_bytes", "errors", "critical", "connections"),
)


def load_all(folder: Path = TOPOLOGIES) -> Topology:
    """Return the mesh that all files of the folder describe together."""
    return load(sorted(folder.glob("*.yaml")))


def load(files: Iterable[Path]) -> Topology:
    """Return the mesh that these files describe together. Raises TopologyError."""
    documents = [_parse(path) for path in files]
    mesh = join(_read(document) for document in documents)
    _check_names(mesh)
    for document in documents:
        _check_references(document, mesh)
    return mesh


def _parse(path: Path) -> Field:
    try:
        return Field(path.name, "", yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise TopologyError(f"{path.name}: not YAML: {error}") from error


def _read(document: Field) -> Topology:
    document.only("namespace", "workloads", "services", "hosts", "calls")
    namespace = document.at("namespace").text()
    hosts = list(document.at("hosts").members())
    return Topology(
        workloads=(
            *(_workload(namespace, name, f) for name, f in document.at("workloads").members()),
            *(_outside(name, field) for name, field in hosts),
        ),
        services=(
            *(_service(namespace, name, f) for name, f in document.at("services").members()),
            *(Service("", name, name, ((f"/{name}", 1.0),)) for name, _ in hosts),
        ),
        calls=tuple(_call(document, field) for field in document.at("calls").items()),
    )


def _workload(namespace: str, name: str, field: Field) -> Workload:
    field.only(*WORKLOAD_FIELDS)
    app = field.at("app").text()
    version = field.at("version").text("") if field.has("version") else ""
    return Workload(
        namespace=namespace,
        name=name,
        app=app,
        version=version,
        canonical=field.at("canonical").text(app),
        # Istio's injector does the same: the version label, else "latest".
        revision=version or "latest",
        service_account=field.at("service_account").text(app),
        pods=field.at("pods").whole(1, low=1, high=20),
        mode=field.at("mode").one_of(MODES) if field.has("mode") else "sidecar",
        latency=_latency(field.at("latency")),
    )


def _outside(name: str, field: Field) -> Workload:
    field.only("latency")
    latency = _latency(field.at("latency"))
    return Workload("", name, "", "", "", "", "", mode="external", latency=latency)


def _latency(field: Field) -> Latency:
    if field.value is None:
        return Latency()
    field.only("median_ms", "sigma", "tail")
    return Latency(
        median_ms=field.at("median_ms").number(low=0.05, high=60_000),
        sigma=field.at("sigma").number(Latency().sigma, low=0, high=2),
        tail=field.at("tail").number(Latency().tail, low=0, high=0.5),
    )


def _service(namespace: str, name: str, field: Field) -> Service:
    field.only("workloads")
    split = tuple(
        (_full(namespace, workload), share.number(low=0))
        for workload, share in field.at("workloads").members()
    )
    if not sum(share for _, share in split) > 0:
        raise field.at("workloads").error("no workload gets any request")
    return Service(namespace, name, f"{name}.{namespace}.svc.cluster.local", split)


def _call(document: Field, field: Field) -> Call:
    field.only(*CALL_FIELDS)
    if field.has("rps") == field.has("per_request"):
        raise field.error("exactly one of rps and per_request needed")
    namespace = document.at("namespace").text()
    protocol = field.at("protocol").one_of(PROTOCOLS)
    return Call(
        source=_full(namespace, field.at("from").text()),
        service=_callee(document, field.at("to").text()),
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


def _full(namespace: str, name: str) -> str:
    return name if "/" in name else f"{namespace}/{name}"


def _callee(document: Field, name: str) -> str:
    if document.at("hosts").value is not None and document.at("hosts").has(name):
        return f"/{name}"
    return _full(document.at("namespace").text(), name)


def _check_names(mesh: Topology) -> None:
    for kind, keys in (
        ("workload", [workload.key for workload in mesh.workloads]),
        ("service", [service.key for service in mesh.services]),
    ):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise TopologyError(f"{kind} {twice[0]} is described twice")


def _check_references(document: Field, mesh: Topology) -> None:
    workloads = {workload.key for workload in mesh.workloads}
    services = {service.key for service in mesh.services}
    namespace = document.at("namespace").text()
    for _, service in document.at("services").members():
        for name, field in service.at("workloads").members():
            if _full(namespace, name) not in workloads:
                raise field.error(f"there is no workload {_full(namespace, name)}")
    for call in document.at("calls").items():
        source, target = call.at("from"), call.at("to")
        if _full(namespace, source.text()) not in workloads:
            raise source.error(f"there is no workload {_full(namespace, source.text())}")
        if _callee(document, target.text()) not in services:
            raise target.error(f"there is no service {_callee(document, target.text())}")
