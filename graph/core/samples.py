"""What a source hands over: labelled numbers, by the name of the question that was asked.

A question ("requests", "tcp_sent" ...) is one PromQL query of `graph/sources/promql.py`. The core
never sees PromQL or HTTP; a recording or a test may hand over the same harvest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Lane = Literal["fast", "slow"]

# Asked on every tick: small answers that carry the topology, rates, errors and mean latency.
FAST_QUESTIONS = (
    "requests",
    "tcp_sent",
    "tcp_received",
    "tcp_opened",
    "tcp_closed",
    "duration_sum",
    "duration_count",
    "request_messages",
    "response_messages",
)
# Asked as often as their own cost allows: buckets are twenty times as many series.
SLOW_QUESTIONS = (
    "duration_buckets",
    "request_bytes",
    "response_bytes",
)


class Labels(dict[str, str]):
    """Labels that a source hands over again whenever the same come; nobody changes them.

    ``reading`` is what was made of them last, for whoever needs it next.
    """

    __slots__ = ("reading",)

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__(labels)
        self.reading: tuple[Any, ...] | None = None


class Bucket(Mapping[str, str]):
    """The labels of a histogram's bucket: those of its series, and its upper bound ``le``.

    All buckets of a histogram share their series' labels, which saves reading them twenty times.
    """

    __slots__ = ("le", "series")

    def __init__(self, series: Labels, le: str) -> None:
        self.series = series
        self.le = le

    def __getitem__(self, name: str) -> str:
        return self.le if name == "le" else self.series[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.series
        yield "le"

    def __len__(self) -> int:
        return len(self.series) + 1


class Sample(NamedTuple):
    """One series of an instant vector: its labels and its value (a rate per second)."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Harvest:
    """Everything one lane answered at one evaluation time.

    ``at`` is unix seconds by the source's clock. ``istio_series`` is the number of Istio series
    that exist at all; it is only asked when the answers were empty, else None. ``covered_s`` is how
    much of the window the source has data for: rates over a window that is not full are too low.
    """

    at: float
    answers: Mapping[str, Sequence[Sample]]
    query_ms: float
    queries: int
    warnings: tuple[str, ...] = ()
    istio_series: int | None = None
    # Seconds back to the first scrape inside the window; None when the source cannot tell.
    covered_s: float | None = None
    # Waypoints told by their scrape labels: (namespace, workload).
    waypoints: frozenset[tuple[str, str]] = frozenset()
    # Istio series that a selector leaves out, where it leaves none in; else nobody asks.
    left_out: int | None = None
    # How far back its rates look, where that is less than was asked for; None: as was asked.
    span_s: int | None = None
    # When there can be anything newer, by the source's clock; None: at every moment. Rules that
    # record sums do so at moments of their own, to which ``at`` then belongs too.
    next_at: float | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a source could not answer, in words that are fit to be shown."""

    reason: Literal["unreachable", "timeout", "rejected", "garbled", "window_too_short"]
    detail: str
    advice: str
    warnings: tuple[str, ...] = field(default=())
