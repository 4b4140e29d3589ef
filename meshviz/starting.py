"""Has a window polled that a viewer asks for, without waiting for beat to say so."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kombu.exceptions import OperationalError

from meshviz import config

log = logging.getLogger(__name__)


class Starter:
    """Sends tasks from a thread of its own: Celery waits for Redis, the server's loop must not."""

    def __init__(self, wanted: config.Config) -> None:
        self._wanted = wanted
        self._app: Any = None
        self._thread = ThreadPoolExecutor(1, "starter")

    def start(self, window_s: int) -> None:
        """Ask the workers to keep a window, which they may do already."""
        self._thread.submit(self._send, window_s)

    def _send(self, window_s: int) -> None:
        # Only scaled mode needs Celery, and loading it takes a second.
        from meshviz.celery import KEEP, create

        try:
            self._app = self._app or create(self._wanted)
            self._app.send_task(KEEP, [window_s], expires=self._wanted.interval, retry=False)
        except OperationalError as error:
            log.debug("no worker could be asked: %s", error)
