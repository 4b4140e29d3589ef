"""How often to look what a mesh is made of: often while that changes, else once a minute. Pure."""

from collections.abc import Hashable

# What a minute-old answer may still be right about: version, clock, mesh, scrape interval.
_CALM_S = 60.0
# A mesh that was just begun to be scraped, or is being updated, shows more with every scrape.
_LIVELY_S = 10.0
# Prometheus itself may be as young as we are.
_YOUNG_S = 120.0
# Looking at a big mesh costs seconds: no more of the time than this.
_SHARE = 0.05


class Rhythm:
    """Tells when to look again. Times are seconds of any clock that never goes back."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._due = 0.0
        self._found: Hashable = None

    def is_due(self, now: float) -> bool:
        """Tell whether it is time to look."""
        return self._began is None or now >= self._due

    def looked(self, found: Hashable, now: float, took_s: float = 0.0) -> None:
        """Note what was found: a look that finds something new is followed by another one soon.

        One that took long has to wait, whatever it found.
        """
        if self._began is None:
            self._began = now
        is_lively = found != self._found or now - self._began < _YOUNG_S
        self._found = found
        self._due = now + max(_LIVELY_S if is_lively else _CALM_S, took_s / _SHARE)
