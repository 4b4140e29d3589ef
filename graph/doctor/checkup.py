"""One diagnosis for everybody who asks within a few seconds, and never two at a time."""

import threading
import time

from graph.core.wire import Diagnosis
from graph.doctor.examine import diagnose
from graph.doctor.patient import Habits
from graph.sources import Source

# A page that asks every few seconds, in ten browsers, costs Prometheus one diagnosis.
_FRESH_S = 5.0


class Checkup:
    """The doctor of one source, for use by threads."""

    def __init__(self, source: Source, habits: Habits, *, fresh_s: float = _FRESH_S) -> None:
        self._source = source
        self._habits = habits
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._found: Diagnosis | None = None
        self._found_at = 0.0

    def diagnosis(self) -> Diagnosis:
        """Return a diagnosis that is a few seconds old at most; wait while one is made."""
        with self._lock:
            age_s = time.monotonic() - self._found_at
            if self._found is None or age_s > self._fresh_s:
                self._found = diagnose(self._source, self._habits, time.time())
                # Counted from its end: those who waited for it take it.
                self._found_at = time.monotonic()
            return self._found
