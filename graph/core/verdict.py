"""Why there is nothing to draw, or less than there could be, in words for an operator."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import ceil, floor

from graph.core.readings import FastFacts
from graph.core.samples import Fault, Harvest
from graph.core.wire import SourceReason, SourceStatus

# How sentences begin that name neither jobs nor anything else of a mesh, and the one that goes on
# with what Prometheus said.
NAMELESS = ("A window of ", "Prometheus was not scraping for a part of ", "Only the ")
STALE_SLOW = "Latency quantiles and bytes are not fresh"

# Below two scrapes a rate cannot be computed, and below four it flickers whenever one is late.
_SCRAPES_NEEDED = 2
_SCRAPES_WANTED = 4
# The share of a window without data at which rates are not right any more.
_UNSEEN = 0.05
# Of an interval that was measured rather than configured.
_ROUNDING = 0.01


def is_refused(window_s: float, scrape_interval_s: float) -> bool:
    """Tell whether a window holds too few scrapes to compute any rate in."""
    return window_s < _SCRAPES_NEEDED * scrape_interval_s


def is_tight(window_s: float, scrape_interval_s: float) -> bool:
    """Tell whether one late scrape is enough to make numbers of a window go."""
    return window_s < _SCRAPES_WANTED * scrape_interval_s


def window_fault(
    window_s: int, scrape_interval_s: float | None, jobs: Sequence[str] = ()
) -> Fault | None:
    """Return why the window is too short to compute rates in, or None when it is not.

    ``jobs`` are those that scrape at this interval, as far as they are known.
    """
    if scrape_interval_s is None or not is_refused(window_s, scrape_interval_s):
        return None
    who = f"{_named(jobs)} scraped" if jobs else "Prometheus scrapes the proxies"
    return Fault(
        "window_too_short",
        f"A window of {window_s} s holds fewer than two scrapes: {who} every "
        f"{scrape_interval_s:g} s.",
        f"{windows_that_work(scrape_interval_s)} Choose such a window, or scrape more often.",
    )


def windows_that_work(scrape_interval_s: float) -> str:
    """Return which windows suit an interval, as a sentence."""
    shortest_s = ceil(_SCRAPES_NEEDED * scrape_interval_s)
    return (
        f"The shortest window that works is {shortest_s} s, and from "
        f"{steady_window_s(scrape_interval_s)} s on no edge flickers."
    )


def steady_window_s(scrape_interval_s: float) -> int:
    """Return the shortest window in which one late scrape makes nothing flicker."""
    return ceil(_SCRAPES_WANTED * scrape_interval_s)


def slow_job_warnings(
    intervals_s: Mapping[str, float], scrape_interval_s: float | None, window_s: int | None
) -> list[str]:
    """Return a warning for each interval that is longer than most series have, naming its jobs.

    Without a window: what it means for windows in general.
    """
    slow: defaultdict[float, list[str]] = defaultdict(list)
    for job, interval_s in sorted(intervals_s.items()):
        is_slow = scrape_interval_s is not None and interval_s > scrape_interval_s
        if is_slow and (window_s is None or is_tight(window_s, interval_s)):
            slow[interval_s].append(job)
    return [_slow(slow[interval_s], interval_s, window_s) for interval_s in sorted(slow)]


def _slow(jobs: Sequence[str], interval_s: float, window_s: int | None) -> str:
    told = f"{_named(jobs)} scraped every {interval_s:g} s"
    whose = "its" if len(jobs) == 1 else "their"
    steady = span(steady_window_s(interval_s))
    if window_s is None:
        return f"{told}, slower than most: {whose} numbers need a window of {steady} or more."
    lost = "are missing or flicker" if is_refused(window_s, interval_s) else "may flicker"
    where = f"in a window of {span(window_s)}"
    return f"{told}: {whose} numbers {lost} {where}; choose {steady} or more."


def _named(jobs: Sequence[str]) -> str:
    return f"job {jobs[0]} is" if len(jobs) == 1 else f"jobs {_listed(jobs)} are"


def span(seconds: int) -> str:
    """Return a window as settings write it: 60 is "1m"."""
    for unit, length in (("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def gap_in_scrapes(
    window_s: int, covered_s: float | None, scrape_interval_s: float | None
) -> str | None:
    """Return in words that rates are too low, as Prometheus has no data for a part of the window.

    None while they are right within a few percent. `rate` bridges no more than half an interval
    where samples are missing at an end of the window, so in a short one a single scrape counts.
    """
    if covered_s is None:
        return None
    interval_s = scrape_interval_s or 0.0
    missing_s = _full_s(window_s, interval_s) - covered_s
    if missing_s <= interval_s / 2 or missing_s + interval_s / 2 <= _UNSEEN * window_s:
        return None
    return (
        f"Prometheus has data for only {covered_s:.0f} s of the last {window_s} s: until it has "
        "scraped for the whole window, rates are too low."
    )


def less_late(covered_s: float, window_s: int, late_s: float, scrape_interval_s: float) -> float:
    """Return the seconds of data in a window at whose ends ``late_s`` are lost to rates.

    Unlike a scrape that is not there, these are certain to be missing from every rate: once they
    are more than rates may be off by, they count as one scrape at the least.
    """
    if late_s <= _UNSEEN * window_s:
        return covered_s
    full_s = _full_s(window_s, scrape_interval_s)
    return min(covered_s, full_s - max(late_s, scrape_interval_s))


def _full_s(window_s: int, scrape_interval_s: float) -> float:
    """Return what the scrapes account for in a window without a gap, wherever it begins."""
    if not scrape_interval_s:
        return window_s
    return floor(window_s / scrape_interval_s + _ROUNDING) * scrape_interval_s


def span_warnings(window_s: int, span_s: int | None) -> list[str]:
    """Return what the numbers are about while a gap leaves only a part of the window."""
    if span_s is None:
        return []
    return [
        f"Prometheus was not scraping for a part of the last {window_s} s: numbers are about the "
        f"last {span_s} s until it has scraped for the whole window."
    ]


def window_warnings(window_s: int, scrape_interval_s: float | None) -> list[str]:
    """Return what to expect of a window that is only just long enough."""
    if scrape_interval_s is None or not is_tight(window_s, scrape_interval_s):
        return []
    return [
        f"A window of {window_s} s holds fewer than four scrapes ({scrape_interval_s:g} s apart): "
        "edges may flicker when a scrape is late."
    ]


def verdict(
    facts: FastFacts, harvest: Harvest, window_s: int
) -> tuple[SourceReason | None, str, str]:
    """Return why there is nothing to draw (None when there is), in words, with advice."""
    if _has_traffic(facts):
        return None, f"{facts.series} series answered.", ""
    if facts.series or harvest.istio_series:
        count = harvest.istio_series or facts.series
        return (
            "no_traffic",
            f"Prometheus has {count} Istio series, but no request or byte was counted in the last "
            f"{window_s} s.",
            "Send some traffic through the mesh, or choose a longer window.",
        )
    if harvest.left_out:
        return (
            "no_istio_metrics",
            "Prometheus answers, but none of its Istio series fits MESHVIZ_SELECTOR; without it "
            f"there are {harvest.left_out}.",
            "Correct MESHVIZ_SELECTOR: are these the labels and values that the series have?",
        )
    return (
        "no_istio_metrics",
        "Prometheus answers, but it has no istio_requests_total and no istio_tcp_* series.",
        "Check that Prometheus scrapes the sidecars, gateways and ztunnels: their pods should "
        "appear under Status > Targets, at port 15020 or 15090.",
    )


def _has_traffic(facts: FastFacts) -> bool:
    return any(account.is_alive for account in facts.accounts.values())


def nothing_in_scope(
    status: SourceStatus, namespaces: Sequence[str], window_s: int
) -> SourceStatus:
    """Return the status of a view whose namespaces have no traffic while others may have some.

    No namespaces: those that the viewer may see.
    """
    if not namespaces:
        return {
            **status,
            "state": "empty",
            "reason": "namespace_filter",
            "detail": "No traffic to, from or inside the namespaces that you may see in the last "
            f"{window_s} s.",
            "advice": "Choose a longer window.",
        }
    return {
        **status,
        "state": "empty",
        "reason": "namespace_filter",
        "detail": f"No traffic to, from or inside {_listed(namespaces)} in the last "
        f"{window_s} s; other namespaces have some.",
        "advice": "Choose other namespaces, or a longer window.",
    }


def nothing_permitted(status: SourceStatus) -> SourceStatus:
    """Return the status of a view whose viewer may see no namespace at all."""
    return {
        **status,
        "state": "empty",
        "reason": "not_permitted",
        "detail": "You may see no namespace.",
        "advice": "Ask whoever runs meshviz to name your groups in MESHVIZ_ACCESS_FILE.",
    }


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
