"""What every request passes before anything else sees it, HTTP and websocket alike.

* Probes and scrapes are answered to whoever asks (`meshviz.operations`).
* The Host must be one of ours; otherwise any web page could reach this server by DNS rebinding.
* Every HTTP answer carries the security headers, errors and static files included.
"""

from collections.abc import Callable, Sequence
from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from django.http.request import split_domain_port, validate_host

from graph.live.guest import Guest, anybody, welcome
from graph.live.replies import header_values, say
from meshviz.operations import Operations

_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _CSP.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ENCODED_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_CLOSE = (b"connection", b"close")

_WRONG_HOST = (
    "meshviz is not called by this name. If it should be, add the name to MESHVIZ_ALLOWED_HOSTS "
    "and restart.\n"
)


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

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        welcome(scope, self._first(scope))
        secured = self._with_headers(send) if scope["type"] == "http" else send
        if await self._operations.answer(scope, secured):
            return
        if not self._is_ours(header_values(scope, b"host")):
            await say(scope, secured, 400, _WRONG_HOST)
        else:
            await self._application(scope, receive, secured)

    def _with_headers(self, send: Any) -> Any:
        # A balancer that keeps connections would send the next request to a server that is gone.
        last = [_CLOSE] if self._operations.standing.is_draining else []

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *_ENCODED_HEADERS, *last]
                message = {**message, "headers": headers}
            await send(message)

        return send_with_headers

    def _is_ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name, _ = split_domain_port(hosts[0])
        return bool(name) and validate_host(name, self._allowed_hosts)
