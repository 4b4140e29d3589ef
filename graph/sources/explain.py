"""The PromQL behind each number of one node or edge, ready to paste into Prometheus.

Written for a reader: the queries select the one entity instead of grouping the whole mesh, and ask
Prometheus itself for quantiles. They give the numbers that meshviz shows, up to rounding; where
several queries feed one rate, their sum is what is shown. First appearances are lines of their own.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from graph.core.origins import Origins
from graph.core.wire import Queries, Query, Snapshot
from graph.sources.base import Source, SourceError
from graph.sources.line import UNTOLD, Line
from graph.sources.lines import Writer
from graph.sources.sums import Sums
from graph.sources.tab import carried

# Counting series is a courtesy: it may not keep people waiting, nor Prometheus busy.
_COUNTS_S = 5.0
_COUNTS_MAX = 60
_PARALLEL = 4
# Fields that the slow lane feeds; bytes are its own only where requests are counted.
_ANSWERS = ("responses", "latency_ms", "mtls", "principals", "hosts")  # of a node, to its callers
_SLOW = ("latency_ms.p", "sent_bps", "received_bps")


def explain(
    source: Source,
    view: Snapshot,
    found: Origins,
    *,
    node: str | None,
    edge: str | None,
    span_s: int | None = None,
) -> Queries:
    """Return the queries behind one node or edge of the view; ``found`` is what is behind it.

    ``span_s`` is what its numbers are about, where that is not the view's window. Raises KeyError
    when the view does not have it.
    """
    span_s = span_s or view["window_s"]
    writer = Writer(view, found, Sums(span_s, source.naming, source.shape))
    name = edge if edge is not None else node or ""
    lines = list(writer.edge(name) if edge is not None else writer.node(name))
    untold = _untold(found, name)
    counts = _count(source, lines, view)
    return {
        "id": name,
        "at": view["at"],
        "window_s": span_s,
        "queries": [_query(source, line, view, counts, untold) for line in lines],
    }


def _untold(found: Origins, name: str) -> tuple[str, ...]:
    """Return the prefixes of the fields whose queries name what the viewer may not know."""
    if name in found.edges:
        return () if found.edges[name].is_open else ("",)
    ways = {"in.": found.inbound(name), "out.": found.outbound(name)}
    closed = [way for way, edges in ways.items() if not all(edge.is_open for edge in edges)]
    return (*closed, *_ANSWERS) if "in." in closed else tuple(closed)


def _query(
    source: Source,
    line: Line,
    view: Snapshot,
    counts: Mapping[str, int | None],
    untold: tuple[str, ...],
) -> Query:
    is_open = not line.field.startswith(untold)
    age_s = _age_s(line, view)
    # The slow lane's numbers are older than the picture; what is pasted should give the same.
    late_s = (age_s or 0.0) - (view["source"]["age_s"] or 0.0)
    found = [counts.get(series) for series in line.sum.series]
    return {
        "field": line.field,
        "meaning": line.meaning,
        "reporter": line.reporter,
        "promql": line.sum.promql if is_open else UNTOLD,
        "url": source.page_url(line.sum.promql, view["at"] - late_s) if is_open else None,
        "series": None if None in found else sum(count or 0 for count in found),
        "age_s": age_s,
    }


def _age_s(line: Line, view: Snapshot) -> float | None:
    is_slow = line.of_requests and any(part in line.field for part in _SLOW)
    return view["source"]["slow_age_s" if is_slow else "age_s"]


def _count(source: Source, lines: Iterable[Line], view: Snapshot) -> Mapping[str, int | None]:
    """Return how many series each selection has; None where Prometheus did not say in time."""
    selections = sorted({series for line in lines for series in line.sum.series})[:_COUNTS_MAX]
    window, at = view["window_s"], view["at"]

    def ask(selection: str) -> int:
        rows = source.ask(f"count(last_over_time({selection}[{window}s]))", at)
        return int(rows[0].value) if rows else 0

    pool = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="explain")
    try:
        asked = {selection: pool.submit(carried(ask), selection) for selection in selections}
        wait(asked.values(), _COUNTS_S)
        return {selection: _answer(future) for selection, future in asked.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _answer(future: Future[int]) -> int | None:
    try:
        return future.result(timeout=0)
    except (SourceError, TimeoutError):
        return None
