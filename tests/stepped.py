"""`manage.py serve` on a machine whose clock somebody sets: wall time is off by what a file says.

    python -m tests.stepped FILE

The monotonic clock goes on as it does on a real machine whose clock is set.
"""

import sys
import time
from pathlib import Path

from manage import main

_true_time = time.time


def serve(offset: Path) -> None:
    """Serve, and take the number of seconds in the file as the error of the wall clock."""

    def stepped() -> float:
        return _true_time() + float(offset.read_text() or 0)

    time.time = stepped
    sys.argv = ["manage.py", "serve"]
    main()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
