"""The ASGI application: guard, then Django for HTTP and the graph's websocket."""

import logging
import os
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshviz.settings")
http = get_asgi_application()

# Django's settings must be there before these are imported.
from django.conf import settings  # noqa: E402

from graph.live.guest import anybody, nobody  # noqa: E402
from graph.live.routing import watch, websocket_application  # noqa: E402
from graph.sources import Source  # noqa: E402
from meshviz import config  # noqa: E402
from meshviz.guard import Guard  # noqa: E402
from meshviz.journal import Requests  # noqa: E402
from meshviz.opening import open_desk  # noqa: E402
from meshviz.operations import Operations  # noqa: E402
from meshviz.standing import Standing  # noqa: E402


def create(
    wanted: config.Config, source: Source | None = None, operations: Operations | None = None
) -> Requests:
    """Return the application for these settings; it opens their source if it is not given."""

    operations = operations or Operations(Standing())

    async def lifespan(scope: Any, receive: Any, send: Any) -> None:
        """Open the desk at the start, hand it to every request, close it at the end."""
        await receive()
        try:
            desk = open_desk(wanted, source)
        except config.ConfigError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await desk.open()
        scope["state"]["desk"] = desk
        scope["state"]["door"] = door
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await desk.close()
        await send({"type": "lifespan.shutdown.complete"})

    door = _door() if settings.MESHVIZ.has_users else None
    parts = {
        "http": http,
        "websocket": websocket_application(wanted.extra_origins, door or watch),
        "lifespan": lifespan,
    }
    first = nobody if wanted.has_users else anybody
    guard = Guard(ProtocolTypeRouter(parts), config.host_names(wanted), operations, first)
    # People read a text log, and look for what is wrong.
    level = logging.INFO if wanted.log_format == "json" else logging.DEBUG
    return Requests(guard, operations.requests, level)


def _door() -> Any:
    # What it imports is there only where people sign in.
    from meshviz.signin.door import Door
    from meshviz.signin.reception import reception

    return Door(watch, reception(), settings.SESSION_LOOK_AGAIN_S)


application = create(settings.MESHVIZ)
