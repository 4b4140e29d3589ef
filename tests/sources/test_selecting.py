"""Selectors are made of what accounts were filed under, and of nothing that the core ignores."""

from collections.abc import Iterable

from graph.core.accounts import Entry
from graph.core.origins import Origins, origins
from graph.core.readings import Readings, read_fast
from graph.core.rules import MeshRules
from graph.core.topology import Look
from graph.sources.selecting import Selecting
from graph.sources.shape import PLAIN
from tests.make import AT, harvest, readings, request, tcp

NOBODY = {
    "source_workload": "unknown",
    "source_canonical_service": "unknown",
    "source_canonical_revision": "latest",
}


def test_an_unknown_caller_is_selected_by_its_namespace_and_not_by_its_certificate() -> None:
    """The graph tells unknown callers apart by the namespace label alone; so must the query."""
    found = origins(
        readings(
            requests=[
                request(3, **NOBODY, source_workload_namespace="jobs"),
                request(
                    4,
                    **NOBODY,
                    source_workload_namespace="unknown",
                    source_principal="spiffe://cluster.local/ns/jobs/sa/nightly",
                ),
                request(5, source_workload="unknown"),
            ]
        ),
        Look("workload"),
    )
    namespaces = {}
    for edge in found.edges.values():
        if not edge.source.startswith("u/"):
            continue
        (part,) = Selecting(found, PLAIN).parts(edge.total.counted)
        (alternative,) = part.where.alternatives
        said = {label: value for label, _, value in alternative}
        assert not any("principal" in label for label in said)
        namespaces[edge.source] = said["source_workload_namespace"]

    assert sorted(namespaces.values()) == ["jobs", "unknown|"]


def said(entries: Iterable[Entry], found: Origins) -> dict[str, tuple[str, str]]:
    """Return what the one alternative of the one part of some accounts says of each label."""
    (part,) = Selecting(found, PLAIN).parts(entries)
    (alternative,) = part.where.alternatives
    return {label: (operator, value) for label, operator, value in alternative}


def test_a_star_in_a_name_is_a_star_unless_it_names_a_family() -> None:
    answers = harvest(requests=[request(3, source="tenant-*"), request(4, source="tenant-7")])

    def callers(*groups: str) -> set[tuple[str, str]]:
        rules = MeshRules(groups=groups)
        found = origins(Readings(AT, 60, read_fast(answers, rules), None, rules), Look("workload"))
        every = found.edges.values()
        return {said(edge.total.counted, found)["source_workload"] for edge in every}

    assert callers() == {("=", "tenant-*"), ("=", "tenant-7")}
    assert callers("bookinfo/tenant-*") == {("=~", "tenant-.*")}


def test_what_is_left_of_unknown_callers_is_asked_without_those_who_are_told_twice() -> None:
    nobody = {**NOBODY, "source_workload_namespace": "unknown"}
    found = origins(
        readings(tcp_sent=[tcp(1000, **nobody), tcp(400, source="web", reporter="source")]),
        Look("workload"),
    )

    edge = next(edge for edge in found.edges.values() if edge.source.startswith("u/"))
    (part,) = Selecting(found, PLAIN).parts(edge.total.counted)

    assert part.rest is not None
    (strangers,), (callers,) = (where.alternatives for where in part.rest)
    assert ("reporter", "=", "destination") in strangers
    assert ("source_workload", "=~", "unknown|") in strangers
    assert ("reporter", "=", "source") in callers
    assert ("source_workload", "=", "web") in callers
