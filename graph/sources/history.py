"""Numbers of one node, edge or namespace, or of everything, over a range of time.

The same series stand behind each value as behind the numbers of a picture (`graph.sources.flows`):
at a moment a line says what a picture of that moment says, as long as both look equally far back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.core.discretion import warnings_for
from graph.core.figures import digits
from graph.core.origins import Origins
from graph.core.wire import History, Series
from graph.sources.base import Source, SourceError, Unavailable
from graph.sources.chart import Chart, Line, Topic
from graph.sources.holes import Holes
from graph.sources.latency_chart import latency_charts
from graph.sources.line import UNTOLD
from graph.sources.ranges import Courses, Times
from graph.sources.request_chart import RequestChart
from graph.sources.selecting import Selecting
from graph.sources.strands import Strand, Strands, Target
from graph.sources.sums import Sums
from graph.sources.tab import carried
from graph.sources.volume_charts import byte_charts, connection_charts

_SILENT = "This is a recording: it holds no numbers over time, and nobody can be asked for them."
# First appearances cost ten times as much as rates. Of so many accounts together they are a small
# part, and left out.
_BIRTHS_MAX = 1000
# Charts cost Prometheus more than a tick: few of their queries at once.
_PARALLEL = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a history is to hold."""

    target: Target
    times: Times
    window_s: int
    topics: tuple[Topic, ...]
    by_version: bool = False


def history(source: Source, found: Origins, wanted: Wanted) -> History:
    """Return the lines that are wanted; ``found`` is what is behind the picture at their end.

    Raises KeyError when the picture does not have the target, and SourceError when nothing at all
    was answered; what only some charts want is said in the history's warnings.
    """
    selecting = Selecting(found, source.shape)
    strands = Strands(found, selecting)
    chosen = strands.of(wanted.target, by_version=wanted.by_version)
    if not source.traffic:
        return _answer(wanted, [], [_SILENT])
    is_large = not wanted.target.is_entity and len(found.tellers) > _BIRTHS_MAX
    shape = replace(source.shape, births_on=()) if is_large else source.shape
    sums = Sums(wanted.window_s, source.naming, shape)
    charts = [
        (strand, chart) for strand in chosen for chart in _charts(sums, strand, wanted.topics)
    ]
    asking = _Asking(source, wanted.times)
    answers = asking.all([chart for _, chart in charts])
    holes = Holes(source, wanted.times, wanted.window_s).found()
    series = [
        _series(source, wanted.times, strand, _without(line, holes))
        for (strand, chart), told in zip(charts, answers, strict=True)
        if told is not None
        for line in chart.read(told)
    ]
    known = [one for one in series if any(value is not None for value in one["values"])]
    warnings = warnings_for(found.permit, [*strands.warnings, *asking.warnings])
    return _answer(wanted, known, warnings)


def _answer(wanted: Wanted, series: list[Series], warnings: list[str]) -> History:
    times = wanted.times
    return {
        "id": wanted.target.name,
        "start": times.start,
        "end": times.end,
        "step_s": times.step_s,
        "window_s": wanted.window_s,
        "times": times.each(),
        "series": series,
        "warnings": warnings,
    }


def _charts(sums: Sums, strand: Strand, topics: Collection[Topic]) -> Iterator[Chart]:
    requests = [flow for flow in strand.flows if flow.protocol != "tcp"]
    yield from RequestChart(sums, requests).charts(topics)
    if "latency" in topics:
        yield from latency_charts(sums, requests)
    if "bytes" in topics:
        yield from byte_charts(sums, strand.flows)
    if "tcp" in topics:
        yield from connection_charts(sums, strand.flows)


def _without(line: Line, holes: NDArray[np.bool_] | None) -> Line:
    """Return the line with nothing where its values are too low."""
    return line if holes is None else line._replace(values=np.where(holes, np.nan, line.values))


def _series(source: Source, times: Times, strand: Strand, line: Line) -> Series:
    return {
        "field": line.field,
        "label": line.label,
        "version": strand.version,
        "way": strand.way,
        "reporter": line.reporter,
        "promql": line.promql if strand.is_open else UNTOLD,
        "url": source.page_url(line.promql, times.end, times.end - times.start)
        if strand.is_open
        else None,
        # What is no number is not known.
        "values": [None if value != value else digits(value) for value in line.values.tolist()],
    }


class _Asking:
    """Asks for charts, several queries at a time, and gives up when nobody answers."""

    def __init__(self, source: Source, times: Times) -> None:
        self._source = source
        self._times = times
        self._lost: Unavailable | None = None
        self.warnings: list[str] = []

    def all(self, charts: Sequence[Chart]) -> list[list[Courses] | None]:
        """Return the answers to each chart; None for those that had none."""
        pool = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="history")
        asked: dict[str, Future[Courses | SourceError]] = {}
        try:
            for query in _in_order(charts):
                asked[query] = pool.submit(carried(self._ask), query)
            told = {query: future.result() for query, future in asked.items()}
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        faults = [answer for answer in told.values() if isinstance(answer, SourceError)]
        if faults and len(faults) == len(told):
            raise faults[0]
        said = [text for one in told.values() if isinstance(one, Courses) for text in one.warnings]
        self.warnings = list(dict.fromkeys([*(fault.detail for fault in faults), *said]))
        return [_answers(chart, told) for chart in charts]

    def _ask(self, query: str) -> Courses | SourceError:
        if self._lost is not None:
            return self._lost
        try:
            return self._source.ask_range(query, self._times)
        except Unavailable as error:
            self._lost = error
            return error
        except SourceError as error:
            return error


def _in_order(charts: Sequence[Chart]) -> list[str]:
    """Return every query once: first those that every chart needs, the cheaper the earlier."""
    ranked = sorted(charts, key=lambda chart: chart.weight)
    needed = [query for chart in ranked for query in chart.queries]
    return list(dict.fromkeys([*needed, *(query for chart in charts for query in chart.more)]))


def _answers(chart: Chart, told: Mapping[str, Courses | SourceError]) -> list[Courses] | None:
    """Return the answers that a chart is read from; None where one that it needs is missing."""
    needed = [told[query] for query in chart.queries]
    found = [answer for answer in needed if isinstance(answer, Courses)]
    if len(found) < len(needed):
        return None
    more = [told[query] for query in chart.more]
    return [*found, *(one if isinstance(one, Courses) else Courses([]) for one in more)]
