"""Connections to Redis that give up in time."""

from typing import Any

import redis.asyncio
from redis import ConnectionError as NotConnected
from redis import Redis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

# Longer than a keeper waits for wishes; a Redis that is frozen answers nothing at all.
_ANSWER_S = 5.0
_CONNECT_S = 2.0
# A burst of newcomers takes turns rather than a connection each.
_CONNECTIONS = 8


def _common() -> dict[str, Any]:
    return {"socket_timeout": _ANSWER_S, "socket_connect_timeout": _CONNECT_S}


def connected(url: str) -> Redis:
    """Return a client for threads. Nothing is asked yet."""
    # Once again at once, for a connection that went stale while nobody looked; waiting is for
    # whoever asks.
    return Redis.from_url(url, retry=Retry(NoBackoff(), 1), **_common())


def connected_for_loop(url: str) -> "redis.asyncio.Redis":
    """Return a client for the server's loop."""
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=_ANSWER_S,
        retry=AsyncRetry(NoBackoff(), 1),
        **_common(),
    )
    pool.connection_class = _plain_spoken(pool.connection_class)
    return redis.asyncio.Redis(connection_pool=pool)


def _plain_spoken(kind: type[Any]) -> type[Any]:
    """Return the kind of connection that says in redis-py's words that it has been closed."""

    class PlainSpoken(kind):  # type: ignore[misc]
        async def send_packed_command(self, *args: Any, **options: Any) -> None:
            try:
                await super().send_packed_command(*args, **options)
            except RuntimeError as error:
                # uvloop's word for a connection that the other end closed between two writes.
                raise NotConnected(f"Connection lost while writing: {error}") from error

    return PlainSpoken
