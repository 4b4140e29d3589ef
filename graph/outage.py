"""Something that fails now and then, in the log: a line when it begins, a line when it is over.

    outage = Outage(log, "Prometheus")
    outage.failed("timeout", "Prometheus did not answer within 10 s.")   # a line
    outage.failed("timeout", "Prometheus did not answer within 10 s.")   # none
    outage.over()                                                        # after how long, how often

For any thread. Who only learns of failures, never of a success, gives ``over_after_s``.
"""

import logging
import threading
import time

# Each further kind of failure in one outage is a line of its own, up to so many.
_MOST_KINDS = 5


class Outage:
    """One thing that may fail."""

    def __init__(self, log: logging.Logger, what: str, over_after_s: float | None = None) -> None:
        self._log = log
        self._what = what
        self._over_after_s = over_after_s
        self._turn = threading.Lock()
        self._kinds: set[str] = set()
        self._count = 0
        self._began_at = self._failed_at = 0.0

    def failed(self, kind: str, detail: str, *, error: BaseException | None = None) -> None:
        """Note a failure; ``error`` is a bug's, and has its traceback logged."""
        with self._turn:
            now = time.monotonic()
            if self._over_after_s is not None and now - self._failed_at > self._over_after_s:
                self._end()
            if not self._count:
                self._began_at = now
            self._failed_at = now
            self._count += 1
            is_new = kind not in self._kinds and len(self._kinds) < _MOST_KINDS
            if is_new:
                self._kinds.add(kind)
        if is_new:
            level = logging.ERROR if error else logging.WARNING
            self._log.log(level, "%s", detail, exc_info=error)

    def over(self) -> None:
        """Note a success, of which nothing is said unless something had failed before."""
        if not self._count:
            return
        with self._turn:
            count, lasted_s = self._count, time.monotonic() - self._began_at
            self._end()
        if count:
            self._log.warning(
                "%s again, after %.0f s and %d %s.",
                self._what,
                lasted_s,
                count,
                "failure" if count == 1 else "failures",
            )

    def _end(self) -> None:
        self._kinds.clear()
        self._count = 0
