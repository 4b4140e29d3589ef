"""Why there is nothing to draw, or less than there could be, in words for an operator."""

from collections.abc import Sequence
from math import ceil

from graph.core.readings import FastFacts
from graph.core.samples import Fault, Harvest
from graph.core.wire import SourceReason, SourceStatus

# Below two scrapes a rate cannot be computed, and below four it flickers whenever one is late.
_SCRAPES_NEEDED = 2
_SCRAPES_WANTED = 4


def window_fault(window_s: int, scrape_interval_s: float | None) -> Fault | None:
    """Return why the window is too short to compute rates in, or None when it is not."""
    if scrape_interval_s is None or window_s >= _SCRAPES_NEEDED * scrape_interval_s:
        return None
    shortest_s = ceil(_SCRAPES_NEEDED * scrape_interval_s)
    steady_s = ceil(_SCRAPES_WANTED * scrape_interval_s)
    return Fault(
        "window_too_short",
        f"A window of {window_s} s holds fewer than two scrapes: Prometheus scrapes the proxies "
        f"every {scrape_interval_s:g} s.",
        f"The shortest window that works is {shortest_s} s, and from {steady_s} s on no edge "
        "flickers. Choose such a window, or scrape more often.",
    )


def coverage_warnings(
    window_s: int, covered_s: float | None, scrape_interval_s: float | None
) -> list[str]:
    """Return a warning when Prometheus has data for only a part of the window."""
    # The first scrape inside a full window may be as young as one interval, or two if one failed.
    slack_s = 2.5 * (scrape_interval_s or 0.0)
    if covered_s is None or covered_s >= window_s - slack_s:
        return []
    return [
        f"Prometheus has data for only {covered_s:.0f} s of the last {window_s} s: rates are too "
        "low until it has scraped for the whole window."
    ]


def window_warnings(window_s: int, scrape_interval_s: float | None) -> list[str]:
    """Return what to expect of a window that is only just long enough."""
    if scrape_interval_s is None or window_s >= _SCRAPES_WANTED * scrape_interval_s:
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
    """Return the status of a view whose namespaces have no traffic while others do."""
    return {
        **status,
        "state": "empty",
        "reason": "namespace_filter",
        "detail": f"No traffic to, from or inside {_listed(namespaces)} in the last "
        f"{window_s} s; other namespaces have some.",
        "advice": "Choose other namespaces, or a longer window.",
    }


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
