"""The PromQL behind the numbers gives the numbers, asked of the same real Prometheus."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from graph import poll
from graph.core import engine
from graph.core.engine import ViewSpec
from graph.core.origins import Origins, origins
from graph.core.rules import MeshRules
from graph.core.wire import GraphType, Query, Snapshot
from graph.sources import Unavailable, explain
from tests.sources.conftest import Shelf, Stored
from tests.sources.scenes import NASTY, WINDOW_S

pytestmark = pytest.mark.prometheus

Open = Callable[..., Stored]

_SUMS = ("rps", "_bps", "_mps", "_per_s", "ratio", "_ms.avg", "_ms.p95", "network_ms")


def look(mesh: Stored, graph_type: GraphType = "workload", **how: Any) -> tuple[Snapshot, Origins]:
    """Return the picture of a scene at the end of its data, and what is behind it."""
    rules = MeshRules(groups=("tenant-*",))
    state = poll.look(mesh.source, WINDOW_S, mesh.at, 5.0, rules)
    assert state.readings is not None
    spec = ViewSpec(graph_type, WINDOW_S, (), **how)
    view, _ = engine.render(None, state, spec, "explained")
    return engine.snapshot(view, view.status), origins(state.readings, spec.look)


def numbers(entity: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Return every number of an entity by its field."""
    found: dict[str, float] = {}
    for name, value in entity.items():
        if isinstance(value, dict):
            found |= numbers(value, f"{prefix}{name}.")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found[prefix + name] = value
    return {
        name: value for name, value in found.items() if name.endswith(_SUMS) and "mtls" not in name
    }


def asked(shelf: Shelf, queries: list[Query], at: float) -> dict[str, float]:
    """Return what Prometheus answers, summed by field."""
    found: dict[str, float] = {}
    for query in queries:
        rows: list[dict[str, Any]] = shelf.server.query(query["promql"], at)
        total = sum(float(row["value"][1]) for row in rows)
        found[query["field"]] = found.get(query["field"], 0.0) + total
    return found


def compare(
    shelf: Shelf, mesh: Stored, seen: tuple[Snapshot, Origins], *, skip: tuple[str, ...] = ()
) -> set[str]:
    """Hold every number of the view's edges and nodes against its queries; return the fields."""
    compared: set[str] = set()
    view, found = seen
    for kind in ("edge", "node"):
        for entity in view[f"{kind}s"]:  # type: ignore[literal-required]
            given = {"edge": None, "node": None, kind: entity["id"]}
            queries = explain(mesh.source, view, found, **given)["queries"]
            answers = asked(shelf, queries, view["at"])
            for field, shown in numbers(entity).items():
                if field.startswith(skip) or (not shown and field not in answers):
                    continue
                assert answers[field] == pytest.approx(shown, rel=0.01, abs=2e-3), (
                    f"{entity['id']} {field}: {[q for q in queries if q['field'] == field]}"
                )
                compared.add(field)
    return compared


@pytest.mark.parametrize("perspective", ["auto", "server", "client"])
@pytest.mark.parametrize("graph_type", ["workload", "app"])
def test_every_number_of_every_edge_and_node(
    stored: Open, shelf: Shelf, graph_type: GraphType, perspective: str
) -> None:
    mesh = stored("explained")
    seen = look(mesh, graph_type, perspective=perspective)

    compared = compare(shelf, mesh, seen)

    assert {"rps", "client.rps", "server.latency_ms.p95", "connections_closed_per_s"} <= compared
    assert {"gap.network_ms", "gap.unreached_rps", "gap.timed_out_rps", "in.rps"} <= compared


def test_operations_have_queries_of_their_own(stored: Open, shelf: Shelf) -> None:
    mesh = stored("explained")
    seen = look(mesh, operations=True)

    assert any(node["kind"] == "operation" for node in seen[0]["nodes"])
    compare(shelf, mesh, seen)


@pytest.mark.parametrize("scene", ["two-jobs", "waypoint-copies", "mixer-1", "mixer-0", "once"])
def test_odd_meshes_are_explained_as_they_are_asked(stored: Open, shelf: Shelf, scene: str) -> None:
    mesh = stored(scene)

    assert "rps" in compare(shelf, mesh, look(mesh))


def test_names_of_any_content_can_be_pasted(stored: Open, shelf: Shelf) -> None:
    mesh = stored("nasty")
    seen = look(mesh, "service")

    assert len(seen[0]["edges"]) >= 1
    assert compare(shelf, mesh, seen, skip=("in.", "out."))
    assert len(NASTY) > 10


def test_series_and_age_are_told(stored: Open) -> None:
    mesh = stored("explained")
    view, found = look(mesh)
    (edge,) = (
        edge for edge in view["edges"] if "api" in edge["target"] and "web" in edge["source"]
    )
    queries = explain(mesh.source, view, found, node=None, edge=edge["id"])["queries"]
    (rps, *_) = (query for query in queries if query["field"] == "rps")

    assert rps["series"] == 3
    assert rps["age_s"] == view["source"]["age_s"]


def test_a_prometheus_that_is_gone_leaves_the_counts_out(stored: Open) -> None:
    mesh = stored("once")
    view, found = look(mesh)
    mesh.source.close()
    edge = view["edges"][0]["id"]

    queries = explain(_Deaf(mesh.source), view, found, node=None, edge=edge)["queries"]  # type: ignore[arg-type]

    assert queries
    assert {query["series"] for query in queries} == {None}


class _Deaf:
    """A source that is no longer answered."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def ask(self, promql: str, at: float | None = None) -> Any:
        raise Unavailable("gone", "")
