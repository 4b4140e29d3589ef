"""Where rates over a range of time would be too low, because Prometheus did not scrape then.

`rate` bridges half an interval at either end of its window. Where scrapes are missing in the
middle, the counters tell what happened meanwhile; where they are missing at an end, it is lost.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from graph.sources.base import Source, SourceError
from graph.sources.promql import coverage
from graph.sources.ranges import Courses, Times

# Of the window, at each end: what is unseen there may be half of it.
_END = 4


class Holes:
    """Asks when a source's proxies were scraped, for windows that end at some moments."""

    def __init__(self, source: Source, times: Times, window_s: int) -> None:
        self._interval_s = source.scrape_interval_s or 0.0
        self._end_s = max(self._interval_s, window_s / _END)
        jobs = source.leading_jobs or source.jobs
        matchers = source.naming.matchers if source.shape.selects_targets else ()
        # Targets take turns within an interval, as in `graph.sources.prometheus`.
        span_s = ceil(self._end_s + self._interval_s)
        self._query = coverage(jobs, span_s, matchers) if jobs and self._interval_s else None
        # What is being scraped at a moment would seem to be missing.
        late = replace(times, start=times.start - self._interval_s / 2)
        self._times = (late, replace(late, start=late.start - (window_s - self._end_s)))
        self._source = source

    def found(self) -> NDArray[np.bool_] | None:
        """Return at which moments there is one; None where nobody can tell."""
        if self._query is None:
            return None
        try:
            ends = [self._source.ask_range(self._query, times) for times in self._times]
        except SourceError:
            return None  # the other answers stand without it
        if not all(answer.rows for answer in ends):
            return None
        first, last = map(self._unseen, ends)
        return first | last

    def _unseen(self, answer: Courses) -> NDArray[np.bool_]:
        scrapes = _most([row.values for row in answer.rows])
        unseen: NDArray[np.bool_] = (scrapes - 1) * self._interval_s < self._end_s / 2
        return unseen


def _most(rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    most: NDArray[np.float64] = np.nan_to_num(np.stack(rows)).max(axis=0)
    return most
