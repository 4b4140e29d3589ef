"""`/metrics` of a worker and of beat: what servers of scaled mode cannot tell."""

from collections.abc import Iterator

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from graph.live.families import (
    by_window,
    count,
    gauge,
    of_drawings,
    of_process,
    of_questions,
    of_ticks,
    written,
)
from graph.live.scaled.workshop import Workshop


def of_worker(workshop: Workshop) -> bytes:
    """Return a worker's figures in Prometheus' text format. For any thread."""
    return written(_Worker(workshop))


def of_beat(version: str, sent: int, sent_at: float) -> bytes:
    """Return beat's; ``sent_at`` is when it sent a message last, 0 before the first."""
    return written(_Beat(version, sent, sent_at))


class _Worker(Collector):
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def collect(self) -> Iterator[Metric]:
        workshop = self._workshop
        counters, rules = workshop.counters, workshop.rules
        names = {seconds: name for name, seconds in rules.windows.seconds.items()}
        kept = workshop.kept()
        yield from of_process(rules.version, "worker")
        yield from of_ticks(counters, names)
        yield from of_questions(workshop.costs)
        yield of_drawings(counters)
        yield by_window(
            "meshviz_kept",
            "Whether this worker keeps the window.",
            {name: float(seconds in kept) for seconds, name in names.items()},
        )
        yield count("meshviz_tasks_taken", "Messages of beat taken up.", workshop.taken)
        yield gauge(
            "meshviz_task_taken_timestamp_seconds",
            "When the last was, in unix time; the start before the first.",
            workshop.taken_at,
        )


class _Beat(Collector):
    def __init__(self, version: str, sent: int, sent_at: float) -> None:
        self._version, self._sent, self._sent_at = version, sent, sent_at

    def collect(self) -> Iterator[Metric]:
        yield from of_process(self._version, "beat")
        yield count("meshviz_beat_sent", "Messages sent to workers.", self._sent)
        yield gauge(
            "meshviz_beat_sent_timestamp_seconds",
            "When the last was, in unix time; 0 before the first.",
            self._sent_at,
        )
