"""How far back to look while Prometheus has a gap in its scrapes.

`rate` over a window that begins or ends in a gap is too low. The time since the gap has no hole, so
rates over it are right, if rougher; a new Prometheus is one whose gap reaches back for ever.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from graph.core.verdict import gap_in_scrapes

_PARTS = (2, 3, 4)
# Fewer scrapes would make numbers of chance alone.
_SCRAPES = 3

# More than there are windows being watched, so that a look at the past pushes none of them out.
_NOTES = 64

# Seconds of a span's data, None where nobody knows.
Covered = Callable[[int], float | None]


def whole_span_s(window_s: int, scrape_interval_s: float, covered_s: Covered) -> int | None:
    """Return the longest part of a window, up to its end, that has no gap; None if none has."""
    for span_s in _spans(window_s, scrape_interval_s):
        known_s = covered_s(span_s)
        if known_s is None:
            return None
        if gap_in_scrapes(span_s, known_s, scrape_interval_s) is None:
            return span_s
    return None


def _spans(window_s: int, scrape_interval_s: float) -> Iterator[int]:
    spans = (window_s // part for part in _PARTS)
    return (span_s for span_s in spans if span_s >= _SCRAPES * scrape_interval_s)


class _Note(NamedTuple):
    window_s: int
    at: float
    span_s: int | None


class Spans:
    """The spans that the fast lane looked at, for the slow lane to look at the same."""

    def __init__(self) -> None:
        self._notes: tuple[_Note, ...] = ()

    def note(self, window_s: int, at: float, span_s: int | None) -> None:
        """Remember what was looked at in place of the window that ends at ``at``, if anything."""
        self._notes = (*self._notes, _Note(window_s, at, span_s))[-_NOTES:]

    def near(self, window_s: int, at: float) -> int | None:
        """Return the span noted nearest to ``at``; None for the whole window."""
        notes = [note for note in self._notes if note.window_s == window_s]
        found = min(notes, key=lambda note: abs(note.at - at), default=None)
        return found.span_s if found is not None and abs(found.at - at) <= window_s else None
