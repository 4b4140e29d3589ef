"""The ASGI server: one process, one listening socket, tuned for many idle websockets."""

import contextlib
import ctypes
import errno
import functools
import logging
import os
import resource
import socket
import sys
import threading
from collections.abc import Callable

import uvicorn

from graph.live.garbage import collect_seldom
from graph.sources import Source
from meshviz import __version__
from meshviz.config import Config
from meshviz.lobby import lobby_for
from meshviz.sockets import UpgradingProtocol, ViewerProtocol

# Frees a client that neither reads nor closes (a sleeping laptop): without it uvicorn waits for
# ever to hand over what it has buffered for that client.
_PEER_TIMEOUT_MS = 30_000
_MAX_MESSAGE_BYTES = 4096  # clients have little to say: a view with its namespaces
_SPARE_FILES = 1024  # besides viewers and those who may become one: Prometheus, files
_GOODBYE_S = 5
_LAST_QUERY_S = 1.0

_M_ARENA_MAX = -8  # malloc.h


class CannotListen(Exception):
    """The address cannot be had. ``str()`` says what to do."""


def listen(wanted: Config) -> socket.socket:
    """Return a listening socket; raise CannotListen with advice."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            wanted.host, wanted.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
    except OSError as error:
        raise CannotListen(_advice(error, wanted)) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _PEER_TIMEOUT_MS)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotListen(_advice(error, wanted)) from None
    return listener


def run(
    wanted: Config, source: Source, listener: socket.socket, say: Callable[[str], None]
) -> None:
    """Serve what the source of these settings tells, until a signal ends it."""
    # Django's settings must be there first, which the command line has seen to.
    from meshviz.asgi import create

    collect_seldom()
    _share_memory()
    _allow_files(2 * wanted.max_viewers + _SPARE_FILES)
    server = _Server(
        _options(create(wanted, source), wanted.max_viewers),
        lambda: say(_greeting(wanted, listener)),
    )
    try:
        server.run(sockets=[listener])
    finally:
        _end_stragglers()


class _Server(uvicorn.Server):
    """Calls back once it takes requests."""

    def __init__(self, options: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(options)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()


def _options(application: object, max_viewers: int) -> uvicorn.Config:
    return uvicorn.Config(
        application,  # type: ignore[arg-type]  # ours is typed by asgiref, uvicorn's by itself
        loop="uvloop",
        http=functools.partial(UpgradingProtocol, lobby=lobby_for(max_viewers)),  # type: ignore[arg-type]
        ws=ViewerProtocol,
        ws_max_size=_MAX_MESSAGE_BYTES,
        # It would compress every frame anew for every viewer: twenty times the CPU.
        ws_per_message_deflate=False,
        # A status goes to every viewer once per interval: what is lost is noticed by what is sent,
        # and a timer per viewer would only wake the process.
        ws_ping_interval=None,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whoever reaches us through a port-forward looks like a local proxy; believe none.
        proxy_headers=False,
        timeout_graceful_shutdown=_GOODBYE_S,
        # Viewers, those who are none yet and requests have limits of their own: `graph.live.hub`,
        # `meshviz.lobby` and `meshviz.turnstile`. One for all would let one kind shut out the rest.
        limit_concurrency=None,
    )


def _greeting(wanted: Config, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return (
        f"meshviz {__version__} at http://{shown}:{port}/ asks {wanted.prometheus_url}. "
        "Press Ctrl-C to stop."
    )


def _advice(error: OSError, wanted: Config) -> str:
    where = f"port {wanted.port} of {wanted.host}"
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Cannot listen on {where}: something else does already. Stop it, or choose "
                f"another port: --port {_other_port(wanted.port)}, or 0 for any free one."
            )
        case errno.EACCES:
            return f"Cannot listen on {where}: not permitted. Choose a port above 1023 (--port)."
        case errno.EADDRNOTAVAIL | socket.EAI_NONAME:
            return (
                f"Cannot listen on {where}: this machine has no such address. Choose another "
                "(--host), such as 127.0.0.1, or 0.0.0.0 for every network interface."
            )
    return f"Cannot listen on {where}: {error.strerror or error}. Choose another (--host, --port)."


def _other_port(port: int) -> int:
    return port + 1 if port < 65535 else 8000


def _allow_files(wanted: int) -> None:
    """Raise the limit of open files as far as we may: every viewer is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def _share_memory() -> None:
    """Let all threads allocate from one place, so that one uses again what another has freed.

    glibc gives each thread an arena of its own, which keeps the most that it ever held.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library has other ways
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _end_stragglers() -> None:
    """Leave at once if a query in flight would hold the process until its deadline."""
    others = [thread for thread in threading.enumerate() if not thread.daemon]
    for thread in others:
        if thread is not threading.current_thread():
            thread.join(_LAST_QUERY_S)
    if any(thread.is_alive() for thread in others if thread is not threading.current_thread()):
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
