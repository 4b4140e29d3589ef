"""One process that does it all: polls its source, draws for its viewers, answers from memory."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal, TypeVar

from graph.core.engine import FeedState, ViewSpec, ViewState, with_age
from graph.core.wire import Snapshot, SourceFacts, SourceStatus
from graph.live.clock import steady_now
from graph.live.counters import Counters
from graph.live.drawings import Drawings
from graph.live.feeds import Feeds
from graph.live.pictures import Pictures
from graph.live.rules import Rules
from graph.sources import Source

T = TypeVar("T")


class Embedded:
    """Feeds and drawings of this process."""

    mode: Literal["embedded", "scaled"] = "embedded"

    def __init__(
        self,
        source: Source,
        rules: Rules,
        epoch: str,
        in_thread: Callable[..., Awaitable[Any]],
        counters: Counters,
    ) -> None:
        self._source = source
        self._patience_s = rules.patience_s
        self._feeds = Feeds(
            source,
            rules.pace,
            rules.default_window_s,
            in_thread,
            rules.mesh,
            counters=counters,
        )
        self._drawings = Drawings(
            epoch,
            self._feeds.want,
            self._feeds.known,
            in_thread,
            max_views=rules.max_views,
            max_viewers=rules.max_viewers,
            shares=rules.shares,
            limits=rules.limits,
            counters=counters,
        )
        self.hub = self._drawings.hub
        self._pictures = Pictures(epoch, rules.limits)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._feeds.start(self._drawings)

    async def close(self) -> None:
        await self._feeds.stop()

    def waiting_for(self) -> str:
        return "" if self._feeds.has_begun else "Prometheus has not been asked to the end yet."

    def picture(self, spec: ViewSpec) -> Snapshot:
        """Return the newest picture. For threads; may wait for a window's first answer."""
        return self._pictures.of(spec, *self._ask(self._newest(spec)))

    def feed(self, window_s: int) -> FeedState:
        """Return the newest readings of a window. For threads; may wait likewise."""
        return self._ask(self._feeds.answered(window_s, self._patience_s))

    def feed_states(self) -> dict[int, SourceStatus]:
        """Return the status of every feed that is polled, aged now. For the loop."""
        now = steady_now()
        return {window_s: with_age(state, now) for window_s, state in self._feeds.states().items()}

    def statuses(self) -> dict[int, SourceStatus]:
        """Return the same for threads."""

        async def states() -> dict[int, SourceStatus]:
            return self.feed_states()

        return self._ask(states())

    def queries_total(self) -> int:
        return self._source.queries_total

    def facts(self) -> SourceFacts:
        return self._source.facts()

    async def _newest(self, spec: ViewSpec) -> tuple[FeedState, ViewState | None]:
        feed = await self._feeds.answered(spec.window_s, self._patience_s)
        return feed, self._drawings.drawn(spec)

    def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's loop and return its answer to this thread."""
        assert self._loop is not None  # noqa: S101  # open() came first
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(self._patience_s * 2)
