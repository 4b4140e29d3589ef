"""`/metrics`: how this process is doing, for the Prometheus of whoever runs it.

Labels name windows, questions and reasons, which are all from short lists of our own; never a
namespace or anything else that a mesh is made of, so that whoever may scrape this learns nothing
about somebody's services.
"""

import asyncio
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

from graph.core.wire import SourceStatus
from graph.live.counters import Spent
from graph.live.desk import Desk

# Too many connections, too slow, too large, no HTTP or websocket, too many requests at a time, too
# many questions to Prometheus.
TURNED_AWAY = ("crowd", "slow", "large", "malformed", "busy", "too_costly")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(desk: Desk) -> bytes:
    """Return all figures in Prometheus' text format. For the server's loop; takes a few ms."""
    registry = CollectorRegistry()
    registry.register(_Figures(desk))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Figures(Collector):
    """Reads the desk's counters at the moment somebody asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[Metric]:
        yield from self._process()
        yield from self._feeds()
        yield from self._questions()
        yield from self._viewers()
        yield from self._frames()

    def _process(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("meshviz_build_info", "Always 1.", labels=["version", "mode"])
        build.add_metric([self._desk.rules.version, self._desk.mode], 1)
        yield build
        yield _gauge("meshviz_tasks", "Tasks in the server's loop.", len(asyncio.all_tasks()))
        yield _gauge("meshviz_threads", "Threads of the process.", threading.active_count())
        collected = sum(generation["collected"] for generation in gc.get_stats())
        yield _count("meshviz_gc_collected", "Objects that were freed as cycles.", collected)

    def _feeds(self) -> Iterator[Metric]:
        name, counters = self._desk.rules.windows.name, self._desk.counters
        ticks = {name(window): spent for window, spent in sorted(counters.ticks.items())}
        yield _summary("meshviz_tick_seconds", "From question to picture.", "window", ticks)
        failed = CounterMetricFamily(
            "meshviz_ticks_failed", "Ticks without new data.", labels=["window", "reason"]
        )
        for (window, reason), count in sorted(counters.failed_ticks.items()):
            failed.add_metric([name(window), reason], count)
        yield failed
        states = {name(w): status for w, status in self._desk.feed_states().items()}
        yield _by_window(
            "meshviz_feed_up",
            "Whether the newest question was answered.",
            {window: float(one["state"] in ("ok", "empty")) for window, one in states.items()},
        )
        yield from _ages(states)

    def _questions(self) -> Iterator[Metric]:
        costs = self._desk.costs
        yield _summary(
            "meshviz_query_seconds",
            "Questions to Prometheus, until the whole answer was read.",
            "question",
            {question: Spent(cost.count, cost.seconds) for question, cost in costs.items()},
        )
        yield _counts(
            "meshviz_query_errors",
            "Questions that were not answered.",
            "question",
            {question: cost.errors for question, cost in costs.items()},
        )

    def _viewers(self) -> Iterator[Metric]:
        hub, counters = self._desk.hub, self._desk.counters
        windows = self._desk.rules.windows.seconds
        counted = {name: hub.counts(window) for name, window in windows.items()}
        yield _by_window(
            "meshviz_views", "Pictures that are kept.", {w: n for w, (n, _) in counted.items()}
        )
        yield _by_window(
            "meshviz_viewers", "Who watches them.", {w: n for w, (_, n) in counted.items()}
        )
        yield _gauge("meshviz_connections", "Websockets let in.", len(hub.viewers))
        yield _count("meshviz_connections_accepted", "Websockets accepted.", counters.accepted)
        yield _counts(
            "meshviz_refused",
            "Websockets and views refused because there were too many.",
            "cap",
            {"viewers": 0, "views": 0} | dict(counters.refused),
        )
        yield _counts(
            "meshviz_turned_away",
            "Connections and requests that were not served.",
            "reason",
            dict.fromkeys(TURNED_AWAY, 0) | dict(counters.turned_away),
        )
        yield _count(
            "meshviz_connections_stalled", "Cut off because nothing was read.", counters.stalled
        )

    def _frames(self) -> Iterator[Metric]:
        counters = self._desk.counters
        yield _summary(
            "meshviz_draw_seconds",
            "Pictures brought up to date and encoded.",
            None,
            {"": counters.drawings},
        )
        yield _counts(
            "meshviz_frames_made", "Frames, each for all of a view.", "kind", counters.frames_made
        )
        yield _count("meshviz_frames_sent", "Frames handed over.", counters.frames_sent)
        yield _count("meshviz_frames_sent_bytes", "And their size.", counters.bytes_sent)
        yield _count(
            "meshviz_frames_skipped",
            "Steps that a viewer did without, being busy with an earlier one.",
            counters.frames_skipped,
        )


def _ages(states: Mapping[str, SourceStatus]) -> Iterator[Metric]:
    """Yield how old and how frequent the numbers of each window are, as far as it is known."""
    for field, name, what in (
        ("age_s", "meshviz_feed_age_seconds", "Age of the numbers."),
        ("slow_age_s", "meshviz_feed_slow_age_seconds", "Age of quantiles and bytes."),
        ("cadence_s", "meshviz_feed_cadence_seconds", "From tick to tick."),
        ("slow_cadence_s", "meshviz_feed_slow_cadence_seconds", "The same of quantiles."),
    ):
        known = {window: status[field] for window, status in states.items()}  # type: ignore[literal-required]
        yield _by_window(name, what, {w: s for w, s in known.items() if s is not None})


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _count(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(name, what, value=value)


def _by_window(name: str, what: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=["window"])
    for window, value in values.items():
        family.add_metric([window], value)
    return family


def _counts(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, what, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


def _summary(name: str, what: str, label: str | None, spent: Mapping[str, Spent]) -> Metric:
    family = SummaryMetricFamily(name, what, labels=[label] if label else None)
    for value, one in spent.items():
        family.add_metric([value] if label else [], one.count, one.seconds)
    return family
