"""Lets so many requests at a time through to Django, which has a thread for each."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from graph.live.guest import guest_of

AT_ONCE = 64
# A crowd that loads the page anew waits its turn instead of being sent away.
IN_LINE = 512
_PATIENCE_S = 10.0
# One address, which may be a proxy with everybody behind it, leaves some for others.
_SHARE = 0.75


class Crowded(Exception):
    """Too many requests wait already, or this one has waited for too long."""


class Turnstile:
    """For the server's loop."""

    def __init__(self, at_once: int = AT_ONCE, in_line: int = IN_LINE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + in_line
        self._most_of_address = int(self._most * _SHARE)
        self._inside: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def turn(self, scope: Any) -> AsyncIterator[None]:
        """Hold one of the places meanwhile; raise Crowded."""
        key = guest_of(scope).key
        if self._inside.total() >= self._most or self._inside[key] >= self._most_of_address:
            raise Crowded
        self._inside[key] += 1
        try:
            await self._wait()
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._inside[key] -= 1
            if not self._inside[key]:
                del self._inside[key]

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._places.acquire()
        except TimeoutError:
            raise Crowded from None
