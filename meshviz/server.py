"""The ASGI server: one process, tuned for many idle websockets."""

import contextlib
import ctypes
import functools
import logging
import os
import resource
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import uvicorn

from graph.live.garbage import collect_seldom
from graph.sources import Source
from meshviz import __version__
from meshviz.config import Config
from meshviz.ending import OrderlyServer
from meshviz.listening import address_of, port_of
from meshviz.lobby import lobby_for
from meshviz.operations import Operations
from meshviz.sockets import GOODBYE_S, UpgradingProtocol, ViewerProtocol
from meshviz.standing import Standing

_MAX_MESSAGE_BYTES = 4096  # clients have little to say: a view with its namespaces
_SPARE_FILES = 1024  # besides viewers and those who may become one: Prometheus, files
_LAST_QUERY_S = 1.0

_M_ARENA_MAX = -8  # malloc.h


@dataclass(frozen=True, slots=True)
class Doors:
    """Where a server lets people in, and where probes and scrapes if that is elsewhere."""

    main: socket.socket
    operations: socket.socket | None = None

    @property
    def sockets(self) -> list[socket.socket]:
        return [self.main] if self.operations is None else [self.main, self.operations]


def run(
    wanted: Config, source: Source, doors: Doors, standing: Standing, say: Callable[[str], None]
) -> None:
    """Serve what the source of these settings tells, until a signal ends it."""
    # Django's settings must be there first, which the command line has seen to.
    from meshviz.asgi import create

    collect_seldom()
    _share_memory()
    _allow_files(2 * wanted.max_viewers + _SPARE_FILES)
    operations = Operations(standing, port_of(doors.operations) if doors.operations else None)
    server = OrderlyServer(
        _options(create(wanted, source, operations), wanted),
        lambda: say(_greeting(wanted, doors.main, doors.operations)),
        standing,
        wanted.drain,
    )
    try:
        server.run(sockets=doors.sockets)
    finally:
        _end_stragglers()


def _options(application: object, wanted: Config) -> uvicorn.Config:
    return uvicorn.Config(
        application,  # type: ignore[arg-type]  # ours is typed by asgiref, uvicorn's by itself
        loop="uvloop",
        http=functools.partial(UpgradingProtocol, lobby=lobby_for(wanted.max_viewers)),  # type: ignore[arg-type]
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
        # A request in flight may have to wait for Prometheus.
        timeout_graceful_shutdown=ceil(wanted.query_timeout + GOODBYE_S),
        # Viewers, those who are none yet and requests have limits of their own: `graph.live.hub`,
        # `meshviz.lobby` and `meshviz.turnstile`. One for all would let one kind shut out the rest.
        limit_concurrency=None,
    )


def _greeting(wanted: Config, listener: socket.socket, operations: socket.socket | None) -> str:
    here = (
        f"meshviz {__version__} at {address_of(listener)}/ asks {wanted.prometheus_url}. "
        "Press Ctrl-C to stop."
    )
    if operations is None:
        return here
    return f"{here}\n/healthz, /readyz and /metrics are at {address_of(operations)}/."


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
