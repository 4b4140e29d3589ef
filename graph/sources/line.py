"""A line of an explanation."""

from typing import Literal, NamedTuple

from graph.sources.sums import Sum

Reporter = Literal["source", "destination", "waypoint"]


class Line(NamedTuple):
    """A query before it is given its link."""

    field: str
    meaning: str
    reporter: Reporter
    sum: Sum
    of_requests: bool = True
