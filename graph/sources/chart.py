"""A chart: queries over a range of time, and the lines that their answers make."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from graph.core.wire import ReporterSide, SeriesField
from graph.sources.ranges import Courses, Values
from graph.sources.selecting import Part

Topic = Literal["rps", "errors", "latency", "bytes", "tcp"]
TOPICS: tuple[Topic, ...] = get_args(Topic)


class Line(NamedTuple):
    """One line of a chart."""

    field: SeriesField
    label: str
    reporter: ReporterSide
    promql: str
    values: Values


@dataclass(frozen=True, slots=True)
class Chart:
    """Queries, and the lines that their answers give together.

    What costs Prometheus more (``weight``) is asked for later. Without the answers to the ``more``
    there are lines too, which say a little less.
    """

    queries: Sequence[str]
    read: Callable[[Sequence[Courses]], Iterator[Line]]
    weight: int = 0
    more: Sequence[str] = ()


def side_of(parts: Iterable[Part]) -> ReporterSide:
    """Return whose numbers these series are."""
    return side_among({"client" if part.reporter == "source" else "server" for part in parts})


def side_among(sides: set[Literal["client", "server"]]) -> ReporterSide:
    """Return the one side of some, "mixed" for both."""
    return "mixed" if len(sides) > 1 else next(iter(sides), "server")
