"""Selectors are made of what accounts were filed under, and of nothing that the core ignores."""

from graph.core.origins import origins
from graph.core.topology import Look
from graph.sources.selecting import Selecting
from graph.sources.shape import PLAIN
from tests.make import readings, request

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
