"""What a source of samples is, and how it fails.

The tree of errors has one class per reaction of the caller:

    SourceError
    ├── Unavailable   nobody answered, or not in time: try again at the next tick
    ├── Rejected      it answered that it will not: an operator has to change something
    │   └── Denied    it wants other credentials
    └── Garbled       it answered something that is not Prometheus: a login page, a cut line

Their texts are shown to people, so they say what happened and what to do, and hold no secret.
"""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from graph.core.samples import Fault, Harvest, Lane, Sample
from graph.core.wire import SourceFacts
from graph.sources.costs import QueryCost
from graph.sources.naming import Naming
from graph.sources.ranges import Courses, Times
from graph.sources.shape import Shape


class SourceError(Exception):
    """A source could not answer."""

    reason: Literal["unreachable", "timeout", "rejected", "garbled"] = "unreachable"

    def __init__(self, detail: str, advice: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = advice

    def fault(self) -> Fault:
        """Return the error as the state of a feed."""
        return Fault(self.reason, self.detail, self.advice)


# What whoever polls does about it; a command that asks once does not.
_TRIES = "meshviz keeps trying."


class Unavailable(SourceError):
    """Nobody answered: connection refused, name not found, or a 5xx."""

    def fault(self) -> Fault:
        """Return the error as the state of a feed, which is asked again at the next tick."""
        # A recording's advice says it already.
        advice = self.advice.removesuffix(_TRIES).rstrip()
        return Fault(self.reason, self.detail, f"{advice} {_TRIES}".strip())


class TooSlow(Unavailable):
    """The answer did not come, or not completely, before the deadline."""

    reason = "timeout"


class Rejected(SourceError):
    """The server understood and refused: 4xx, or an error in the answer's body."""

    reason = "rejected"


class Denied(Rejected):
    """Credentials are missing, wrong or not enough: 401 or 403."""


class Garbled(SourceError):
    """The answer is not a Prometheus answer."""

    reason = "garbled"


class Source(Protocol):
    """Something that answers the questions of `graph.core.samples` for a window at a moment."""

    @property
    def queries_total(self) -> int:
        """How many queries were sent since the start."""

    @property
    def costs(self) -> Mapping[str, QueryCost]:
        """What they cost by question ("requests" ...), beside "survey", "history" and "other"."""

    @property
    def scrape_interval_s(self) -> float | None:
        """Seconds between two scrapes of the proxies, None while unknown."""

    def prepare(self, now: float) -> None:
        """Find out what has to be known before asking; cheap when it already is.

        Raises SourceError.
        """

    def time_at(self, now: float) -> float:
        """Return the source's own time at the local unix time ``now``."""

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        """Return the lane's answers, all evaluated at ``at`` (the source's unix seconds).

        ``brief``: every peer is known to have a workload, so that app and version need not come
        with every number. Blocks until every answer is here or the deadline has passed.
        Raises SourceError.
        """

    def facts(self) -> SourceFacts:
        """Return what is known of the source itself."""

    @property
    def naming(self) -> Naming:
        """How the source calls Istio's metrics and labels, and which series are meant at all."""

    @property
    def shape(self) -> Shape:
        """How the mesh's series have to be asked for, as far as it is known."""

    @property
    def jobs(self) -> tuple[str, ...]:
        """The scrape jobs that carry Istio's traffic counters."""

    @property
    def leading_jobs(self) -> tuple[str, ...]:
        """Those of these jobs that scrape every ``scrape_interval_s``, as far as it is known."""

    @property
    def traffic(self) -> str:
        """The selector of the mesh's traffic counters, "" when nobody can be asked."""

    @property
    def scraped(self) -> str:
        """The braces that select `up` of the jobs above, "" while there are none."""

    def ask(self, promql: str, at: float | None = None) -> list[Sample]:
        """Return what any instant query answers, as it is written. Raises SourceError."""

    def ask_range(self, promql: str, times: Times) -> Courses:
        """Return what a query answers at each of these moments. Raises SourceError."""

    def get(self, path: str) -> Any:
        """Return the data of another path of the API, such as "/api/v1/targets".

        Raises SourceError.
        """

    def page_url(self, promql: str, at: float, range_s: float | None = None) -> str | None:
        """Return an address where a person can run the query, None when there is none.

        With a range, it shows the graph of the time that ends at ``at``.
        """

    def close(self) -> None:
        """Let go of connections and threads."""
