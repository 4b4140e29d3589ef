"""Families of figures as `/metrics` writes them, from plain numbers."""

import gc
import threading
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from graph.live.counters import Counters, Spent
from graph.sources import QueryCost

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def written(figures: Collector) -> bytes:
    """Return these figures and those of the process in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(figures)
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def of_process(version: str, mode: str) -> Iterator[Metric]:
    """Yield what every kind of process tells."""
    build = GaugeMetricFamily("meshviz_build_info", "Always 1.", labels=["version", "mode"])
    build.add_metric([version, mode], 1)
    yield build
    yield gauge("meshviz_threads", "Threads of the process.", threading.active_count())
    collected = sum(generation["collected"] for generation in gc.get_stats())
    yield count("meshviz_gc_collected", "Objects that were freed as cycles.", collected)


def of_ticks(counters: Counters, names: Mapping[int, str]) -> Iterator[Metric]:
    """Yield how long ticks took, and what came of them; ``names`` are those of the windows."""
    ticks = {names[window]: spent for window, spent in sorted(counters.ticks.items())}
    yield summary("meshviz_tick_seconds", "From question to picture.", "window", ticks)
    failed = CounterMetricFamily(
        "meshviz_ticks_failed", "Ticks without new data.", labels=["window", "reason"]
    )
    for (window, reason), many in sorted(counters.failed_ticks.items()):
        failed.add_metric([names[window], reason], many)
    yield failed


def of_questions(costs: Mapping[str, QueryCost]) -> Iterator[Metric]:
    """Yield what Prometheus was asked, by question."""
    yield summary(
        "meshviz_query_seconds",
        "Questions to Prometheus, until the whole answer was read.",
        "question",
        {question: Spent(cost.count, cost.seconds) for question, cost in costs.items()},
    )
    yield counts(
        "meshviz_query_errors",
        "Questions that were not answered.",
        "question",
        {question: cost.errors for question, cost in costs.items()},
    )


def of_drawings(counters: Counters) -> Metric:
    """Return how long drawing took."""
    return summary(
        "meshviz_draw_seconds",
        "Pictures brought up to date and encoded.",
        None,
        {"": counters.drawings},
    )


def gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def count(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(name, what, value=value)


def by_window(name: str, what: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=["window"])
    for window, value in values.items():
        family.add_metric([window], value)
    return family


def counts(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, what, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


def summary(name: str, what: str, label: str | None, spent: Mapping[str, Spent]) -> Metric:
    family = SummaryMetricFamily(name, what, labels=[label] if label else None)
    for value, one in spent.items():
        family.add_metric([value] if label else [], one.count, one.seconds)
    return family
