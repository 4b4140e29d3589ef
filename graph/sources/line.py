"""A line of an explanation, and the series that a set of lines is about."""

from typing import Literal, NamedTuple

from graph.core.wire import Protocol
from graph.sources.naming import Matcher
from graph.sources.sums import Sum

Reporter = Literal["source", "destination", "waypoint"]


class Line(NamedTuple):
    """A query before it is given its link."""

    field: str
    meaning: str
    reporter: Reporter
    sum: Sum
    of_requests: bool = True


class Series(NamedTuple):
    """The series behind some numbers: those of the leading reporter, and failures that only the
    calling proxies saw."""

    reporter: Reporter
    where: list[Matcher]
    lost: list[Matcher] | None
    protocols: tuple[Protocol, ...]
    # Of these, the ones that a workload answered: response times are theirs. None: all of them.
    answered: list[Matcher] | None = None

    @property
    def timed(self) -> list[Matcher]:
        return self.where if self.answered is None else self.answered
