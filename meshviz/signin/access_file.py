"""The access rules as the file has them at present."""

import logging
import threading
import time
from pathlib import Path

from graph.sources.access import file_mark
from meshviz import files
from meshviz.access import OPEN, AccessRules

log = logging.getLogger(__name__)

# Kubernetes takes a minute to bring a changed ConfigMap; nobody notices one second more.
_LOOK_AGAIN_S = 1.0


class AccessFile:
    """Reads the file again whenever it changes; what is wrong then changes nothing, and is logged.

    For threads. Without a file the rules are those for a meshviz that has none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self._seen = file_mark(path) if path else None
        self._rules = files.access(path) if path else OPEN

    def rules(self) -> AccessRules:
        """Return what is written there."""
        with self._lock:
            now = time.monotonic()
            if self._path is not None and now - self._looked_at >= _LOOK_AGAIN_S:
                self._looked_at = now
                self._read_again(self._path)
            return self._rules

    def _read_again(self, path: Path) -> None:
        mark = file_mark(path)
        if mark == self._seen:
            return
        self._seen = mark
        try:
            self._rules = files.access(path)
            log.info("Read %s again: roles and namespaces are as it says now.", path.name)
        except ValueError as error:
            log.error("Roles and namespaces stay as they were: %s", error)
