"""The PromQL behind each number gives that number, asked of the same Prometheus."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from graph.core.engine import ViewSpec
from graph.core.origins import origins
from graph.core.samples import Sample
from graph.core.wire import Edge, GraphType, Queries, Query, Snapshot
from graph.sources import Source, open_source
from graph.sources import explain as explained
from graph.sources.wrapped import Wrapped
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


class Uncounted(Wrapped):
    """A source that is not asked how many series a selection has: that is tried elsewhere."""

    def ask(self, promql: str, at: float | None = None) -> list[Sample]:
        return []


class Explained:
    """One case: its picture, and the queries behind each of its nodes and edges."""

    def __init__(self, of: Measured, graph_type: GraphType, source: Source) -> None:
        assert of.feed.readings is not None
        self.measured = of
        self.view: Snapshot = of.view(graph_type)
        self._found = origins(of.feed.readings, ViewSpec(graph_type, WINDOW_S, ()).look)
        self._source = source
        self._told: dict[str, Queries] = {}

    def explain(self, *, node: str | None = None, edge: str | None = None) -> Queries:
        """Return the queries behind one entity; several tests look at the same."""
        name = f"{node}|{edge}"
        if name not in self._told:
            told = explained(self._source, self.view, self._found, node=node, edge=edge)
            self._told[name] = told
        return self._told[name]

    def queries(
        self, field: str, *, node: str | None = None, edge: str | None = None
    ) -> list[Query]:
        """Return those of one field."""
        return queries_for(self.explain(node=node, edge=edge)["queries"], field)

    def value(self, queries: list[Query]) -> float:
        """Return the sum of what Prometheus answers to each of them."""
        return sum(value(self.measured, query, self.view["at"]) for query in queries)


@pytest.fixture(scope="module")
def case_of(measured: dict[str, Measured]) -> Iterator[Callable[[str, GraphType], Explained]]:
    sources: list[Source] = []

    @cache
    def source_of(name: str) -> Source:
        sources.append(open_source(measured[name].server.url, timeout_s=20))
        return Uncounted(sources[-1])

    @cache
    def opened(name: str, graph_type: GraphType) -> Explained:
        return Explained(measured[name], graph_type, source_of(name))

    yield opened
    for source in sources:
        source.close()


@pytest.fixture
def case(
    case_of: Callable[[str, GraphType], Explained], name: str, graph_type: GraphType
) -> Explained:
    return case_of(name, graph_type)


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
def test_rates_of_edges(case: Explained) -> None:
    for edge in case.view["edges"]:
        field = "sent_bps" if edge["protocol"] == "tcp" else "rps"
        asked = case.queries(field, edge=edge["id"])
        assert {query["reporter"] for query in asked} == told(edge)
        assert case.value(asked) == pytest.approx(edge[field], rel=0.01), f"{edge['id']}: {asked}"


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
def test_every_number_of_an_edge_is_what_its_queries_say(case: Explained) -> None:
    odd = [edge for edge in case.view["edges"] if edge["reporter"] != "destination"]
    for edge in [*odd, *case.view["edges"]][:4]:
        for field, shown in numbers(edge):
            if field in ("mtls.ratio", _SHOWN_ABOVE_CHANCE):
                continue
            asked = case.queries(field, edge=edge["id"])
            assert asked, f"{edge['id']} {field} has no query"
            got = case.value(asked)
            assert got == pytest.approx(shown, rel=0.01, abs=0.02), f"{edge['id']} {field} {asked}"


@cases
def test_latency_of_edges(case: Explained) -> None:
    for edge in case.view["edges"]:
        if edge["protocol"] == "tcp" or edge["reporter"] == "mixed":
            continue
        for quantile in ("avg", "p95"):
            (query,) = case.queries(f"latency_ms.{quantile}", edge=edge["id"])
            got = case.value([query])
            assert got == pytest.approx(edge["latency_ms"][quantile], rel=0.01), edge["id"]


@cases
def test_rates_of_nodes(case: Explained) -> None:
    for node in case.view["nodes"]:
        for side in ("in", "out"):
            shown = node[side]["rps"]  # type: ignore[literal-required]
            asked = case.queries(f"{side}.rps", node=node["id"])
            if shown:
                got = case.value(asked)
                assert got == pytest.approx(shown, rel=0.01), f"{node['id']} {side}: {asked}"


@cases
def test_error_ratios(case: Explained) -> None:
    for edge in case.view["edges"]:
        if edge["protocol"] == "tcp":
            continue
        fields = ["error_ratio", *(["client_error_ratio"] if edge["protocol"] == "http" else [])]
        for field in fields:
            (query,) = case.queries(field, edge=edge["id"])
            got = case.value([query])
            assert got == pytest.approx(edge[field], rel=0.01, abs=1e-6), edge["id"]  # type: ignore[literal-required]


@cases
def test_how_nodes_answer(case: Explained) -> None:
    view = case.view
    for node in view["nodes"]:
        reporters = {edge["reporter"] for edge in view["edges"] if edge["target"] == node["id"]}
        if "source" in reporters or node["latency_ms"]["p95"] is None:
            continue
        for field in ("latency_ms.avg", "latency_ms.p95", "in.error_ratio"):
            (query,) = case.queries(field, node=node["id"])
            group, _, key = field.partition(".")
            shown = node["latency_ms"][key] if group == "latency_ms" else node["in"][key]  # type: ignore[literal-required]
            got = case.value([query])
            assert got == pytest.approx(shown, rel=0.01, abs=1e-6), f"{node['id']} {field}"


def test_every_query_has_a_meaning_and_a_page(
    case_of: Callable[[str, GraphType], Explained],
) -> None:
    case = case_of("steady", "workload")
    for edge in case.view["edges"]:
        for query in case.explain(edge=edge["id"])["queries"]:
            assert query["meaning"]
            assert (query["url"] or "").startswith(case.measured.server.url)


def test_unknown_ids_are_an_error(case_of: Callable[[str, GraphType], Explained]) -> None:
    with pytest.raises(KeyError):
        case_of("steady", "app").explain(node="w/no/such")
