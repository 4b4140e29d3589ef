"""The PromQL behind each number gives that number, asked of the same Prometheus."""

from collections.abc import Callable, Iterator

import pytest

from graph.core.engine import ViewSpec
from graph.core.origins import origins
from graph.core.wire import Edge, GraphType, Queries, Query
from graph.sources import Source, open_source
from graph.sources import explain as explained
from tests.truth.conftest import WINDOW_S, Measured

CASES: list[tuple[str, GraphType]] = [
    ("steady", "workload"),
    ("steady", "app"),
    ("steady", "service"),
    ("steady", "namespace"),
    ("payments-503:full", "workload"),
    ("payments-503:full", "app"),
    ("plaintext-client:full", "versioned_app"),
]
cases = pytest.mark.parametrize(("name", "graph_type"), CASES)


@pytest.fixture
def source_of(measured: dict[str, Measured]) -> Iterator[Callable[[str], Source]]:
    opened: list[Source] = []

    def open_it(name: str) -> Source:
        opened.append(open_source(measured[name].server.url, timeout_s=20))
        return opened[-1]

    yield open_it
    for source in opened:
        source.close()


def explain(
    source: Source, of: Measured, graph_type: GraphType, *, node: str | None, edge: str | None
) -> Queries:
    """Return the queries behind one entity of what was measured."""
    assert of.feed.readings is not None
    found = origins(of.feed.readings, ViewSpec(graph_type, WINDOW_S, ()).look)
    return explained(source, of.view(graph_type), found, node=node, edge=edge)


def value(measured: Measured, query: Query, at: float) -> float:
    """Return the sum of what Prometheus answers."""
    rows = measured.server.query(query["promql"], at)
    return sum(float(row["value"][1]) for row in rows)  # type: ignore[index]


def queries_for(queries: list[Query], field: str) -> list[Query]:
    return [query for query in queries if query["field"] == field]


def told(edge: Edge) -> set[str]:
    """Return the reporters whose accounts make the edge's number."""
    return {"destination", "source"} if edge["reporter"] == "mixed" else {edge["reporter"]}


@cases
def test_rates_of_edges(
    measured: dict[str, Measured],
    source_of: Callable[[str], Source],
    name: str,
    graph_type: GraphType,
) -> None:
    view, source = measured[name].view(graph_type), source_of(name)
    for edge in view["edges"]:
        queries = explain(source, measured[name], graph_type, node=None, edge=edge["id"])["queries"]
        field = "sent_bps" if edge["protocol"] == "tcp" else "rps"
        asked = queries_for(queries, field)
        assert {query["reporter"] for query in asked} == told(edge)
        got = sum(value(measured[name], query, view["at"]) for query in asked)
        assert got == pytest.approx(edge[field], rel=0.01), f"{edge['id']}: {asked}"


