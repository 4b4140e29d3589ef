"""What every request passes before anything else sees it, HTTP and websocket alike.

* Probes and scrapes are answered to whoever asks (`meshviz.operations`).
* The Host must be one of ours; otherwise any web page could reach this server by DNS rebinding.
* Every HTTP answer carries the security headers, errors and static files included.
* Headers with an underscore are taken off: behind the names that Django makes of headers, they
  look like those that a proxy sets.
* No more requests at a time than there are threads for, and no more of a body than anything takes.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from django.http.request import split_domain_port, validate_host

from graph.live.guest import Guest, anybody, welcome
from graph.live.replies import header_values, say
from meshviz.bodies import TooLarge, capped, is_too_large
from meshviz.headers import ENCODED
from meshviz.operations import Operations
from meshviz.turnstile import Crowded, Turnstile

log = logging.getLogger(__name__)

_CLOSE = (b"connection", b"close")

_WRONG_HOST = (
    "meshviz is not called by this name. If it should be, add the name to MESHVIZ_ALLOWED_HOSTS "
    "and restart.\n"
)
_TOO_LARGE = "The request's body is larger than anything that meshviz takes.\n"
_BUSY = "meshviz has more requests than it can answer at a time. Try again in a few seconds.\n"
_FAILED = "meshviz failed on this request; its log says why.\n"


class Guard:
    """Wraps the application with operations, the Host check and the headers."""

    def __init__(
        self,
        application: ASGI3Application,
        allowed_hosts: Sequence[str],
        operations: Operations,
        first: Callable[[Scope], Guest] = anybody,
    ) -> None:
        """``first`` says who asks as long as nobody behind the guard knows better."""
        self._application = application
        self._operations = operations
        self._allowed_hosts = allowed_hosts
        self._first = first
        self._turnstile = Turnstile()

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        _take_off_lookalikes(scope)
        welcome(scope, self._first(scope))
        secured = self._with_headers(send)
        if await self._operations.answer(scope, secured):
            return
        if not self._is_ours(header_values(scope, b"host")):
            await say(scope, secured, 400, _WRONG_HOST)
        elif scope["type"] == "http":
            await self._answer(scope, receive, secured)
        else:
            await self._application(scope, receive, secured)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        """Have a request answered in its turn, or say why not."""
        answer = _Answer(send)
        try:
            if is_too_large(scope):
                raise TooLarge
            async with self._turnstile.turn(scope):
                await self._application(scope, capped(receive), answer)
        except TooLarge:
            await self._turn_away(scope, answer, "large", 413, _TOO_LARGE)
        except Crowded:
            await self._turn_away(scope, answer, "busy", 503, _BUSY)
        except Exception:
            if answer.has_begun:
                raise
            log.exception("a request failed")
            await say(scope, send, 500, _FAILED)

    async def _turn_away(
        self, scope: Any, answer: "_Answer", reason: str, status: int, text: str
    ) -> None:
        if "desk" in scope["state"]:
            scope["state"]["desk"].counters.turned_away[reason] += 1
        if not answer.has_begun:
            more = [(b"retry-after", b"5")] if status == 503 else []
            if not scope["path"].startswith("/api/"):
                await say(scope, answer, status, text, headers=more)
                return
            accepted = "a smaller body" if status == 413 else "again in a few seconds"
            error = {"parameter": None, "detail": text.strip(), "accepted": accepted}
            body = orjson.dumps({"error": error})
            await say(scope, answer, status, body, content_type="application/json", headers=more)

    def _with_headers(self, send: Any) -> Any:
        # A balancer that keeps connections would send the next request to a server that is gone.
        last = [_CLOSE] if self._operations.standing.is_draining else []

        async def send_with_headers(message: Any) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = [*message.get("headers", ()), *ENCODED, *last]
                message = {**message, "headers": headers}
            await send(message)

        return send_with_headers

    def _is_ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name, _ = split_domain_port(hosts[0])
        return bool(name) and validate_host(name, self._allowed_hosts)


class _Answer:
    """Hands an answer on, and knows whether it has begun."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Any) -> None:
        self.has_begun = True
        await self._send(message)


def _take_off_lookalikes(scope: Any) -> None:
    if any(b"_" in name for name, _ in scope["headers"]):
        scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]
