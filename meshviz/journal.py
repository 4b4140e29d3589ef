"""Each request has a name, which stands in every line that is logged because of it.

The name is the caller's X-Request-ID where that is a plain word, so that a line here can be found
by what a gateway has logged; else one of our own. It goes back in the answer. It is a name only:
nothing depends on it, and two requests may have the same.
"""

import logging
import re
import secrets
import time
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from graph.live.replies import header_values

log = logging.getLogger("meshviz.access")

_PLAIN = re.compile(r"[A-Za-z0-9._:-]{8,64}")
# Asked every few seconds, by machines.
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_STATIC = "/static/"


@dataclass(slots=True)
class Seen:
    """A request."""

    id: str


_current: ContextVar[Seen | None] = ContextVar("request", default=None)


def current() -> Seen | None:
    """Return the request that this code runs for, None if it is for none."""
    return _current.get()


class Requests:
    """An ASGI application around another one: names, counts and logs what it is asked.

    ``level`` is that of a line for each request of the page and the API; files and probes have
    none.
    """

    def __init__(self, application: Any, counts: Counter[tuple[str, str]], level: int) -> None:
        self._application = application
        self._counts = counts
        self._level = level

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        seen = Seen(_name_of(scope))
        _current.set(seen)
        if scope["type"] != "http":
            # Its handshake is answered with the name by the protocol: a wrapper would cost memory
            # for every viewer, and time for every frame.
            scope["request_id"] = seen.id
            await self._application(scope, receive, send)
            return
        await self._ask(seen, scope, receive, send)

    async def _ask(self, seen: Seen, scope: Any, receive: Any, send: Any) -> None:
        started, status = time.perf_counter(), 0
        name = (b"x-request-id", seen.id.encode())

        async def named(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), name]}
            await send(message)

        try:
            await self._application(scope, receive, named)
        finally:
            route = _route(scope["path"])
            self._counts[route, str(status)] += 1
            if route not in _PROBES and route != _STATIC:
                self._say(scope, status, time.perf_counter() - started)

    def _say(self, scope: Any, status: int, took_s: float) -> None:
        if not log.isEnabledFor(self._level):
            return
        # Without its query, where names of the mesh are, and who knows what else.
        fields = {
            "method": scope["method"],
            "path": scope["path"][:200],
            "status": status,
            "duration_ms": round(took_s * 1000, 1),
        }
        guest = scope["state"].get("guest")
        user = {"user": guest.name} if guest is not None and guest.name else {}
        words = "%s %s %s in %s ms"
        log.log(self._level, words, *fields.values(), extra={"fields": {**fields, **user}})


def _name_of(scope: Any) -> str:
    given = header_values(scope, b"x-request-id")
    if len(given) == 1 and _PLAIN.fullmatch(given[0]):
        return given[0]
    return secrets.token_hex(8)


def _route(path: str) -> str:
    """Return the template that a path fits, of which there are few; never the path itself."""
    if path in _PROBES:
        return path
    if path.startswith(_STATIC):
        return _STATIC
    # Workers and beat log as well, and have no addresses to know.
    from django.urls import Resolver404, resolve

    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return "none"
