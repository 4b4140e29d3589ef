"""Response times from histogram buckets: merged first, divided after.

Buckets are cumulative rates per upper bound, as Prometheus has them. Bounds are numbers here, never
text: one server writes "1", another "1.0", a third "1e+00". Series may have different bounds
(Istio lets a workload choose its own, and Mixer had others); where a series lacks a bound, it gets
the count of its next lower one, which is the least it can be. Bounds that nobody in a sum has do
not divide its buckets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.core.wire import Latency

Counts = NDArray[np.float64]
Flags = NDArray[np.bool_]

QUANTILES = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Histograms:
    """Cumulative bucket rates, one row per series, over one ascending list of bounds (ms)."""

    bounds_ms: Counts
    rows: Counts
    # Which bounds each series has.
    has: Flags


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
    places = (np.asarray(series, dtype=np.intp), columns)
    np.add.at(rows, places, np.asarray(rates))
    told = np.zeros(rows.shape, dtype=np.bool_)
    told[places] = True
    return Histograms(unique, np.maximum.accumulate(rows, axis=1), _bounds_of(told, unique))


def _bounds_of(told: Flags, bounds_ms: Counts) -> Flags:
    """Return which bounds each series has, also where its bucket was left out for being zero.

    Such buckets are the lowest. Series with the same highest bound are taken to have the same ones.
    """
    finite = told & np.isfinite(bounds_ms)
    places = np.where(finite, np.arange(1, len(bounds_ms) + 1), 0)
    highest = places.max(axis=1, initial=0)
    has = np.ones_like(told)  # of a series without any finite bound nothing is known
    for place in np.unique(highest[highest > 0]):
        alike = highest == place
        has[alike] = told[alike].any(axis=0)
    return has


def merge(histograms: Histograms, groups: Sequence[Sequence[int]]) -> Counts:
    """Return one row per group: the sum of the histograms that it lists."""
    merged = np.zeros((len(groups), len(histograms.bounds_ms)))
    owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    members = np.asarray([member for group in groups for member in group], dtype=np.intp)
    np.add.at(merged, owners, histograms.rows[members])
    return merged


def merged_bounds(histograms: Histograms, groups: Sequence[Sequence[int]]) -> Flags | None:
    """Return which bounds any histogram of each group has; None when every one has all of them."""
    if histograms.has.all():
        return None
    merged = np.zeros((len(groups), len(histograms.bounds_ms)), dtype=np.bool_)
    owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    members = np.asarray([member for group in groups for member in group], dtype=np.intp)
    np.logical_or.at(merged, owners, histograms.has[members])
    return merged


def quantiles(bounds_ms: Counts, rows: Counts, has: Flags | None = None) -> Counts:
    """Return the `QUANTILES` of each row in milliseconds, NaN where a row is empty.

    Linear inside the bucket, as `histogram_quantile` does: the first bucket starts at 0, and what
    falls past the last finite bound is reported as that bound. ``has`` tells which of the bounds
    each row has; None: all of them.
    """
    result = np.full((len(rows), len(QUANTILES)), np.nan)
    if rows.size == 0 or len(bounds_ms) < 2:
        return result
    filled = rows[:, -1] > 0
    chosen = rows[filled]
    lower, last_finite = _edges(
        bounds_ms, np.ones_like(chosen, np.bool_) if has is None else has[filled]
    )
    for column, q in enumerate(QUANTILES):
        result[filled, column] = _quantile(q, chosen, lower, bounds_ms, last_finite)
    return result


def _edges(bounds_ms: Counts, has: Flags) -> tuple[Counts, Counts]:
    """Return where each bucket of each row begins, and each row's last finite bound."""
    places = np.where(has, np.arange(len(bounds_ms)), -1)
    before = np.maximum.accumulate(places, axis=1)[:, :-1]
    start = min(0.0, float(bounds_ms[0]))
    lower = np.full(has.shape, start)
    lower[:, 1:] = np.where(before >= 0, bounds_ms[before], start)
    finite = np.where(np.isfinite(bounds_ms), places, -1)
    return lower, bounds_ms[finite.max(axis=1)]


def _quantile(
    q: float, rows: Counts, lower_bounds: Counts, bounds_ms: Counts, last_finite: Counts
) -> Counts:
    rank = q * rows[:, -1]
    bucket = np.argmax(rows >= rank[:, None], axis=1)
    each = np.arange(len(rows))
    upper = bounds_ms[bucket]
    below = np.where(bucket > 0, rows[each, bucket - 1], 0.0)
    inside = rows[each, bucket] - below
    share = np.divide(rank - below, inside, out=np.ones_like(rank), where=inside > 0)
    lower = lower_bounds[each, bucket]
    finite = np.where(np.isinf(upper), last_finite, upper)
    value = lower + (finite - lower) * share
    return np.where(np.isinf(upper), last_finite, value)
