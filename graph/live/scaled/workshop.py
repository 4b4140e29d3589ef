"""What one worker process has: its source, its end of Redis, and the windows it keeps."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from redis import Redis, RedisError

from graph.live.counters import Counters
from graph.live.rules import Rules
from graph.live.scaled.keeper import Keeper
from graph.live.scaled.stock import Stock
from graph.outage import Outage
from graph.sources import QueryCost, Source

log = logging.getLogger(__name__)

# Of beat's messages, one for each window and interval, a worker among a few takes one far sooner.
_DEAF_INTERVALS = 24
_DEAF_S = 120.0


class Workshop:
    """Keeps windows when it is told to, several at a time."""

    def __init__(
        self, source: Source, stock: Stock, rules: Rules, heartbeat_file: Path | None = None
    ) -> None:
        self._source = source
        self._stock = stock
        self.rules = rules
        self._heartbeat_file = heartbeat_file
        self._stopping = threading.Event()
        self._keepers: set[Keeper] = set()
        self._away = Outage(log, "Redis answers this worker")
        self._untouched = Outage(log, "The heartbeat file can be touched")
        self.counters = Counters()
        # Messages taken up, and when the last was; the start counts as one.
        self.taken = 0
        self.taken_at = time.time()

    @property
    def redis(self) -> Redis:
        """This worker's connection to Redis."""
        return self._stock.redis

    @property
    def costs(self) -> Mapping[str, QueryCost]:
        """What this worker has asked Prometheus, and what it took, by question."""
        return self._source.costs

    def kept(self) -> set[int]:
        """Return the windows that this worker keeps now."""
        return {keeper.window_s for keeper in list(self._keepers) if keeper.is_keeping}

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def keep(self, window_s: int) -> bool:
        """Keep a window for as long as it is wanted and this process lives.

        Return False at once if another does, if nobody wants it, or if Redis cannot be asked.
        """
        self._beat()
        if self.is_stopping:
            return False
        try:
            is_wanted = self._is_wanted(window_s)
            self._away.over()
            if not is_wanted:
                return False
            return self._kept(window_s)
        except RedisError as error:
            self._away.failed("away", f"Redis does not answer: {error}")
            return False

    def _kept(self, window_s: int) -> bool:
        keeper = Keeper(
            self._source, self._stock, self.rules, window_s, self._stopping, self.counters
        )
        self._keepers.add(keeper)
        try:
            return keeper.keep()
        finally:
            self._keepers.discard(keeper)

    def is_deaf(self, waiting: Callable[[], int]) -> bool:
        """Tell whether messages wait while none was taken up for long; ``waiting`` counts them.

        A worker whose connection to Redis has died in silence is like that, and only a new start
        helps. Where beat is away nothing waits, and where Redis is, nobody knows: no reason to end
        a worker that keeps a window.
        """
        silence_s = time.time() - self.taken_at
        if silence_s < max(_DEAF_S, _DEAF_INTERVALS * self.rules.pace.interval_s):
            return False
        try:
            return waiting() > 0
        except RedisError:
            return False

    def _is_wanted(self, window_s: int) -> bool:
        is_default = window_s == self.rules.default_window_s
        return is_default or window_s in self._stock.wanted_windows()

    def stop(self) -> None:
        """End every keeper after what it is doing now."""
        self._stopping.set()

    def _beat(self) -> None:
        """Leave a sign that this process still takes up work, for a probe of its age."""
        self.taken += 1
        self.taken_at = time.time()
        if self._heartbeat_file is not None:
            try:
                self._heartbeat_file.touch()
                self._untouched.over()
            except OSError as error:
                self._untouched.failed("away", f"The heartbeat file cannot be touched: {error}")
