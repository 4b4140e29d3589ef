"""The charts of bytes and of TCP connections."""

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from graph.core.wire import SeriesField
from graph.sources.chart import Chart, Line, side_of
from graph.sources.flows import TCP_RECEIVED, TCP_SENT, Flow
from graph.sources.matching import Where
from graph.sources.ranges import Courses, Values, added
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
    """Yield the chart of connections that were opened, and of those that failed."""
    tcp = [flow for flow in flows if flow.protocol == "tcp"]
    parts = [part for flow in tcp for part in flow.counted]
    lost = [part for flow in tcp for part in flow.lost]
    plain, shared = _apart(parts)
    counted = [(_united(plain), None)] if plain else []
    every = [*counted, *((part.where, part.rest) for part in shared)]
    opened = [
        one
        for where, rest in every
        for one in sums.left(sums.counted("tcp_opened", where), "tcp_opened", rest)
    ]
    failed = sums.failures(every, [part.where for part in lost])
    if not failed:
        return

    def read(told: Sequence[Courses]) -> Iterator[Line]:
        all_opened = _total(told[: len(opened)])
        all_failed = _total(told[len(opened) :])
        if all_opened is not None:
            promql = _promql(sums, opened)
            yield Line("connections_per_s", "", side_of(parts), promql, all_opened)
        # Most connections end as they should: then there is nothing to say.
        if all_failed is not None and np.nansum(all_failed) > 0:
            known = _known(all_failed, all_opened)
            side = side_of([*parts, *lost])
            yield Line("failed_connections_per_s", "", side, _promql(sums, failed), known)

    yield Chart([one.promql for one in opened], read, more=[one.promql for one in failed])


def _known(failed: Values, opened: Values | None) -> Values:
    """Return failures with none where others were opened and no failure was counted yet."""
    if opened is None:
        return failed
    return np.where(np.isnan(failed) & ~np.isnan(opened), 0.0, failed)


def _chart(sums: Sums, name: SeriesField, made: Sequence[Sum], parts: Sequence[Part]) -> Chart:
    promql = _promql(sums, made)

    def read(told: Sequence[Courses]) -> Iterator[Line]:
        total = _total(told)
        if total is not None:
            yield Line(name, "", side_of(parts), promql, total)

    return Chart([one.promql for one in made], read)


def _promql(sums: Sums, made: Sequence[Sum]) -> str:
    return made[0].promql if len(made) == 1 else sums.added(made).promql


def _total(told: Sequence[Courses]) -> Values | None:
    """Return all answers added up; None where there is none."""
    rows = [row.values for answer in told for row in answer.rows]
    return added(rows, len(rows[0])) if rows else None


def _apart(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Return the series that count whole, and those of which only a share is meant."""
    plain = [part for part in parts if part.rest is None]
    return plain, [part for part in parts if part.rest is not None]


def _united(parts: Sequence[Part]) -> Where:
    return reduce(Where.__or__, (part.where for part in parts))


def _old(sums: Sums, metric: str, parts: Sequence[Part]) -> list[Sum]:
    old = [part.old for part in parts if part.old is not None]
    return [sums.rate(metric, reduce(Where.__or__, old))] if old else []
