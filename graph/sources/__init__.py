"""Sources of samples: what is asked, and how a source fails."""

from collections.abc import Mapping
from pathlib import Path

from graph.sources.access import OPEN, Access
from graph.sources.base import (
    Denied,
    Garbled,
    Rejected,
    Source,
    SourceError,
    TooSlow,
    Unavailable,
)
from graph.sources.costs import QueryCost
from graph.sources.distribution import distribution
from graph.sources.explain import explain
from graph.sources.history import Wanted, history
from graph.sources.naming import Matcher, Metric, Naming
from graph.sources.naming_text import parse_selector
from graph.sources.prometheus import Prometheus
from graph.sources.recording import open_recording

__all__ = [
    "RECORDING",
    "Access",
    "Denied",
    "Garbled",
    "QueryCost",
    "Rejected",
    "Source",
    "SourceError",
    "TooSlow",
    "Unavailable",
    "Wanted",
    "distribution",
    "explain",
    "history",
    "open_source",
]

# An address that begins so is a file to play back.
RECORDING = "recording:"


def open_source(
    url: str,
    *,
    timeout_s: float,
    scrape_interval_s: float | None = None,
    public_url: str | None = None,
    access: Access = OPEN,
    selector: str = "",
    matchers: tuple[Matcher, ...] = (),
    metrics: Mapping[str, Metric] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Source:
    """Return the source at a URL, or the recording in a file ("recording:PATH").

    ``selector`` is ``matchers`` as text. Nothing is asked of a Prometheus yet, so nothing can fail
    yet. Raises ValueError for a selector that is none, and BadRecording for a file that cannot be
    played.
    """
    if url.startswith(RECORDING):
        return open_recording(Path(url.removeprefix(RECORDING)))
    chosen = (*matchers, *(parse_selector(selector) if selector else ()))
    return Prometheus(
        url,
        timeout_s=timeout_s,
        scrape_interval_s=scrape_interval_s,
        public_url=public_url,
        access=access,
        naming=Naming(metrics or {}, labels or {}, chosen),
    )
