"""Sources of samples: what is asked, and how a source fails."""

from graph.sources.base import Garbled, Rejected, Source, SourceError, TooSlow, Unavailable
from graph.sources.explain import explain
from graph.sources.prometheus import Prometheus

__all__ = [
    "Garbled",
    "Rejected",
    "Source",
    "SourceError",
    "TooSlow",
    "Unavailable",
    "explain",
    "open_source",
]


def open_source(
    url: str,
    *,
    timeout_s: float,
    scrape_interval_s: float | None = None,
    public_url: str | None = None,
) -> Source:
    """Return the source at a URL. Nothing is asked yet, so nothing can fail yet."""
    return Prometheus(
        url, timeout_s=timeout_s, scrape_interval_s=scrape_interval_s, public_url=public_url
    )
