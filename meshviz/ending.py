"""A server that ends in good order.

    told to end    not ready any more (`meshviz.standing`), serves everybody all the same
    drained        lets go of its port; websockets close with 1012, requests in flight finish
    told again     gone, whatever was under way

Balancers learn of it by /readyz, and need a while. Whoever still comes is served, and told to come
by a new connection next time.
"""

import logging
import os
import time
from collections.abc import Callable
from socket import socket
from types import FrameType

import uvicorn

from meshviz.standing import Standing

log = logging.getLogger(__name__)


class OrderlyServer(uvicorn.Server):
    """Calls ``started`` once it takes requests, and drains before it ends."""

    def __init__(
        self,
        options: uvicorn.Config,
        started: Callable[[], None],
        standing: Standing,
        drain_s: float,
    ) -> None:
        super().__init__(options)
        self._tell = started
        self._standing = standing
        self._drain_s = drain_s
        self._drained_at = 0.0

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end. In a handler of signals, so nothing is logged: that takes locks."""
        if self._standing.is_draining:
            os._exit(0)
        self._captured_signals.append(sig)
        self._drained_at = time.monotonic() + self._drain_s
        self._standing.is_draining = True

    async def on_tick(self, counter: int) -> bool:
        if self._standing.is_draining and time.monotonic() >= self._drained_at:
            log.info("ends, with %d connections", len(self.server_state.connections))
            self.should_exit = True
        return await super().on_tick(counter)
