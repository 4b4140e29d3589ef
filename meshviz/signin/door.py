"""Lets only those watch who may, and ends watching when they may no more, or may see other things.

    door = Door(application, reception)   around the websocket's application
    door.end(session_key)                 somebody has signed out here

What ends a session elsewhere (another process, a new password, its age), or changes what somebody
may see, is noticed within a minute.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import Error, connections

from graph.api.answers import note_no_database
from graph.live.consumers import TRY_LATER
from graph.live.guest import Guest, welcome
from meshviz.signin.reception import Reception
from meshviz.signin.tickets import BySession, Ticket

log = logging.getLogger(__name__)

# A close code of our own: only an accepted socket can tell a browser why it closes.
NOT_SIGNED_IN = 4401
# Somebody may see other things from now on: the page comes back at once, and is shown those.
RIGHTS_CHANGED = 1012
_CHANGED = "what you may see has changed"
# A crowd that comes back at once is looked up one after the other, not by a thread for each.
_THREADS = 2


class Door:
    """An ASGI application around another one."""

    def __init__(self, application: Any, reception: Reception, look_again_s: float) -> None:
        self._application = application
        self._reception = reception
        self._look_again_s = look_again_s
        # By ticket: what the guests were shown in as, and the tasks that serve them.
        self._inside: dict[Ticket, tuple[Guest, set[asyncio.Task[None]]]] = {}
        self._shown_out: dict[asyncio.Task[None], tuple[int, str]] = {}
        self._threads = ThreadPoolExecutor(_THREADS, "door")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._round: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        ticket = self._reception.counter.ticket(scope)
        try:
            guest = (await self._guests([ticket])).get(ticket) if ticket else None
        except Error as error:
            note_no_database(error)
            await _close(send, TRY_LATER, "no database", accept=True)
            return
        if ticket is None or guest is None:
            await _close(send, NOT_SIGNED_IN, "not signed in", accept=True)
            return
        welcome(scope, guest)
        await self._stay(ticket, guest, self._application(scope, receive, send), send)

    def end(self, key: str) -> None:
        """Close every socket of a session. For threads."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(
                self._show_out, BySession(key), NOT_SIGNED_IN, "signed out"
            )

    async def _guests(self, tickets: Iterable[Ticket]) -> dict[Ticket, Guest]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _looked_up, self._reception, list(tickets))

    async def _stay(self, ticket: Ticket, guest: Guest, watching: Any, send: Any) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # for the type checker
        self._loop = asyncio.get_running_loop()
        shown_in, tasks = self._inside.get(ticket, (guest, set()))
        if shown_in != guest:
            self._show_out(ticket, RIGHTS_CHANGED, _CHANGED)
            tasks = set()
        self._inside[ticket] = guest, tasks
        tasks.add(task)
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_round())
        try:
            await watching
        except asyncio.CancelledError:
            if task not in self._shown_out:
                raise
            task.uncancel()
            await _close(send, *self._shown_out[task])
        finally:
            self._shown_out.pop(task, None)
            tasks.discard(task)
            if not tasks and self._inside.get(ticket, (None, None))[1] is tasks:
                del self._inside[ticket]

    def _show_out(self, ticket: Ticket, code: int, reason: str) -> None:
        _, tasks = self._inside.get(ticket, (None, ()))
        for task in tasks:
            self._shown_out[task] = code, reason
            task.cancel()

    async def _go_round(self) -> None:
        """Look after those inside, as long as there are any."""
        while self._inside:
            await asyncio.sleep(self._look_again_s)
            before = {ticket: guest for ticket, (guest, _) in self._inside.items()}
            try:
                now = await self._guests(before)
            except Error as error:
                # Whoever was let in stays until it is known that they must not.
                log.warning("sessions cannot be looked up: %s", error)
                continue
            for ticket, guest in before.items():
                if ticket not in now:
                    self._show_out(ticket, NOT_SIGNED_IN, "signed out")
                elif now[ticket] != guest:
                    self._show_out(ticket, RIGHTS_CHANGED, _CHANGED)


def _looked_up(reception: Reception, tickets: list[Ticket]) -> dict[Ticket, Guest]:
    try:
        return reception.guests(tickets)
    finally:
        connections.close_all()


async def _close(send: Any, code: int, reason: str, *, accept: bool = False) -> None:
    with contextlib.suppress(OSError):  # gone
        if accept:
            await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": code, "reason": reason})
