"""How late the server's loop is: what everybody in it waits for when something blocks it."""

import asyncio
import time
from collections import deque

from graph.live.counters import Spent

_EVERY_S = 0.5
_REMEMBERED = 120  # looks, a minute of them


class Lag:
    """Sleeps again and again, and notes how much later than planned it wakes."""

    def __init__(self) -> None:
        self.spent = Spent()
        self._latest: deque[float] = deque([0.0], _REMEMBERED)
        self._task: asyncio.Task[None] | None = None

    @property
    def most_s(self) -> float:
        """The most of the last minute."""
        return max(self._latest)

    def start(self) -> None:
        """Begin; call in the loop."""
        self._task = asyncio.create_task(self._run(), name="lag")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            planned = time.monotonic() + _EVERY_S
            await asyncio.sleep(_EVERY_S)
            late_s = max(0.0, time.monotonic() - planned)
            self.spent.add(late_s)
            self._latest.append(late_s)
