"""How often to ask: as often as is wanted, as seldom as the time that asking takes demands.

Prometheus may be kept busy for a share of the time. Both lanes are asked side by side, so the slow
one costs only what it takes beyond the fast one. Where both need more than the share, each gets
half, or what the other leaves of it. What counts is how long answers usually take: the share is
kept over a minute rather than from tick to tick, or one hiccup would cost a minute of pictures.
"""

from math import ceil
from typing import NamedTuple

# Sums of times that fill the share to the last digit must not cost another whole period.
_ROUNDING = 1e-6


# How much the newest answer counts for what an answer usually takes: a single hiccup is forgotten
# within a few ticks, while what stays slow is known after as many.
_NEWEST = 0.3


class Cadence(NamedTuple):
    """Seconds from the start of one question to the start of the next, by lane."""

    fast_s: float
    slow_s: float


def share_of(budget: float, windows: int) -> float:
    """Return the share of the time (0..1) that one of several polled windows may use."""
    return budget / max(1, windows)


def period_s(interval_s: float, took_s: float, share: float) -> float:
    """Return the seconds from start to start of something that may take a share of the time."""
    return max(interval_s, took_s / share)


def usual_s(usually_s: float, took_s: float) -> float:
    """Return the seconds that an answer usually takes, now that one took so long; 0 is unknown."""
    return usually_s + _NEWEST * (took_s - usually_s) if usually_s else took_s


def planned(interval_s: float, fast_took_s: float, slow_took_s: float, share: float) -> Cadence:
    """Return how often each lane is asked, given how long a question to it usually takes.

    The slow lane is asked on some of the fast lane's ticks, so its period is a multiple of theirs.
    """
    more_s = max(0.0, slow_took_s - fast_took_s)
    fast_s = period_s(interval_s, fast_took_s, max(share / 2, share - more_s / interval_s))
    if not more_s:
        return Cadence(fast_s, fast_s)
    slow_share = max(share - fast_took_s / fast_s, min(share / 2, more_s / interval_s))
    ticks = more_s / slow_share / fast_s
    return Cadence(fast_s, fast_s * max(1, ceil(ticks - _ROUNDING)))
