"""The desk: everything one serving process knows and does, behind a few methods.

The ASGI application opens it at start-up and closes it at the end. Websocket consumers use its
hub; REST views, which run in threads, use the methods marked as such. Where pictures come from is
its *studio*: this process itself (`embedded`), or workers that tell through Redis (`scaled`).
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Literal, Protocol

from graph.core.discretion import facts_for, status_for
from graph.core.engine import FeedState, ViewSpec
from graph.core.origins import origins
from graph.core.permit import Permit
from graph.core.wire import (
    PROTOCOL_VERSION,
    Diagnosis,
    Distribution,
    FeedStatus,
    History,
    MeshvizStatus,
    Queries,
    Snapshot,
    SourceFacts,
    SourceStatus,
)
from graph.doctor import Checkup, Habits
from graph.live.charts import Charts, HistoryAsked
from graph.live.counters import Counters
from graph.live.embedded import Embedded
from graph.live.hub import Hub
from graph.live.lag import Lag
from graph.live.memo import Memo
from graph.live.pictures import Pictures
from graph.live.purse import Purse
from graph.live.rules import Rules
from graph.live.turns import Busy, Turns, Unanswered
from graph.poll import look
from graph.sources import QueryCost, Source, SourceError, explain
from graph.sources.strands import Target

__all__ = ["Busy", "Desk", "Rules", "Studio", "Unanswered"]

_MOMENTS_KEPT = 8  # looks at the past; one of a large mesh weighs tens of MB
_LOOKS_AT_ONCE = 2  # looks at the past cost Prometheus more than a tick


class Studio(Protocol):
    """Where live pictures come from."""

    hub: Hub
    mode: Literal["embedded", "scaled"]

    async def open(self) -> None:
        """Begin. Waits for nothing: whoever cannot be reached is a state, not an obstacle."""

    async def close(self) -> None: ...

    def picture(self, spec: ViewSpec) -> Snapshot:
        """Return the newest picture. For threads; may wait for a window's first answer."""

    def feed(self, window_s: int) -> FeedState:
        """Return the newest readings of a window. For threads; may wait likewise."""

    def waiting_for(self) -> str:
        """Return what has to come before there is anything to show; empty afterwards, for good."""

    def feed_states(self) -> dict[int, SourceStatus]:
        """Return the status of the feeds that are known here, aged now. For the loop."""

    def statuses(self) -> dict[int, SourceStatus]:
        """Return the status of every feed that is polled, aged now. For threads."""

    def queries_total(self) -> int:
        """Return how many queries Prometheus was asked for these pictures. For threads."""

    def facts(self) -> SourceFacts:
        """Return what is known of the source. For threads."""


InThread = Callable[..., Awaitable[Any]]
# Makes a studio from the desk's rules, epoch, way into threads, and counters.
Build = Callable[[Source, Rules, str, InThread, Counters], Studio]


def _habits(rules: Rules) -> Habits:
    return Habits(
        window_s=rules.default_window_s,
        windows_s=tuple(rules.windows.seconds.values()),
        interval_s=rules.pace.interval_s,
        budget=rules.pace.budget,
        mesh=rules.mesh,
    )


