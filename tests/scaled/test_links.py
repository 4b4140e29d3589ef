"""Connections to a Redis that hangs up, and the subscription that outlives them."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvloop
from redis import RedisError
from redis.asyncio import Redis

from graph.live.scaled.keys import Keys, News
from graph.live.scaled.links import connected_for_loop
from graph.live.scaled.subscription import Subscription

# A reset that comes between two writes is told in uvloop's own words, in about one of 25 cases.
ATTEMPTS = 200
LONGEST_S = 0.002


@contextlib.asynccontextmanager
async def hanging_up() -> AsyncIterator[str]:
    """Yield the address of a server that resets every connection after a moment."""
    chance = random.Random(7)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(chance.random() * LONGEST_S)
        end = writer.get_extra_info("socket")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"


def test_connection_that_is_reset_is_told_as_an_error_of_redis() -> None:
    async def provoked() -> list[Exception]:
        errors: list[Exception] = []
        async with hanging_up() as url:
            for _ in range(ATTEMPTS):
                async with connected_for_loop(url) as client:
                    try:
                        await client.pubsub().subscribe("news")
                    except Exception as error:  # noqa: BLE001
                        errors.append(error)
        return errors

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        errors = runner.run(provoked())

    assert len(errors) == ATTEMPTS
    assert [error for error in errors if not isinstance(error, RedisError)] == []


class Listener:
    def __init__(self) -> None:
        self.lost = asyncio.Semaphore(0)

    def linked(self) -> None: ...

    def unlinked(self) -> None:
        self.lost.release()

    def heard(self, news: News) -> None: ...


def test_subscription_outlives_what_nobody_foresaw(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Redis):
        def pubsub(self, **options: Any) -> Any:
            raise ValueError("what nobody foresaw")

    async def listened() -> None:
        listener = Listener()
        news = Subscription(Broken(), Keys("test"), listener, silence_s=3.0)
        task = asyncio.ensure_future(news.run())
        for _ in range(2):
            await listener.lost.acquire()
        task.cancel()

    asyncio.run(asyncio.wait_for(listened(), 30))

    assert [record.levelname for record in caplog.records] == ["ERROR"]
