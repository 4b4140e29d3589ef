"""The chart of response times: means, and quantiles of buckets that are asked for once."""

from collections.abc import Iterator, Sequence

import numpy as np

from graph.core import latency
from graph.core.eras import MS_PER_S
from graph.core.latency import Counts, Histograms, parse_bound
from graph.sources.chart import Chart, Line, side_of
from graph.sources.flows import QUANTILES as NAMED
from graph.sources.flows import Flow, together
from graph.sources.ranges import Courses
from graph.sources.sums import Sums

# There are twenty times as many buckets as there are of anything else.
_MEANS, _BUCKETS = 1, 2
# Among those that are computed anyway, the lines that tell something apart.
_DRAWN = ("p50", "p95", "p99")


def latency_charts(sums: Sums, flows: Sequence[Flow]) -> Iterator[Chart]:
    """Yield the charts of means and of quantiles, if any of these flows has times."""
    parts = [part for flow in flows for part in flow.timed]
    if not parts:
        return
    _, where, old, _ = together(parts)
    side = side_of(parts)
    mean = sums.mean_ms(where, old).promql
    mixers = sums.mixer_buckets(where, old)

    def means(told: Sequence[Courses]) -> Iterator[Line]:
        for row in told[0].rows:
            yield Line("latency_ms", "avg", side, mean, row.values)

    def quantiles(told: Sequence[Courses]) -> Iterator[Line]:
        found = _quantiles(told)
        for place, (name, quantile) in enumerate(NAMED):
            if name in _DRAWN and found is not None:
                promql = sums.quantile_ms(quantile, where).promql
                yield Line("latency_ms", name, side, promql, found[:, place])

    buckets = [sums.buckets(where).promql, *(each.promql for each in mixers)]
    yield Chart([mean], means, _MEANS)
    yield Chart(buckets, quantiles, _BUCKETS)


def _quantiles(told: Sequence[Courses]) -> Counts | None:
    """Return the quantiles at each moment. Whose bounds differ is merged after, not before.

    The first answer is in milliseconds, the others, of older proxies, in seconds.
    """
    every = [
        (answer, 1.0 if place == 0 else MS_PER_S)
        for place, answer in enumerate(told)
        if answer.rows
    ]
    if not every:
        return None
    count = len(every[0][0].rows[0].values)
    histograms = _histograms(every, count)
    groups = [[place * count + moment for place in range(len(every))] for moment in range(count)]
    return latency.quantiles(
        histograms.bounds_ms,
        latency.merge(histograms, groups),
        latency.merged_bounds(histograms, groups),
    )


def _histograms(told: Sequence[tuple[Courses, float]], count: int) -> Histograms:
    """Return one histogram for each answer and moment."""
    series: list[int] = []
    bounds: list[float] = []
    rates: list[float] = []
    for place, (answer, factor) in enumerate(told):
        for row in answer.rows:
            bound = parse_bound(row.labels.get("le", ""))
            if bound is None:
                continue
            known = np.flatnonzero(~np.isnan(row.values))
            series += (known + place * count).tolist()
            bounds += [bound * factor] * len(known)
            rates += row.values[known].tolist()
    return latency.build(series, bounds, rates, len(told) * count)
