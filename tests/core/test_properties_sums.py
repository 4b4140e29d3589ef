"""However series are ordered, split or joined, the numbers drawn of them are the same."""

import random
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.core.engine import ViewSpec
from graph.core.picture import Picture
from graph.core.rules import MeshRules
from graph.core.samples import Sample
from tests.core.meshes import SHARES, WORKLOADS, Call, answers, drawn, looks, mapped, meshes

PARTS = st.sampled_from(SHARES[1:])
_OF_VERSIONS = ("versions", "workload", "version")


@settings(max_examples=60)
@given(meshes, looks, st.randoms())
def test_the_order_of_series_does_not_matter(
    mesh: list[Call], look: ViewSpec, shuffler: random.Random
) -> None:
    told = answers(mesh)
    shuffled = {question: shuffler.sample(rows, len(rows)) for question, rows in told.items()}

    assert drawn(shuffled, look) == drawn(told, look)


@settings(max_examples=60)
@given(meshes, looks, PARTS)
def test_splitting_series_into_pods_changes_no_number(
    mesh: list[Call], look: ViewSpec, parts: int
) -> None:
    def pods(sample: Sample) -> list[Sample]:
        return [
            Sample({**sample.labels, "pod": f"pod-{n}"}, sample.value / parts) for n in range(parts)
        ]

    told = answers(mesh)

    assert drawn(mapped(told, pods), look) == drawn(told, look)


def renamed(sample: Sample, end: str, workload: str, version: str, parts: int) -> Sample:
    """Return the series as one of several equal parts, under another workload's name."""
    marks = dict(sample.labels)
    if marks[f"{end}_workload"] in WORKLOADS:
        marks[f"{end}_workload"] = workload
        if marks[f"{end}_canonical_revision"] != "latest":
            marks[f"{end}_canonical_revision"] = version
    return Sample(marks, sample.value / parts)


def into_versions(sample: Sample, parts: int) -> list[Sample]:
    """Return one series per pair of versions of its two workloads."""
    versions = [f"x{n}" for n in range(parts)]
    source, target = (sample.labels[f"{end}_workload"] for end in ("source", "destination"))
    return [
        renamed(
            renamed(sample, "source", f"{source}-{one}", one, parts),
            "destination",
            f"{target}-{other}",
            other,
            parts,
        )
        for one, other in product(versions, versions)
    ]


def without_versions(picture: Picture) -> Picture:
    """Return the picture without the names that tell a split workload's parts apart."""
    return Picture(
        {
            key: {**node, **dict.fromkeys(_OF_VERSIONS)}  # type: ignore[typeddict-item]
            for key, node in picture.nodes.items()
        },
        picture.edges,
    )


def plain(mesh: list[Call]) -> list[Call]:
    """Return the calls without Istio's own proxies, which are told by their workload's name.

    Nor with peers whose workload was not told: with two versions, nobody can say which it is.
    """
    own = ("shop-waypoint", "istio-gateway", "unknown")
    return [
        call
        for call in mesh
        if call.labels["source_workload"] not in own
        and call.labels["destination_workload"] not in own
        and call.labels["destination_canonical_service"] != "unknown"
    ]


@settings(max_examples=60)
@given(meshes, looks, st.sampled_from(["app", "namespace", "service"]), PARTS)
def test_splitting_workloads_into_versions_changes_no_number_of_what_joins_them(
    mesh: list[Call], look: ViewSpec, graph_type: str, parts: int
) -> None:
    told = answers(plain(mesh))
    split = mapped(told, lambda sample: into_versions(sample, parts))
    joined = replace(look, graph_type=graph_type)

    assert without_versions(drawn(split, joined)) == without_versions(drawn(told, joined))


