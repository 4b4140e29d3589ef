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
from graph.sources.sums import REQUESTS, Sums

_BY = ("reporter", *OUTCOME)
Side = Literal["client", "server"]
_Key = tuple[SeriesField, str]


@dataclass(slots=True)
class _Failures:
    """Requests that failed in one way; ``matchers`` select them among those of a protocol."""

    protocol: Protocol
    matchers: tuple[Matcher, ...]
    sides: set[Side] = field(default_factory=set)
    values: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of everything that counts for the flows of one protocol."""

    counted: Where | None
    lost: Where | None
    # Whether those that count are callers' too.
    is_client: bool

    @classmethod
    def of(cls, flow: Flow) -> "_Series":
        counted = [part.where for part in flow.counted]
        lost = [part.where.plus(LOST) for part in flow.lost]
        is_client = any(part.reporter == "source" for part in flow.counted)
        return cls(_united(counted), _united(lost), is_client)

    def told_by(self, sides: Collection[Side]) -> Where | None:
        """Return the series that these sides' proxies tell."""
        if "client" not in sides:
            return self.counted
        if "server" not in sides and not self.is_client:
            return self.lost
        return _united([self.counted, self.lost])


class RequestChart:
    """Asks for requests by outcome, so that one query gives rates and errors."""

    def __init__(self, sums: Sums, flows: Sequence[Flow]) -> None:
        self._sums = sums
        self._series: Mapping[Protocol, _Series] = {
            flow.protocol: _Series.of(flow) for flow in flows
        }
        self._old = _united([part.old for flow in flows for part in flow.counted])

    def charts(self, topics: Collection[Topic]) -> Iterator[Chart]:
        """Yield the chart, if there is anything to ask for."""
        every = self._told_by(("client", "server"))
        if every is None or not ("rps" in topics or "errors" in topics):
            return
        asked = [self._sums.rate(REQUESTS, every, _BY)]
        if self._old is not None:
            asked.append(self._sums.rate("istio_request_count", self._old, ("response_code",)))
        born = self._sums.births("requests", every, _BY)

        def read(told: Sequence[Courses]) -> Iterator[Line]:
            rows = [row for answer in told for row in answer.rows]
            is_born = born is not None and bool(_moving(told[-1].rows))
            return self._lines(rows, topics, is_born=is_born)

        more = [] if born is None else [born.promql]
        yield Chart([one.promql for one in asked], read, more=more)

    def _told_by(self, sides: Collection[Side]) -> Where | None:
        return _united([series.told_by(sides) for series in self._series.values()])

    def _lines(
        self, rows: Sequence[Course], topics: Collection[Topic], *, is_born: bool
    ) -> Iterator[Line]:
        if not rows:
            return
        total = added([row.values for row in rows], len(rows[0].values))
        moving = _moving(rows)
        if "rps" in topics:
            sides = {_side(self._labels(row)) for row in moving or rows}
            promql = self._promql(self._told_by(sides), is_born=is_born)
            yield Line("rps", "", side_among(sides), promql, total)
        if "errors" in topics:
            for (name, label), failures in sorted(self._failures(moving).items()):
                values = added(failures.values, len(total))
                # What was not counted yet, while others were, had not happened.
                known = np.where(np.isnan(values) & ~np.isnan(total), 0.0, values)
                where = self._series[failures.protocol].told_by(failures.sides)
                some = where.plus(*failures.matchers) if where is not None else None
                promql = self._promql(some, is_born=is_born)
                yield Line(name, label, side_among(failures.sides), promql, known)

    def _failures(self, rows: Iterable[Course]) -> dict[_Key, _Failures]:
        found: dict[_Key, _Failures] = {}
        for row in rows:
            labels = self._labels(row)
            protocol, outcome = parse_protocol(labels), outcome_of(labels)
            name = _field(outcome, protocol)
            if name is None or protocol not in self._series:
                continue
            key = name, _label(outcome, protocol)
            if key not in found:
                found[key] = _Failures(protocol, tuple(_matchers(outcome, protocol)))
            found[key].sides.add(_side(labels))
            found[key].values.append(row.values)
        return found

    def _labels(self, row: Course) -> Mapping[str, str]:
        return self._sums.naming.istio_labels(row.labels)

    def _promql(self, where: Where | None, *, is_born: bool) -> str:
        """Return what gives a line: with first appearances, where there were any."""
        if where is None:
            return ""
        if not is_born:
            return self._sums.rate(REQUESTS, where).promql
        return self._sums.added(self._sums.counted("requests", where)).promql


def _united(every: Iterable[Where | None]) -> Where | None:
    some = [where for where in every if where is not None]
    return reduce(Where.__or__, some) if some else None


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
