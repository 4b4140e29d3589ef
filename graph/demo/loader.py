"""Topology files to a Topology, strictly: what cannot be meant is an error with its place.

A document describes one namespace of one cluster; a file holds one or more. Names without a slash
mean that namespace; calls may point into another's, so references are resolved once all files are
read.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import yaml

from graph.demo import described
from graph.demo.copies import spread
from graph.demo.described import Document
from graph.demo.fields import Field, TopologyError
from graph.demo.hops import NODES
from graph.demo.topology import Mode, Service, Topology, Workload, join

TOPOLOGIES = Path(__file__).parent / "topologies"
SCENES = TOPOLOGIES / "scenes"
SYSTEM_NAMESPACE = "istio-system"


def load_all(folder: Path = TOPOLOGIES) -> Topology:
    """Return the mesh that all files of the folder describe together."""
    return load(sorted(folder.glob("*.yaml")))


def scene_names() -> tuple[str, ...]:
    """Return the names of the small meshes that each show one thing."""
    return tuple(sorted(path.stem for path in SCENES.glob("*.yaml")))


def scene(name: str) -> Topology:
    """Return the small mesh of this name. Raises TopologyError."""
    if name not in scene_names():
        raise TopologyError(f"there is no scene {name!r}, one of {', '.join(scene_names())} needed")
    return load([SCENES / f"{name}.yaml"])


def load(files: Iterable[Path]) -> Topology:
    """Return the mesh that these files describe together. Raises TopologyError."""
    documents = [document for path in files for document in _parse(path)]
    mesh = join(_read(document) for document in documents)
    mesh = join([mesh, _implied(mesh)])
    _check_names(mesh)
    for document in documents:
        _check_references(document, mesh)
    return mesh


def _parse(path: Path) -> list[Document]:
    try:
        parsed = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise TopologyError(f"{path.name}: not YAML: {error}") from error
    roots = [Field(path.name, "", spread(value)) for value in parsed]
    return [described.document(root, path.parent) for root in roots]


def _read(here: Document) -> Topology:
    root = here.root
    hosts = [described.host(here, name, field) for name, field in root.at("hosts").members()]
    return Topology(
        workloads=(
            *(described.workload(here, name, f) for name, f in root.at("workloads").members()),
            *(outside for outside, _ in hosts),
        ),
        services=(
            *(described.service(here, name, f) for name, f in root.at("services").members()),
            *(called for _, called in hosts),
        ),
        calls=tuple(described.call(here, field) for field in root.at("calls").items()),
    )


def _implied(mesh: Topology) -> Topology:
    """Return what every mesh of this kind runs: ztunnels on the nodes, Mixer's telemetry."""
    implied: dict[str, Workload] = {}
    for workload in mesh.workloads:
        found: Workload | None = None
        if workload.mode == "ambient":
            found = _system(workload, "ztunnel", "ztunnel", pods=len(NODES))
        elif workload.era.mixer and workload.meshed:
            name = "istio-mixer" if workload.era.style == "mixer-0" else "istio-telemetry"
            found = _system(workload, f"{name}-{workload.era.name}", "mixer", pods=1)
        if found:
            implied.setdefault(found.key, found)
    return Topology(tuple(implied.values()), (), ())


def _system(like: Workload, name: str, mode: Mode, pods: int) -> Workload:
    return Workload(
        *(SYSTEM_NAMESPACE, name, name, "", name, "latest", name),
        pods=pods,
        mode=mode,
        cluster=like.cluster,
        trust_domain=like.trust_domain,
        era=like.era,
    )


def _check_names(mesh: Topology) -> None:
    for kind, keys in (
        ("workload", [workload.key for workload in mesh.workloads]),
        ("service", [service.key for service in mesh.services]),
    ):
        twice = sorted(key for key, count in Counter(keys).items() if count > 1)
        if twice:
            raise TopologyError(f"{kind} {twice[0]} is described twice")


def _check_references(here: Document, mesh: Topology) -> None:
    workloads = {workload.key: workload for workload in mesh.workloads}
    services: dict[str, Service] = {service.key: service for service in mesh.services}
    for _, service in here.root.at("services").members():
        for name, field in service.at("workloads").members():
            if here.full(name) not in workloads:
                raise field.error(f"there is no workload {here.full(name)}")
        if service.has("waypoint"):
            field = service.at("waypoint")
            found = workloads.get(here.full(field.text()))
            if found is None or found.mode != "waypoint":
                raise field.error(f"there is no waypoint {here.full(field.text())}")
    for call in here.root.at("calls").items():
        source, target = call.at("from"), call.at("to")
        if here.full(source.text()) not in workloads:
            raise source.error(f"there is no workload {here.full(source.text())}")
        if here.callee(target.text()) not in services:
            raise target.error(f"there is no service {here.callee(target.text())}")
