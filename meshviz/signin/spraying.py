"""Slows down who tries one password on many names. Time is an argument."""

import threading
from collections import OrderedDict

from meshviz.signin.brake import Brake, Key

# An address may be a proxy with everybody behind it, some of whom mistype.
_FREE = 30
_LONGEST_S = 10.0
_MOST_KNOWN = 10_000


class Spraying:
    """Waits for an address, whatever the names, after many failures; they stay short.

    Whoever has signed in from there before is not made to wait for what others do: or one guesser
    could keep out everybody behind the same proxy.
    """

    def __init__(self) -> None:
        self._brake = Brake(free=_FREE, longest_s=_LONGEST_S)
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, None] = OrderedDict()

    def wait_s(self, key: Key, now: float) -> float:
        """Return how long it is until this name may be tried again from this address."""
        with self._lock:
            if key in self._known:
                return 0.0
        return self._brake.wait_s(_of_all(key), now)

    def failed(self, key: Key, now: float) -> None:
        """Count a wrong password."""
        self._brake.failed(_of_all(key), now)

    def passed(self, key: Key) -> None:
        """Remember who knew the password; what others did is not forgotten for it."""
        with self._lock:
            self._known[key] = None
            self._known.move_to_end(key)
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)


def _of_all(key: Key) -> Key:
    return ("", key[1])
