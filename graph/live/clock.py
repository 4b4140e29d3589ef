"""The time of this process: right when it began, and never set forth or back since.

Ages and due times are differences between two readings of a clock. A wall clock that is corrected
meanwhile would make data come from the future, or keep a lane waiting for an hour.
"""

import time

_OFFSET_S = time.time() - time.monotonic()


def steady_now() -> float:
    """Return unix seconds that only ever grow with the time that has really passed."""
    return time.monotonic() + _OFFSET_S
