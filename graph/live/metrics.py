"""`/metrics` of a server: how this process is doing, for the Prometheus of whoever runs it.

Labels name windows, questions and reasons, which are all from short lists of our own; never a
namespace or anything else that a mesh is made of, so that whoever may scrape this learns nothing
about somebody's services.
"""

import asyncio
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from graph.core.wire import SourceStatus
from graph.live.desk import Desk
from graph.live.families import (
    CONTENT_TYPE,
    by_window,
    count,
    counts,
    gauge,
    of_drawings,
    of_process,
    of_questions,
    of_ticks,
    summary,
    written,
)

__all__ = ["CONTENT_TYPE", "exposition"]
# Too many connections, too slow, too large, no HTTP or websocket, too many requests at a time, too
# many questions to Prometheus.
TURNED_AWAY = ("crowd", "slow", "large", "malformed", "busy", "too_costly")

NOTHING: Mapping[tuple[str, str], int] = MappingProxyType({})
NOBODY: Mapping[str, int] = MappingProxyType({})


def exposition(
    desk: Desk,
    requests: Mapping[tuple[str, str], int] = NOTHING,
    refused_sign_ins: Mapping[str, int] = NOBODY,
) -> bytes:
    """Return all figures in Prometheus' text format. For the server's loop; takes a few ms."""
    return written(_Figures(desk, requests, refused_sign_ins))


class _Figures(Collector):
    """Reads the desk's counters at the moment somebody asks."""

    def __init__(
        self,
        desk: Desk,
        requests: Mapping[tuple[str, str], int],
        refused_sign_ins: Mapping[str, int],
    ) -> None:
        self._desk = desk
        self._requests = requests
        self._refused_sign_ins = refused_sign_ins

    def collect(self) -> Iterator[Metric]:
        yield from self._process()
        yield from self._feeds()
        yield from of_questions(self._desk.costs)
        yield from self._viewers()
        yield from self._frames()
        yield self._asked()
        yield counts(
            "meshviz_sign_ins_refused",
            "Tries to sign in that were refused.",
            "reason",
            {"wrong": 0} | dict(self._refused_sign_ins),
        )

    def _process(self) -> Iterator[Metric]:
        yield from of_process(self._desk.rules.version, self._desk.mode)
        yield gauge("meshviz_tasks", "Tasks in the server's loop.", len(asyncio.all_tasks()))
        yield summary(
            "meshviz_loop_lag_seconds",
            "How late the server's loop wakes who sleeps in it.",
            None,
            {"": self._desk.lag.spent},
        )
        yield gauge(
            "meshviz_loop_lag_most_seconds", "The most of the last minute.", self._desk.lag.most_s
        )

    def _feeds(self) -> Iterator[Metric]:
        names = {seconds: name for name, seconds in self._desk.rules.windows.seconds.items()}
        yield from of_ticks(self._desk.counters, names)
        states = {names[w]: status for w, status in self._desk.feed_states().items()}
        yield by_window(
            "meshviz_feed_up",
            "Whether the newest question was answered.",
            {window: float(one["state"] in ("ok", "empty")) for window, one in states.items()},
        )
        yield from _ages(states)

    def _viewers(self) -> Iterator[Metric]:
        hub, counters = self._desk.hub, self._desk.counters
        windows = self._desk.rules.windows.seconds
        counted = {name: hub.counts(window) for name, window in windows.items()}
        yield by_window(
            "meshviz_views", "Pictures that are kept.", {w: n for w, (n, _) in counted.items()}
        )
        yield by_window(
            "meshviz_viewers", "Who watches them.", {w: n for w, (_, n) in counted.items()}
        )
        yield gauge("meshviz_connections", "Websockets let in.", len(hub.viewers))
        yield count("meshviz_connections_accepted", "Websockets accepted.", counters.accepted)
        yield counts(
            "meshviz_refused",
            "Websockets and views refused because there were too many.",
            "cap",
            {"viewers": 0, "views": 0} | dict(counters.refused),
        )
        yield counts(
            "meshviz_turned_away",
            "Connections and requests that were not served.",
            "reason",
            dict.fromkeys(TURNED_AWAY, 0) | dict(counters.turned_away),
        )
        yield count(
            "meshviz_connections_stalled", "Cut off because nothing was read.", counters.stalled
        )

    def _frames(self) -> Iterator[Metric]:
        counters = self._desk.counters
        yield of_drawings(counters)
        yield counts(
            "meshviz_frames_made", "Frames, each for all of a view.", "kind", counters.frames_made
        )
        yield count("meshviz_frames_sent", "Frames handed over.", counters.frames_sent)
        yield count("meshviz_frames_sent_bytes", "And their size.", counters.bytes_sent)
        yield count(
            "meshviz_frames_skipped",
            "Steps that a viewer did without, being busy with an earlier one.",
            counters.frames_skipped,
        )

    def _asked(self) -> Metric:
        family = CounterMetricFamily(
            "meshviz_requests",
            "Requests answered, by the template of their address.",
            labels=["route", "status"],
        )
        for (route, status), many in sorted(self._requests.items()):
            family.add_metric([route, status], many)
        return family


def _ages(states: Mapping[str, SourceStatus]) -> Iterator[Metric]:
    """Yield how old and how frequent the numbers of each window are, as far as it is known."""
    for field, name, what in (
        ("age_s", "meshviz_feed_age_seconds", "Age of the numbers."),
        ("slow_age_s", "meshviz_feed_slow_age_seconds", "Age of quantiles and bytes."),
        ("cadence_s", "meshviz_feed_cadence_seconds", "From tick to tick."),
        ("slow_cadence_s", "meshviz_feed_slow_cadence_seconds", "The same of quantiles."),
    ):
        known = {window: status[field] for window, status in states.items()}  # type: ignore[literal-required]
        yield by_window(name, what, {w: s for w, s in known.items() if s is not None})
