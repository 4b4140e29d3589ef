"""Sums as the figures that are shown: three digits, ratios, quantiles, states."""

from collections.abc import Mapping, Sequence
from math import isfinite, isnan

from graph.core import latency, outcomes
from graph.core.readings import SlowFacts
from graph.core.tally import Tally, Times
from graph.core.wire import Latency, Mtls, Protocol, Response

_LISTED = 10  # identities and hosts; a namespace edge can have hundreds


def digits(value: float | None) -> float | None:
    """Return the value with three significant digits, None for what is not a number."""
    if not value:  # most ratios are 0, most counters of an edge unknown
        return None if value is None else 0.0
    short = float(f"{value:.3g}")
    return short if isfinite(short) else None


def latencies(slow: SlowFacts | None, every: Sequence[Times]) -> list[Latency]:
    """Return the latency of each; quantiles are computed for all of them at once."""
    if slow is None or not slow.rows:
        return [{**latency.no_latency(), "avg": digits(times.average_ms)} for times in every]
    groups = [times.histograms for times in every]
    merged, has = (
        latency.merge(slow.histograms, groups),
        latency.merged_bounds(slow.histograms, groups),
    )
    rows = latency.quantiles(slow.histograms.bounds_ms, merged, has).tolist()
    return [_latency(times, row) for times, row in zip(every, rows, strict=True)]


def _latency(times: Times, quantiles: Sequence[float]) -> Latency:
    avg = digits(times.average_ms)
    if isnan(quantiles[0]):  # an empty row has none of them
        return {**latency.no_latency(), "avg": avg}
    p50, p90, p95, p99 = map(digits, quantiles)
    return {"avg": avg, "p50": p50, "p90": p90, "p95": p95, "p99": p99}


def shown_responses(tally: Tally, protocol: Protocol) -> list[Response]:
    """Return the outcomes of a tally; on TCP, how connections ended."""
    rows = outcomes.responses(tally.outcomes, protocol)
    return [{**row, "rps": digits(row["rps"]) or 0.0} for row in rows]


def failed_share(tally: Tally) -> float | None:
    """Return the share of a TCP tally's connections that failed, None without any.

    Of all that were tried: connections that live on have not failed.
    """
    failed = sum(r for o, r in tally.outcomes.items() if outcomes.is_error(o, "tcp"))
    closed = tally.connections_closed_per_s or 0.0
    # Those that only the callers' proxies saw fail are among the outcomes alone.
    unreached = max(0.0, outcomes.total(tally.outcomes) - closed)
    tried = max(tally.connections_per_s or 0.0, closed) + unreached
    return min(1.0, failed / tried) if tried > 0 else None


def mtls(security: Mapping[str, float]) -> Mtls:
    """Return the mTLS state; only what a server-side proxy said for certain counts."""
    secured = security.get("mutual_tls", 0.0)
    plain = security.get("none", 0.0)
    if secured + plain <= 0:
        return {"state": "unknown", "ratio": None}
    if plain <= 0:
        return {"state": "mtls", "ratio": 1.0}
    if secured <= 0:
        return {"state": "plaintext", "ratio": 0.0}
    return {"state": "mixed", "ratio": digits(secured / (secured + plain))}


def busiest(weights: Mapping[str, float]) -> list[str]:
    """Return the known names that carried traffic, alphabetically.

    The busiest ten are chosen, but not listed by weight: equals would swap places at every tick.
    """
    moving = sorted(name for name, weight in weights.items() if name and weight > 0)
    if len(moving) <= _LISTED:
        return moving
    return sorted(sorted(moving, key=lambda name: -weights[name])[:_LISTED])
