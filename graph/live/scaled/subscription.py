"""One subscription to the news per process, come what may.

Redis may restart, hang, or be gone for an hour: the subscription is made anew until it stands, and
whoever listens is told of both. Notices that were missed meanwhile are not repeated, so the
listener looks at everything when it stands again.
"""

import asyncio
import contextlib
import logging
import random
import time
from typing import Protocol

from redis import RedisError
from redis.asyncio import Redis

from graph.live.scaled.keys import Keys, News, Unreadable
from graph.outage import Outage

log = logging.getLogger(__name__)

_FIRST_RETRY_S, _LAST_RETRY_S = 0.1, 2.0


class Listener(Protocol):
    """Who hears the news."""

    def linked(self) -> None:
        """Notices come from now on."""

    def unlinked(self) -> None:
        """Notices may be lost from now on."""

    def heard(self, news: News) -> None: ...


class Subscription:
    """Keeps listening. ``silence_s``: after so long without any news the link is tried anew, for
    a connection that has died quietly looks just like that."""

    def __init__(self, redis: Redis, keys: Keys, listener: Listener, silence_s: float) -> None:
        self._redis = redis
        self._keys = keys
        self._listener = listener
        self._silence_s = silence_s
        self._away = Outage(log, "Redis answers")

    async def run(self) -> None:
        """Listen until cancelled."""
        delay_s = _FIRST_RETRY_S
        while True:
            begun = time.monotonic()
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                self._away.failed("away", f"Redis does not answer ({error}); it is tried again.")
                self._listener.unlinked()
            # A bug must not keep viewers from the news for ever.
            except Exception as error:  # noqa: BLE001  # the log is told
                detail = "the subscription stumbled; it is tried again"
                self._away.failed(repr(error), detail, error=error)
                self._listener.unlinked()
            else:
                continue  # it was only quiet: that is no news of Redis
            if time.monotonic() - begun > _LAST_RETRY_S:
                delay_s = _FIRST_RETRY_S
            # With a part by chance: many processes lose the same Redis at the same moment.
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))  # noqa: S311
            delay_s = min(delay_s * 2, _LAST_RETRY_S)

    async def _listen(self) -> None:
        """Return when nothing came for too long."""
        pubsub = self._redis.pubsub(ignore_subscribe_messages=True)
        try:
            await pubsub.subscribe(self._keys.news)
            self._away.over()
            self._listener.linked()
            last = time.monotonic()
            while time.monotonic() - last < self._silence_s:
                message = await pubsub.get_message(timeout=1.0)
                if message is not None:
                    last = time.monotonic()
                    self._hear(message["data"])
        finally:
            with contextlib.suppress(RedisError, OSError):
                await pubsub.aclose()  # type: ignore[no-untyped-call]

    def _hear(self, data: bytes) -> None:
        try:
            self._listener.heard(News.decoded(data))
        except Unreadable as error:
            log.debug("%s", error)
