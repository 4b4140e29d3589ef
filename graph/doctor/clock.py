"""Whose time it is: Prometheus' clock against ours, and the age of what the proxies told."""

from graph.doctor.finding import Finding, amber, green, red, seconds, share, together

# meshviz asks by Prometheus' clock, so only the times that people read are off.
_OFFSET_S = 5.0
# A scrape may be late or fail once; older than this, something is wrong.
_LATE_SCRAPES = 2.5
_FRESH_S = 60.0
_MANY = 0.05


def newest(traffic: str) -> str:
    """Return the query for the age of the newest sample of the mesh."""
    return f"time() - max(timestamp({traffic}))"


def stale(traffic: str, age_s: float) -> str:
    """Return the query for how many series are older than ``age_s``, though not gone."""
    return f"count(time() - timestamp({traffic}) > {age_s:g})"


def late_s(interval_s: float | None) -> float:
    """Return the age from which a sample is too old."""
    return _LATE_SCRAPES * interval_s if interval_s else _FRESH_S


def judge_clock(offset_s: float | None) -> Finding:
    """Judge Prometheus' clock against this machine's."""
    if offset_s is None:
        return green("")
    if abs(offset_s) <= _OFFSET_S:
        return green(f"Prometheus' clock and ours are {seconds(abs(offset_s))} apart.")
    which = "ahead of" if offset_s > 0 else "behind"
    return amber(
        f"Prometheus' clock is {seconds(abs(offset_s))} {which} ours.",
        "Numbers stay right, since meshviz asks by Prometheus' clock; times look odd. Run NTP.",
    )


def judge_freshness(
    newest_s: float | None, stale_series: float, series: float, interval_s: float | None
) -> Finding:
    """Judge how old the samples are at the moment that they are asked for."""
    if newest_s is None:
        return green("")
    limit_s = late_s(interval_s)
    if newest_s > limit_s:
        return red(
            f"The newest sample of the mesh is {seconds(newest_s)} old.",
            "Does Prometheus still scrape, or do samples carry times of their own (federation, "
            "remote write, a clock that is behind)? Rates are empty until this is repaired.",
        )
    if stale_series > _MANY * series:
        return amber(
            f"{share(stale_series, series)} series were last told over {seconds(limit_s)} ago.",
            "Their targets may be down, or their samples carry times of a clock that is behind.",
        )
    return green(f"The newest sample is {seconds(max(0.0, newest_s))} old.")


def judge_times(
    offset_s: float | None,
    newest_s: float | None,
    stale_series: float,
    series: float,
    interval_s: float | None,
) -> Finding:
    """Judge clocks and ages together."""
    freshness = judge_freshness(newest_s, stale_series, series, interval_s)
    return together([judge_clock(offset_s), freshness])
