"""What every request passes before anything else sees it, HTTP and websocket alike.

* `/healthz` and `/metrics` answer whoever asks: a kubelet and a Prometheus call the pod by its
  address, not by a name we know. Neither says anything of the mesh.
* The Host must be one of ours; otherwise any web page could reach this server by DNS rebinding.
* Every HTTP answer carries the security headers, errors and static files included.
* Headers with an underscore are taken off: behind the names that Django makes of headers, they
  look like those that a proxy sets.
* No more requests at a time than there are threads for, and no more of a body than anything takes.
"""

import logging
from collections.abc import Sequence
from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from django.http.request import split_domain_port, validate_host

from graph.live import metrics
from graph.live.replies import header_values, say
from meshviz.bodies import TooLarge, capped, is_too_large
from meshviz.headers import ENCODED
from meshviz.turnstile import Crowded, Turnstile

log = logging.getLogger(__name__)

_WRONG_HOST = (
    "meshviz is not called by this name. If it should be, add the name to MESHVIZ_ALLOWED_HOSTS "
    "and restart.\n"
)
_TOO_LARGE = "The request's body is larger than anything that meshviz takes.\n"
_BUSY = "meshviz has more requests than it can answer at a time. Try again in a few seconds.\n"
_FAILED = "meshviz failed on this request; its log says why.\n"


class Guard:
    """Wraps the application with the health answer, the Host check and the headers."""

    def __init__(self, application: ASGI3Application, allowed_hosts: Sequence[str]) -> None:
        self._application = application
        self._allowed_hosts = allowed_hosts
        self._turnstile = Turnstile()

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        secured = _with_headers(send)
        _take_off_lookalikes(scope)
        if scope["type"] == "http" and scope["path"] == "/healthz":
            await say(scope, secured, 200, "ok\n")
        elif scope["type"] == "http" and scope["path"] == "/metrics":
            text = metrics.exposition(scope["state"]["desk"])
            await say(scope, secured, 200, text, content_type=metrics.CONTENT_TYPE)
        elif not self._is_ours(header_values(scope, b"host")):
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
            await say(scope, answer, status, text, headers=more)

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


def _with_headers(send: Any) -> Any:
    async def send_with_headers(message: Any) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            message = {**message, "headers": [*message.get("headers", ()), *ENCODED]}
        await send(message)

    return send_with_headers


def _take_off_lookalikes(scope: Any) -> None:
    if any(b"_" in name for name, _ in scope["headers"]):
        scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]
