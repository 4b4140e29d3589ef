"""How much of Prometheus' time people may take with questions of their own.

Pictures that are polled cost the same however many look at them, and nobody pays for those. A
chart, a look at the past, a diagnosis are asked for one person: each takes from that person's
purse, and from the one of the whole process, the seconds that its queries really took. Both are
refilled steadily. An empty purse lets no new question begin; one that has begun is finished, so
nobody is left with half an answer.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

_MINUTE_S = 60.0
_MOST_KEYS = 10_000  # whoever is forgotten has a full purse again


class TooCostly(Exception):
    """Somebody has asked so much that they have to wait."""

    def __init__(self, wait_s: float, *, everybody: bool) -> None:
        whose = "everybody together has" if everybody else "you have"
        super().__init__(
            f"{whose} taken as much of Prometheus' time as meshviz grants; it comes back by itself"
        )
        self.wait_s = max(1, ceil(wait_s))


class _Bucket:
    """So many seconds, refilled within a minute. May be overdrawn, by a minute's worth at most."""

    __slots__ = ("_at", "_left_s", "_size_s")

    def __init__(self, size_s: float, now: float) -> None:
        self._size_s = self._left_s = size_s
        self._at = now

    def wait_s(self, now: float) -> float:
        """Return how long it is until there is something in it."""
        self._refill(now)
        return max(0.0, -self._left_s) / self._size_s * _MINUTE_S if self._left_s <= 0 else 0.0

    def is_empty(self, now: float) -> bool:
        self._refill(now)
        return self._left_s <= 0

    def take(self, seconds: float, now: float) -> None:
        self._refill(now)
        self._left_s = max(self._left_s - seconds, -self._size_s)

    def _refill(self, now: float) -> None:
        gained_s = (now - self._at) * self._size_s / _MINUTE_S
        self._left_s = min(self._size_s, self._left_s + gained_s)
        self._at = now


class Purse:
    """The purses of all who ask this process. Safe to use from several threads."""

    def __init__(
        self,
        per_user_s: float,
        per_process_s: float,
        *,
        refused: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_user_s = per_user_s
        self._clock = clock
        self._refused = refused
        self._lock = threading.Lock()
        self._everybody = _Bucket(per_process_s, clock())
        self._own: OrderedDict[str, _Bucket] = OrderedDict()

    def tab(self, key: str) -> "Tab":
        """Return what one request of somebody is charged on."""
        return Tab(self, key)

    def check(self, key: str) -> None:
        """Raise TooCostly if this person, or everybody, has nothing left."""
        now = self._clock()
        with self._lock:
            own = self._own.get(key)
            empty = own if own is not None and own.is_empty(now) else None
            if empty is None and self._everybody.is_empty(now):
                empty = self._everybody
            if empty is None:
                return
            wait_s, everybody = empty.wait_s(now), empty is self._everybody
        self._refused()
        raise TooCostly(wait_s, everybody=everybody)

    def take(self, key: str, seconds: float) -> None:
        """Charge somebody."""
        now = self._clock()
        with self._lock:
            own = self._own.pop(key, None) or _Bucket(self._per_user_s, now)
            self._own[key] = own
            own.take(seconds, now)
            self._everybody.take(seconds, now)
            while len(self._own) > _MOST_KEYS:
                self._own.popitem(last=False)


class Tab:
    """One request: checked before its first question, charged after each."""

    def __init__(self, purse: Purse, key: str) -> None:
        self._purse = purse
        self._key = key
        self._lock = threading.Lock()
        self._has_begun = False
        self._refusal: TooCostly | None = None

    def begin(self) -> None:
        """Raise TooCostly if the request may ask nothing; what has begun goes on.

        Several threads may ask for one request: they all hear the same.
        """
        with self._lock:
            if self._refusal is not None:
                raise self._refusal
            if self._has_begun:
                return
            try:
                self._purse.check(self._key)
            except TooCostly as refusal:
                self._refusal = refusal
                raise
            self._has_begun = True

    def note(self, seconds: float) -> None:
        """Charge what a question took."""
        self._purse.take(self._key, seconds)
