"""A line of an explanation."""

from typing import Literal, NamedTuple

from graph.sources.sums import Sum

# In place of a query that would tell names which the viewer may not know.
UNTOLD = "# not told: it names what lies outside the namespaces that you may see"

Reporter = Literal["source", "destination", "waypoint"]


class Line(NamedTuple):
    """A query before it is given its link."""

    field: str
    meaning: str
    reporter: Reporter
    sum: Sum
    of_requests: bool = True
