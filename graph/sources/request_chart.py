"""The chart of requests: how many, and how those failed that did."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Literal

import numpy as np

from graph.core.identity import parse_protocol
from graph.core.outcomes import Outcome, is_client_error, is_error, shown_code
from graph.core.rows import outcome_of
from graph.core.wire import Protocol, SeriesField
from graph.sources.chart import Chart, Line, Topic, side_among
from graph.sources.flows import OUTCOME, Flow
from graph.sources.matching import LOST, Where
from graph.sources.naming import Matcher
from graph.sources.ranges import Course, Courses, Values, added
from graph.sources.sums import Sums

_BY = ("reporter", *OUTCOME)
Side = Literal["client", "server"]
_Key = tuple[SeriesField, str]


@dataclass(slots=True)
class _Failures:
    """Requests that failed in one way; which series these are, for a reader."""

    where: Where
    sides: set[Side] = field(default_factory=set)
    values: list[Values] = field(default_factory=list)


class RequestChart:
    """Asks for requests by outcome, so that one query gives rates and errors."""

    def __init__(self, sums: Sums, flows: Sequence[Flow]) -> None:
        self._sums = sums
        self._where: Mapping[Protocol, Where] = {
            flow.protocol: where for flow in flows if (where := _where(flow)) is not None
        }
        self._old = [part.old for flow in flows for part in flow.counted if part.old is not None]

    def charts(self, topics: Collection[Topic]) -> Iterator[Chart]:
        """Yield the chart, if there is anything to ask for."""
        if self._where and ("rps" in topics or "errors" in topics):
            asked = self._sums.counted("requests", self._every, _BY)
            if self._old:
                old = reduce(Where.__or__, self._old)
                asked.append(self._sums.rate("istio_request_count", old, ("response_code",)))
            yield Chart([one.promql for one in asked], lambda told: self._lines(told, topics))

    @property
    def _every(self) -> Where:
        return reduce(Where.__or__, self._where.values())

    def _lines(self, told: Sequence[Courses], topics: Collection[Topic]) -> Iterator[Line]:
        rows = [row for answer in told for row in answer.rows]
        if not rows:
            return
        total = added([row.values for row in rows], len(rows[0].values))
        if "rps" in topics:
            sides = {_side(self._labels(row)) for row in _moving(rows) or rows}
            yield Line("rps", "", side_among(sides), self._promql(self._every), total)
        if "errors" in topics:
            for (name, label), failures in sorted(self._failures(_moving(rows)).items()):
                values = added(failures.values, len(total))
                # What was not counted yet, while others were, had not happened.
                known = np.where(np.isnan(values) & ~np.isnan(total), 0.0, values)
                promql = self._promql(failures.where)
                yield Line(name, label, side_among(failures.sides), promql, known)

    def _failures(self, rows: Iterable[Course]) -> dict[_Key, _Failures]:
        found: dict[_Key, _Failures] = {}
        for row in rows:
            labels = self._labels(row)
            protocol, outcome = parse_protocol(labels), outcome_of(labels)
            name = _field(outcome, protocol)
            if name is None or protocol not in self._where:
                continue
            key = name, _label(outcome, protocol)
            if key not in found:
                found[key] = _Failures(self._where[protocol].plus(*_matchers(outcome, protocol)))
            found[key].sides.add(_side(labels))
            found[key].values.append(row.values)
        return found

    def _labels(self, row: Course) -> Mapping[str, str]:
        return self._sums.naming.istio_labels(row.labels)

    def _promql(self, where: Where) -> str:
        every = self._sums.counted("requests", where)
        return every[0].promql if len(every) == 1 else self._sums.added(every).promql


def _where(flow: Flow) -> Where | None:
    """Return the series of everything that counts for a flow."""
    every = [part.where for part in flow.counted]
    every += [part.where.plus(LOST) for part in flow.lost]
    return reduce(Where.__or__, every) if every else None


def _moving(rows: Iterable[Course]) -> list[Course]:
    return [row for row in rows if np.nansum(row.values) > 0]


def _side(labels: Mapping[str, str]) -> Side:
    return "client" if labels.get("reporter") == "source" else "server"


def _field(outcome: Outcome, protocol: Protocol) -> SeriesField | None:
    if is_error(outcome, protocol):
        return "error_rps"
    return "client_error_rps" if is_client_error(outcome, protocol) else None


def _label(outcome: Outcome, protocol: Protocol) -> str:
    code = shown_code(outcome, protocol)
    words = ("gRPC", code) if _is_grpc_status(outcome, protocol) else (code,)
    return " ".join(filter(None, (*words, outcome.flags)))


def _is_grpc_status(outcome: Outcome, protocol: Protocol) -> bool:
    return protocol == "grpc" and shown_code(outcome, protocol) != outcome.code


def _matchers(outcome: Outcome, protocol: Protocol) -> Iterator[Matcher]:
    """Yield what selects requests that ended so, as far as it is shown."""
    is_status = _is_grpc_status(outcome, protocol)
    label = "grpc_response_status" if is_status else "response_code"
    yield (label, "=", shown_code(outcome, protocol))
    if outcome.flags:
        yield ("response_flags", "=", outcome.flags)
    else:
        yield ("response_flags", "=~", "-|")
