"""A wish to stop that a signal handler may tell.

`threading.Event.set` may not be called there: it takes the event's lock, and the handler of a
second signal runs inside that of the first, in the same thread, and would wait for it for ever.
"""

import queue
import time


class StopSign:
    """Like `threading.Event`, for one thread that waits and signal handlers that set it."""

    def __init__(self) -> None:
        self._is_set = False
        # The one queue whose `put` may interrupt its own `get`.
        self._news: queue.SimpleQueue[None] = queue.SimpleQueue()

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        """Wake whoever waits, now and from now on."""
        self._is_set = True
        self._news.put(None)

    def wait(self, timeout_s: float) -> bool:
        """Wait for so long at most, and tell whether the sign is set."""
        deadline = time.monotonic() + timeout_s
        while not self._is_set and (left_s := deadline - time.monotonic()) > 0:
            try:
                self._news.get(timeout=left_s)
            except queue.Empty:
                break
        return self._is_set
