"""`manage.py serve` that also writes down when each frame was ready for its viewers.

    python -m bench.witnessed FILE [--port N]

Each line of FILE is a frame's kind, its number, and the moment on the machine's monotonic clock,
which the readers' process reads too.
"""

import os
import sys
import time
from pathlib import Path
from typing import TextIO


def main() -> None:
    """Serve as `manage.py serve` does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshviz.settings")
    from django.core.management import execute_from_command_line

    _, path, *options = sys.argv
    with Path(path).open("w", buffering=1, encoding="ascii") as notes:
        _witness(notes)
        execute_from_command_line(["manage.py", "serve", *options])


def _witness(notes: TextIO) -> None:
    from graph.live.counters import Counters

    published = Counters.published

    def noted(self: Counters, kind: str, seq: int) -> None:
        notes.write(f"{kind} {seq} {time.monotonic():.6f}\n")
        published(self, kind, seq)

    Counters.published = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
