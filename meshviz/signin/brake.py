"""Slows down who tries out passwords. Time is an argument."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

FREE = 5  # who mistypes a password twice notices nothing
_FIRST_S = 2.0
_LONGEST_S = 300.0
_DOUBLINGS = 10  # more than it takes to the longest
_FORGOTTEN_S = 3600.0
_MOST = 10_000  # pairs of name and address; the oldest go

Key = tuple[str, str]


@dataclass(slots=True)
class _Count:
    failures: int
    at: float


class Brake:
    """Waits for each name and address that double with every failure after the first few.

    It never locks anybody out for good, or everybody could lock out anybody. Each process counts
    for itself.
    """

    def __init__(self, *, free: int = FREE, longest_s: float = _LONGEST_S) -> None:
        self._free = free
        self._longest_s = longest_s
        self._lock = threading.Lock()
        self._counts: OrderedDict[Key, _Count] = OrderedDict()

    def wait_s(self, key: Key, now: float) -> float:
        """Return how long it is until this name may be tried again from this address."""
        with self._lock:
            count = self._counts.get(key)
            if count is None or count.failures < self._free:
                return 0.0
            doublings = min(count.failures - self._free, _DOUBLINGS)
            wait_s = min(_FIRST_S * 2.0**doublings, self._longest_s)
            return max(0.0, count.at + wait_s - now)

    def failed(self, key: Key, now: float) -> None:
        """Count a wrong password."""
        with self._lock:
            before = self._counts.pop(key, None)
            if before is not None and now - before.at > _FORGOTTEN_S:
                before = None
            self._counts[key] = _Count(before.failures + 1 if before else 1, now)
            while len(self._counts) > _MOST:
                self._counts.popitem(last=False)

    def passed(self, key: Key) -> None:
        """Forget the failures of who knew the password."""
        with self._lock:
            self._counts.pop(key, None)
