"""The right to keep a window: held by one worker at a time, and lost when it dies.

Writes name the lease's token; Redis refuses those of whoever has lost it. So a worker that was
stopped for a while, or cut off, can do no harm when it comes back.
"""

import secrets
import time
from collections.abc import Mapping

from redis import Redis

from graph.live.clock import steady_now
from graph.live.scaled import scripts
from graph.live.scaled.faces import Value
from graph.live.scaled.keys import Keys, News

# What nobody renews for so long has no reader any more.
_KEPT_MS = 600_000


class Lost(Exception):
    """Another worker has the window now, or may have it."""


class Lease:
    """One worker's hold on one window. Raises RedisError where Redis cannot be asked."""

    def __init__(self, redis: Redis, keys: Keys, window_s: int, lasts_s: float) -> None:
        self._redis = redis
        self._keys = keys
        self._window_s = window_s
        self._lasts_s = lasts_s
        self._token = secrets.token_hex(8)
        self._held_until = 0.0  # by the monotonic clock
        # How far Redis' clock is ahead of this process's.
        self.ahead_s = 0.0
        self._take = redis.register_script(scripts.TAKE)
        self._hold = redis.register_script(scripts.HOLD)
        self._release = redis.register_script(scripts.RELEASE)
        self._tell = redis.register_script(scripts.TELL)

    @property
    def is_sure(self) -> bool:
        """Whether nobody else can have it: held lately enough not to have run out."""
        return time.monotonic() < self._held_until

    def take(self) -> bool:
        """Return whether the window is ours from now on. A new token each time: a write of an
        earlier hold that is still on its way must not count for this one."""
        self._token = secrets.token_hex(8)
        arguments: list[Value] = [self._token, self._lasts_ms]
        return bool(self._take(keys=[self._lock], args=arguments)) and self.hold()

    def hold(self) -> bool:
        """Hold on, and say that the window is being kept; False when it is not ours."""
        begun = time.monotonic()
        alive = News("alive", str(self._window_s)).encoded()
        arguments: list[Value] = [self._token, self._lasts_ms, self._keys.news, alive]
        ours, seconds, micros = self._hold(keys=[self._lock], args=arguments)
        now = time.monotonic()
        self.ahead_s = int(seconds) + int(micros) / 1e6 - steady_now() + (now - begun) / 2
        self._held_until = begun + self._lasts_s if ours else 0.0
        return bool(ours)

    def release(self) -> None:
        self._held_until = 0.0
        self._release(keys=[self._lock], args=[self._token])

    def tell(self, key: str, fields: Mapping[str, Value], news: News, *, needs: str = "") -> bool:
        """Write fields of a hash and publish the news of it, if the window is ours.

        Return whether it was done: not when the field that it ``needs`` is gone. Raises Lost.
        """
        pairs = [part for pair in fields.items() for part in pair]
        arguments = [self._token, _KEPT_MS, self._keys.news, news.encoded(), needs, *pairs]
        done = int(self._tell(keys=[self._lock, key], args=arguments))
        if done == 0:
            self._held_until = 0.0
            raise Lost
        return done == 1

    @property
    def _lock(self) -> str:
        return self._keys.lock(self._window_s)

    @property
    def _lasts_ms(self) -> int:
        return round(self._lasts_s * 1000)