def into_namespaces(sample: Sample, parts: int) -> list[Sample]:
    """Return one series per namespace of a family; every name of a namespace moves along."""
    made = []
    for n in range(parts):
        marks = {
            name: f"{value}-{n}" if name.endswith("_namespace") and value != "unknown" else value
            for name, value in sample.labels.items()
        }
        made.append(Sample(marks, sample.value / parts))
    return made


def totals(picture: Picture) -> dict[str, float]:
    """Return what all edges carry, by protocol."""
    sums: dict[str, float] = {}
    for edge in picture.edges.values():
        carried = edge["rps"] if edge["protocol"] != "tcp" else edge["sent_bps"]
        sums[edge["protocol"]] = sums.get(edge["protocol"], 0.0) + (carried or 0.0)
    return {protocol: carried for protocol, carried in sums.items() if carried}


def close(one: dict[str, float], other: dict[str, float]) -> bool:
    """Tell whether the totals are equal, but for the three digits that numbers have."""
    return one.keys() == other.keys() and all(
        abs(value - other[key]) <= 0.011 * value for key, value in one.items()
    )


@settings(max_examples=60)
@given(meshes, looks, PARTS)
def test_splitting_namespaces_changes_no_total(
    mesh: list[Call], look: ViewSpec, parts: int
) -> None:
    told = answers(mesh)
    everywhere = replace(look, namespaces=())
    split = mapped(told, lambda sample: into_namespaces(sample, parts))

    assert close(totals(drawn(split, everywhere)), totals(drawn(told, everywhere)))


@settings(max_examples=60)
@given(meshes, looks, st.sampled_from(["app", "versioned_app", "service", "namespace"]))
def test_every_graph_type_draws_the_same_traffic(
    mesh: list[Call], look: ViewSpec, graph_type: str
) -> None:
    told = answers(mesh)
    # Legs are only drawn where the waypoint is a node, operations add a hop to their requests.
    workloads = replace(
        look, graph_type="workload", namespaces=(), waypoints=False, operations=False
    )

    assert close(
        totals(drawn(told, replace(workloads, graph_type=graph_type))),
        totals(drawn(told, workloads)),
    )


FAMILY = {"cart-v1": ("cart", "v1"), "pay-v1": ("pay", "v1")}


def into_family(sample: Sample, parts: int) -> list[Sample]:
    """Return one series per member of the families that its workloads stand for."""
    made = []
    for n in range(parts):
        marks = dict(sample.labels)
        for end in ("source", "destination"):
            if marks[f"{end}_workload"] in FAMILY:
                marks[f"{end}_workload"] = f"tenant-{marks[f'{end}_workload']}-{n}"
                marks[f"{end}_canonical_service"] = f"tenant-{n}"
        made.append(Sample(marks, sample.value / parts))
    return made


@settings(max_examples=60)
@given(meshes, looks, PARTS)
def test_a_family_drawn_as_one_has_the_numbers_of_all(
    mesh: list[Call], look: ViewSpec, parts: int
) -> None:
    groups = MeshRules(groups=("tenant-cart-v1*", "tenant-pay-v1*", "tenant-*"))
    one = mapped(answers(mesh), lambda sample: into_family(sample, 1))
    many = mapped(answers(mesh), lambda sample: into_family(sample, parts))

    assert drawn(many, look, groups) == drawn(one, look, groups)


def without_cluster(sample: Sample) -> list[Sample]:
    """Return half of the series as it is, half as a proxy that knows no clusters tells it."""
    ignorant = {k: v for k, v in sample.labels.items() if not k.endswith("_cluster")}
    return [Sample(sample.labels, sample.value / 2), Sample(ignorant, sample.value / 2)]


@settings(max_examples=60)
@given(meshes, looks)
def test_proxies_that_do_not_know_their_cluster_change_no_number(
    mesh: list[Call], look: ViewSpec
) -> None:
    one_cluster = [call for call in mesh if call.labels["source_cluster"] == "Kubernetes"]
    told = answers(one_cluster)

    assert drawn(mapped(told, without_cluster), look) == drawn(told, look)
