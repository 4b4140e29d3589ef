"""A source that answers for one past moment, whatever the time: runs can be repeated exactly."""

import time

from graph.sources import Source
from graph.sources.wrapped import Wrapped


class Pinned(Wrapped):
    """Another source, with its clock stopped at ``at`` (its own unix seconds)."""

    def __init__(self, source: Source, at: float) -> None:
        super().__init__(source)
        self.at = at
        source.prepare(time.time())  # what is asked depends on what the mesh is found to have

    def prepare(self, now: float) -> None:
        """Do nothing: the clock is known, and so is the scrape interval."""

    def time_at(self, now: float) -> float:
        return self.at
