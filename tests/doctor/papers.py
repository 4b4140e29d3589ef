"""What a doctor reads before looking at a patient: facts, habits, harvests."""

from collections.abc import Sequence
from typing import Any

from graph.core.samples import Harvest, Sample
from graph.core.wire import SourceFacts
from graph.doctor import Habits

HABITS = Habits(window_s=60, windows_s=(60, 300), interval_s=5.0, budget=0.25)


def facts(**more: Any) -> SourceFacts:
    """Return what is known of an ordinary Prometheus; ``more`` overrides."""
    ordinary: SourceFacts = {
        "kind": "prometheus",
        "flavor": "Prometheus",
        "url": "http://prometheus:9090",
        "version": "2.42.0",
        "scrape_interval_s": 15.0,
        "clock_offset_s": 0.0,
        "eras": [{"era": "native", "series": 1200}],
        "istio_versions": [{"component": "proxy", "version": "1.24.2", "count": 40}],
        "scraped_times": 1.0,
        "warnings": [],
    }
    return {**ordinary, **more}  # type: ignore[typeddict-item]  # tests name real fields


def harvest(
    query_ms: float = 50.0, series: int | None = None, **answers: Sequence[Sample]
) -> Harvest:
    """Return what one lane answered."""
    return Harvest(1.7e9, answers, query_ms=query_ms, queries=9, istio_series=series)
