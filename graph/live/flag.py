"""Signals between tasks that weigh next to nothing while nobody waits."""

import asyncio
from collections.abc import Awaitable, Generator
from typing import Any


class Flag:
    """An `asyncio.Event` without the queue of waiters that each of those keeps ready.

    An empty deque has 700 bytes, and a connection needs seven of them: of two thousand viewers
    that is a tenth of the memory they may have. Waiting takes no coroutine of its own either.
    """

    __slots__ = ("_is_set", "_waiters")

    def __init__(self) -> None:
        self._is_set = False
        self._waiters: tuple[asyncio.Future[None], ...] = ()

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        waiters, self._waiters = self._waiters, ()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def clear(self) -> None:
        self._is_set = False

    def wait(self) -> Awaitable[None]:
        """Return what is there at once when the flag is set, else when it will be."""
        if self._is_set:
            return _NOTHING
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Those whose task was cancelled wait no more.
        self._waiters = (*(other for other in self._waiters if not other.done()), waiter)
        return waiter


class _Nothing:
    """To wait for this takes no time."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


_NOTHING = _Nothing()


class Inbox:
    """As much of an `asyncio.Queue` as the server's protocol uses: one reader, no bound."""

    __slots__ = ("_arrived", "_messages")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._arrived = Flag()

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        self._arrived.set()

    async def get(self) -> Any:
        while not self._messages:
            self._arrived.clear()
            await self._arrived.wait()
        return self._messages.pop(0)

    def empty(self) -> bool:
        return not self._messages
