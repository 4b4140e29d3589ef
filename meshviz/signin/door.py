"""Lets only those watch who are signed in, and ends watching when a session ends.

    door = Door(application)      around the websocket's application
    door.end(session_key)         somebody has signed out here

What ends a session elsewhere (another process, a new password, its age) is noticed within a
minute.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import Error, connections
from django.http import parse_cookie

from graph.api.answers import note_no_database
from graph.live.consumers import TRY_LATER
from graph.live.replies import header_values
from meshviz.signin import sessions

log = logging.getLogger(__name__)

# A close code of our own: only an accepted socket can tell a browser why it closes.
NOT_SIGNED_IN = 4401
# A crowd that comes back at once is looked up one after the other, not by a thread for each.
_THREADS = 2


class Door:
    """An ASGI application around another one."""

    def __init__(self, application: Any, cookie_name: str, look_again_s: float) -> None:
        self._application = application
        self._cookie_name = cookie_name
        self._look_again_s = look_again_s
        self._inside: dict[str, set[asyncio.Task[None]]] = {}
        self._shown_out: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(_THREADS, "door")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._round: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            key = await self._key_of(scope)
        except Error as error:
            note_no_database(error)
            await _close(send, TRY_LATER, "no database", accept=True)
            return
        if key is None:
            await _close(send, NOT_SIGNED_IN, "not signed in", accept=True)
            return
        await self._stay(key, self._application(scope, receive, send), send)

    def end(self, key: str) -> None:
        """Close every socket of a session. For threads."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._show_out, key)

    async def _key_of(self, scope: Any) -> str | None:
        """Return the session's key; None where it is none, or of nobody."""
        key = None
        for header in header_values(scope, b"cookie"):
            key = parse_cookie(header).get(self._cookie_name, key)
        return key if key and key in await self._living([key]) else None

    async def _living(self, keys: Iterable[str]) -> set[str]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _looked_up, list(keys))

    async def _stay(self, key: str, watching: Any, send: Any) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # for the type checker
        self._loop = asyncio.get_running_loop()
        self._inside.setdefault(key, set()).add(task)
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_round())
        try:
            await watching
        except asyncio.CancelledError:
            if task not in self._shown_out:
                raise
            task.uncancel()
            await _close(send, NOT_SIGNED_IN, "signed out")
        finally:
            self._shown_out.discard(task)
            self._inside[key].discard(task)
            if not self._inside[key]:
                del self._inside[key]

    def _show_out(self, key: str) -> None:
        for task in self._inside.get(key, ()):
            self._shown_out.add(task)
            task.cancel()

    async def _go_round(self) -> None:
        """Look after the sessions of those inside, as long as there are any."""
        while self._inside:
            await asyncio.sleep(self._look_again_s)
            keys = list(self._inside)
            try:
                living = await self._living(keys)
            except Error as error:
                # Whoever was let in stays until it is known that they must not.
                log.warning("sessions cannot be looked up: %s", error)
                continue
            for key in keys:
                if key not in living:
                    self._show_out(key)


def _looked_up(keys: list[str]) -> set[str]:
    try:
        return sessions.living(keys)
    finally:
        connections.close_all()


async def _close(send: Any, code: int, reason: str, *, accept: bool = False) -> None:
    with contextlib.suppress(OSError):  # gone
        if accept:
            await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": code, "reason": reason})
