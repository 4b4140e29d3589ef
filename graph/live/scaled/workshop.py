"""What one worker process has: its source, its end of Redis, and the windows it keeps."""

import logging
import threading
from pathlib import Path

from redis import RedisError

from graph.live.rules import Rules
from graph.live.scaled.keeper import Keeper
from graph.live.scaled.stock import Stock
from graph.sources import Source

log = logging.getLogger(__name__)


class Workshop:
    """Keeps windows when it is told to, several at a time."""

    def __init__(
        self, source: Source, stock: Stock, rules: Rules, heartbeat_file: Path | None = None
    ) -> None:
        self._source = source
        self._stock = stock
        self._rules = rules
        self._heartbeat_file = heartbeat_file
        self._stopping = threading.Event()

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
            if not self._is_wanted(window_s):
                return False
            keeper = Keeper(self._source, self._stock, self._rules, window_s, self._stopping)
            return keeper.keep()
        except RedisError as error:
            log.warning("Redis does not answer: %s", error)
            return False

    def _is_wanted(self, window_s: int) -> bool:
        is_default = window_s == self._rules.default_window_s
        return is_default or window_s in self._stock.wanted_windows()

    def stop(self) -> None:
        """End every keeper after what it is doing now."""
        self._stopping.set()

    def _beat(self) -> None:
        """Leave a sign that this process still takes up work, for a probe of its age."""
        if self._heartbeat_file is not None:
            try:
                self._heartbeat_file.touch()
            except OSError as error:
                log.warning("The heartbeat file cannot be touched: %s", error)
