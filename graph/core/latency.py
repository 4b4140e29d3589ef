"""Response times from histogram buckets: merged first, divided after.

Buckets are cumulative rates per upper bound, as Prometheus has them. Bounds are numbers here, never
text: one server writes "1", another "1.0", a third "1e+00". Series may have different bounds
(Istio lets a workload choose its own); where a series lacks a bound, it gets the count of its next
lower one, which is the least it can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.core.wire import Latency

Counts = NDArray[np.float64]

QUANTILES = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Histograms:
    """Cumulative bucket rates, one row per series, over one ascending list of bounds (ms)."""

    bounds_ms: Counts
    rows: Counts


def no_latency() -> Latency:
    """Return a latency of which nothing is known."""
    return {"avg": None, "p50": None, "p90": None, "p95": None, "p99": None}


def parse_bound(text: str) -> float | None:
    """Return the bucket's upper bound, or None when it is not one."""
    try:
        bound = float(text)
    except ValueError:
        return None
    return None if np.isnan(bound) else bound


def build(
    series: Sequence[int], bounds_ms: Sequence[float], rates: Sequence[float], count: int
) -> Histograms:
    """Return ``count`` histograms from parallel lists of (series index, bound, rate).

    Several rates for one series and bound are added. Buckets that were left out because they are
    zero, and bounds that a series does not have, are filled from the bound below.
    """
    unique, columns = np.unique(np.asarray(bounds_ms, dtype=np.float64), return_inverse=True)
    rows = np.zeros((count, len(unique)))
    np.add.at(rows, (np.asarray(series, dtype=np.intp), columns), np.asarray(rates))
    return Histograms(unique, np.maximum.accumulate(rows, axis=1))


def merge(histograms: Histograms, groups: Sequence[Sequence[int]]) -> Counts:
    """Return one row per group: the sum of the histograms that it lists."""
    merged = np.zeros((len(groups), len(histograms.bounds_ms)))
    owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    members = np.asarray([member for group in groups for member in group], dtype=np.intp)
    np.add.at(merged, owners, histograms.rows[members])
    return merged


def quantiles(bounds_ms: Counts, rows: Counts) -> Counts:
    """Return the `QUANTILES` of each row in milliseconds, NaN where a row is empty.

    Linear inside the bucket, as `histogram_quantile` does: the first bucket starts at 0, and what
    falls past the last finite bound is reported as that bound.
    """
    result = np.full((len(rows), len(QUANTILES)), np.nan)
    if rows.size == 0 or len(bounds_ms) < 2:
        return result
    totals = rows[:, -1]
    filled = totals > 0
    lower_bounds = np.concatenate(([min(0.0, bounds_ms[0])], bounds_ms[:-1]))
    last_finite = bounds_ms[-2] if np.isinf(bounds_ms[-1]) else bounds_ms[-1]
    for column, q in enumerate(QUANTILES):
        result[filled, column] = _quantile(
            q, rows[filled], totals[filled], lower_bounds, bounds_ms, last_finite
        )
    return result


def _quantile(
    q: float,
    rows: Counts,
    totals: Counts,
    lower_bounds: Counts,
    bounds_ms: Counts,
    last_finite: float,
) -> Counts:
    rank = q * totals
    bucket = np.argmax(rows >= rank[:, None], axis=1)
    each = np.arange(len(rows))
    upper = bounds_ms[bucket]
    below = np.where(bucket > 0, rows[each, bucket - 1], 0.0)
    inside = rows[each, bucket] - below
    share = np.divide(rank - below, inside, out=np.ones_like(rank), where=inside > 0)
    lower = lower_bounds[bucket]
    finite = np.where(np.isinf(upper), last_finite, upper)
    value = lower + (finite - lower) * share
    return np.where(np.isinf(upper), last_finite, value)