def numbers(entity: object, prefix: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of an edge with its field's name."""
    if isinstance(entity, dict):
        for name, inner in entity.items():
            yield from numbers(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(entity, float):
        yield prefix, entity


# A share of what happened by chance is not what a query says: the page shows 0 for it.
_SHOWN_ABOVE_CHANCE = "gap.retried_rps"


@cases
def test_every_number_of_an_edge_is_what_its_queries_say(
    measured: dict[str, Measured],
    source_of: Callable[[str], Source],
    name: str,
    graph_type: GraphType,
) -> None:
    view, source = measured[name].view(graph_type), source_of(name)
    odd = [edge for edge in view["edges"] if edge["reporter"] != "destination"]
    for edge in [*odd, *view["edges"]][:4]:
        queries = explain(source, measured[name], graph_type, node=None, edge=edge["id"])["queries"]
        for field, shown in numbers(edge):
            if field in ("mtls.ratio", _SHOWN_ABOVE_CHANCE):
                continue
            asked = queries_for(queries, field)
            assert asked, f"{edge['id']} {field} has no query"
            got = sum(value(measured[name], query, view["at"]) for query in asked)
            assert got == pytest.approx(shown, rel=0.01, abs=0.02), f"{edge['id']} {field} {asked}"


@cases
def test_latency_of_edges(
    measured: dict[str, Measured],
    source_of: Callable[[str], Source],
    name: str,
    graph_type: GraphType,
) -> None:
    view, source = measured[name].view(graph_type), source_of(name)
    for edge in view["edges"]:
        if edge["protocol"] == "tcp" or edge["reporter"] == "mixed":
            continue
        queries = explain(source, measured[name], graph_type, node=None, edge=edge["id"])["queries"]
        for quantile in ("avg", "p95"):
            (query,) = queries_for(queries, f"latency_ms.{quantile}")
            got = value(measured[name], query, view["at"])
            assert got == pytest.approx(edge["latency_ms"][quantile], rel=0.01), edge["id"]


@cases
def test_rates_of_nodes(
    measured: dict[str, Measured],
    source_of: Callable[[str], Source],
    name: str,
    graph_type: GraphType,
) -> None:
    view, source = measured[name].view(graph_type), source_of(name)
    for node in view["nodes"]:
        queries = explain(source, measured[name], graph_type, node=node["id"], edge=None)["queries"]
        for side in ("in", "out"):
            shown = node[side]["rps"]  # type: ignore[literal-required]
            asked = queries_for(queries, f"{side}.rps")
            if shown:
                got = sum(value(measured[name], query, view["at"]) for query in asked)
                assert got == pytest.approx(shown, rel=0.01), f"{node['id']} {side}: {asked}"


@cases
def test_error_ratios(
    measured: dict[str, Measured],
    source_of: Callable[[str], Source],
    name: str,
    graph_type: GraphType,
) -> None:
    view, source = measured[name].view(graph_type), source_of(name)
    for edge in view["edges"]:
        if edge["protocol"] == "tcp":
            continue
        queries = explain(source, measured[name], graph_type, node=None, edge=edge["id"])["queries"]
        fields = ["error_ratio", *(["client_error_ratio"] if edge["protocol"] == "http" else [])]
        for field in fields:
            (query,) = queries_for(queries, field)
            got = value(measured[name], query, view["at"])
            assert got == pytest.approx(edge[field], rel=0.01, abs=1e-6), edge["id"]  # type: ignore[literal-required]


@cases
def test_how_nodes_answer(
    measured: dict[str, Measured],
    source_of: Callable[[str], Source],
    name: str,
    graph_type: GraphType,
) -> None:
    view, source = measured[name].view(graph_type), source_of(name)
    for node in view["nodes"]:
        reporters = {edge["reporter"] for edge in view["edges"] if edge["target"] == node["id"]}
        if "source" in reporters or node["latency_ms"]["p95"] is None:
            continue
        queries = explain(source, measured[name], graph_type, node=node["id"], edge=None)["queries"]
        for field in ("latency_ms.avg", "latency_ms.p95", "in.error_ratio"):
            (query,) = queries_for(queries, field)
            group, _, key = field.partition(".")
            shown = node["latency_ms"][key] if group == "latency_ms" else node["in"][key]  # type: ignore[literal-required]
            got = value(measured[name], query, view["at"])
            assert got == pytest.approx(shown, rel=0.01, abs=1e-6), f"{node['id']} {field}"


def test_every_query_has_a_meaning_and_a_page(
    measured: dict[str, Measured], source_of: Callable[[str], Source]
) -> None:
    view, source = measured["steady"].view("workload"), source_of("steady")
    for edge in view["edges"]:
        queries = explain(source, measured["steady"], "workload", node=None, edge=edge["id"])
        for query in queries["queries"]:
            assert query["meaning"]
            assert (query["url"] or "").startswith(measured["steady"].server.url)


def test_unknown_ids_are_an_error(
    measured: dict[str, Measured], source_of: Callable[[str], Source]
) -> None:
    with pytest.raises(KeyError):
        explain(source_of("steady"), measured["steady"], "app", node="w/no/such", edge=None)