class Desk:
    """Hub and source of one process."""

    def __init__(self, source: Source, rules: Rules, studio: Build = Embedded) -> None:
        self.rules = rules
        self.epoch = secrets.token_hex(4)
        self.counters = Counters()
        self.lag = Lag()
        self._source = source
        # A feed holds a thread while Prometheus thinks; two more draw for everybody.
        self._threads = ThreadPoolExecutor(len(rules.windows.seconds) + 2, "desk")
        self._studio = studio(source, rules, self.epoch, self._in_thread, self.counters)
        self.hub = self._studio.hub
        self._pictures = Pictures(self.epoch, rules.limits)
        self._moments: Memo[tuple[int, float], FeedState] = Memo(_MOMENTS_KEPT)
        self._checkup = Checkup(source, _habits(rules))
        self._turns = Turns(_LOOKS_AT_ONCE, rules.look_queue_s)
        self.purse = Purse(
            rules.query_s_per_user,
            rules.query_s,
            refused=self.counters.refused_question,
        )
        self._charts = Charts(source, rules, self._readings)

    async def open(self) -> None:
        """Begin to serve. Waits for nothing: a dead Prometheus is a state, not an obstacle."""
        self.lag.start()
        await self._studio.open()

    async def close(self) -> None:
        self.lag.stop()
        await self._studio.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._source.close()

    def live(self, spec: ViewSpec) -> Snapshot:
        """Return the newest picture. For threads; may wait for a window's first answer."""
        return self._studio.picture(spec)

    def moment(self, spec: ViewSpec, at: float) -> Snapshot:
        """Return the picture as it was. For threads; raises Unanswered or Busy."""
        return self._pictures.of(spec, self._past(spec.window_s, at))

    def queries(
        self, spec: ViewSpec, at: float | None, *, node: str | None, edge: str | None
    ) -> Queries:
        """Return the queries behind one entity. For threads; KeyError if it is not drawn."""
        if at is None:
            feed, view = self._studio.feed(spec.window_s), self._studio.picture(spec)
        else:
            feed = self._past(spec.window_s, at)
            view = self._pictures.of(spec, feed)
        if feed.readings is None:
            raise KeyError(edge or node)
        self._look_at_mesh()
        # A mesh too large for one picture is drawn, and asked about, as its namespaces.
        found = origins(feed.readings, replace(spec.look, graph_type=view["graph_type"]))
        span_s = feed.readings.window_s
        return explain(self._source, view, found, node=node, edge=edge, span_s=span_s)

    def history(self, spec: ViewSpec, asked: HistoryAsked) -> History:
        """Return the lines of a chart. For threads; KeyError if it is about what is not drawn."""
        return self._charts.history(spec, asked)

    def distribution(self, spec: ViewSpec, target: Target, at: float | None) -> Distribution:
        """Return how long requests took. For threads; KeyError if they are not drawn."""
        self._look_at_mesh()
        return self._charts.distribution(spec, target, at)

    def diagnosis(self) -> Diagnosis:
        """Return what the doctor says of the source, a few seconds old at most. For threads."""
        return self._checkup.diagnosis()

    def waiting_for(self) -> str:
        """Return what has to come before there is anything to show; empty afterwards, for good."""
        return self._studio.waiting_for()

    def feed_states(self) -> dict[int, SourceStatus]:
        """Return the status of the feeds that are known here, aged now. For the loop."""
        return self._studio.feed_states()

    @property
    def mode(self) -> Literal["embedded", "scaled"]:
        """Where pictures come from: this process, or workers."""
        return self._studio.mode

    @property
    def costs(self) -> Mapping[str, QueryCost]:
        """What this process has asked Prometheus, and what it took, by question."""
        return self._source.costs

    def status(self, permit: Permit) -> MeshvizStatus:
        """Return how this process is doing, to whoever may see so much. For threads."""
        windows = self.rules.windows
        return {
            "version": self.rules.version,
            "mode": self._studio.mode,
            "limits": {
                "viewers": self.rules.max_viewers,
                "views": self.rules.max_views,
                "nodes": self.rules.max_nodes,
                "edges": self.rules.max_edges,
            },
            "protocol": PROTOCOL_VERSION,
            "epoch": self.epoch,
            "viewers": len(self.hub.viewers),
            "windows": list(windows.seconds),
            "default_window": windows.default,
            "queries_total": self._studio.queries_total(),
            "source": facts_for(permit, self._studio.facts()),
            "feeds": [
                self._feed_status(window_s, status_for(permit, status))
                for window_s, status in self._studio.statuses().items()
            ],
        }

    def _feed_status(self, window_s: int, status: SourceStatus) -> FeedStatus:
        views, viewers = self.hub.counts(window_s)
        return {
            "window": self.rules.windows.name(window_s),
            "window_s": window_s,
            "views": views,
            "viewers": viewers,
            "source": status,
        }

    def _look_at_mesh(self) -> None:
        """Have the source find out how queries are to be written.

        Where workers poll, nothing else makes this process's own source do so.
        """
        if self.mode == "scaled":
            with contextlib.suppress(SourceError):
                self._source.prepare(time.time())

    def _readings(self, window_s: int, at: float | None) -> FeedState:
        return self._studio.feed(window_s) if at is None else self._past(window_s, at)

    def _past(self, window_s: int, at: float) -> FeedState:
        return self._moments.get((window_s, at), lambda: self._look(window_s, at))

    def _look(self, window_s: int, at: float) -> FeedState:
        with self._turns.turn():
            state = look(self._source, window_s, at, self.rules.pace.interval_s, self.rules.mesh)
        if state.readings is None:
            raise Unanswered(state)
        return state

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, function, *args)
