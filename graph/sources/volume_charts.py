"""The charts of bytes and of TCP connections."""

from collections.abc import Iterator, Sequence
from functools import reduce

from graph.core.wire import SeriesField
from graph.sources.chart import Chart, Line, side_of
from graph.sources.flows import TCP_RECEIVED, TCP_SENT, Flow
from graph.sources.matching import Where
from graph.sources.ranges import Courses, added
from graph.sources.selecting import Part
from graph.sources.sums import Sum, Sums

# Of requests, of connections, and as Mixer 0.x called both.
_BYTES: tuple[tuple[SeriesField, tuple[str, str], tuple[str, str], str], ...] = (
    (
        "sent_bps",
        ("istio_response_bytes", "istio_response_size_sum"),
        (TCP_SENT, "istio_tcp_bytes_sent"),
        "tcp_sent",
    ),
    (
        "received_bps",
        ("istio_request_bytes", "istio_request_size_sum"),
        (TCP_RECEIVED, "istio_tcp_bytes_received"),
        "tcp_received",
    ),
)


def byte_charts(sums: Sums, flows: Sequence[Flow]) -> Iterator[Chart]:
    """Yield the charts of bytes in both directions, requests and connections added up."""
    requests = [part for flow in flows if flow.protocol != "tcp" for part in flow.moved]
    tcp = [part for flow in flows if flow.protocol == "tcp" for part in flow.moved]
    for name, (size, old_size), (metric, old_metric), question in _BYTES:
        made: list[Sum] = []
        if requests:
            made.append(sums.bytes(size, _united(requests)))
            made += _old(sums, old_size, requests)
        plain, shared = _apart(tcp)
        if plain:
            made.append(sums.rate(metric, _united(plain)))
        for part in shared:
            made += sums.left([sums.rate(metric, part.where)], question, part.rest)
        made += _old(sums, old_metric, tcp)
        if made:
            yield _chart(sums, name, made, [*requests, *tcp])


def connection_charts(sums: Sums, flows: Sequence[Flow]) -> Iterator[Chart]:
    """Yield the chart of connections that were opened."""
    parts = [part for flow in flows if flow.protocol == "tcp" for part in flow.counted]
    plain, shared = _apart(parts)
    made = sums.counted("tcp_opened", _united(plain)) if plain else []
    for part in shared:
        made += sums.left(sums.counted("tcp_opened", part.where), "tcp_opened", part.rest)
    if made:
        yield _chart(sums, "connections_per_s", made, parts)


def _chart(sums: Sums, name: SeriesField, made: Sequence[Sum], parts: Sequence[Part]) -> Chart:
    promql = made[0].promql if len(made) == 1 else sums.added(made).promql

    def read(told: Sequence[Courses]) -> Iterator[Line]:
        rows = [row.values for answer in told for row in answer.rows]
        if rows:
            yield Line(name, "", side_of(parts), promql, added(rows, len(rows[0])))

    return Chart([one.promql for one in made], read)


def _apart(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Return the series that count whole, and those of which only a share is meant."""
    plain = [part for part in parts if part.rest is None]
    return plain, [part for part in parts if part.rest is not None]


def _united(parts: Sequence[Part]) -> Where:
    return reduce(Where.__or__, (part.where for part in parts))


def _old(sums: Sums, metric: str, parts: Sequence[Part]) -> list[Sum]:
    old = [part.old for part in parts if part.old is not None]
    return [sums.rate(metric, reduce(Where.__or__, old))] if old else []
