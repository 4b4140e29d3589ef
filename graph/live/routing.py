"""The websocket's address, and the Origin check in front of it."""

import logging
from collections.abc import Collection
from typing import Any

from graph.live.consumers import GraphConsumer
from graph.live.origin import is_allowed
from graph.live.replies import header_values, say

log = logging.getLogger(__name__)

PATH = "/ws/graph"

_REFUSED = (
    "This page may not open meshviz' websocket: its origin is not the address that meshviz is "
    "called by. If it should, add it to MESHVIZ_EXTRA_ORIGINS and restart.\n"
)
_NOTHING = f"There is no websocket at this address; it is {PATH}.\n"


async def watch(scope: Any, receive: Any, send: Any) -> None:
    """Show the graph to a viewer who may see it (an ASGI application)."""
    await GraphConsumer()(scope, receive, send)


def websocket_application(extra_origins: Collection[str], viewer: Any = watch) -> Any:
    """Return the ASGI application for websockets; ``viewer`` serves those from pages of ours."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        origins, hosts = header_values(scope, b"origin"), header_values(scope, b"host")
        if not is_allowed(origins, hosts, scope["scheme"], extra_origins):
            log.warning("refused a websocket from origin %.200r to %.200r", origins, hosts)
            await say(scope, send, 403, _REFUSED)
        elif scope["path"] != PATH:
            await say(scope, send, 404, _NOTHING)
        else:
            await viewer(scope, receive, send)

    return application
