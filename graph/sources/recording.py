"""A recording as a source: what a Prometheus once answered, answered again.

Its time runs from the first recorded tick to the last and begins again, so whoever polls it sees
the recorded minutes in a loop, tick by tick as they were.
"""

import threading
import time
from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from graph.core.samples import Fault, Harvest, Lane, Sample
from graph.core.wire import Check, SourceFacts
from graph.sources.base import Garbled, Rejected, SourceError, TooSlow, Unavailable
from graph.sources.costs import QueryCost
from graph.sources.naming import Naming
from graph.sources.ranges import Courses, Times
from graph.sources.reel import Reel
from graph.sources.shape import PLAIN, Shape
from graph.sources.tape import BadRecording

__all__ = ["BadRecording", "Recording", "open_recording"]

# Between the last tick and the first of the next round, when there is only one tick.
_ROUND_S = 5.0
# Sums of floats fall short of a tick by less than this.
_SLACK_S = 0.001
# Callers round the moments that they ask for to whole seconds.
_ROUNDING_S = 1.0
_ERRORS: Mapping[str, type[SourceError]] = {
    "unreachable": Unavailable,
    "timeout": TooSlow,
    "garbled": Garbled,
}


class Recording:
    """Plays a recording. Safe to use from several threads."""

    def __init__(self, reel: Reel, name: str) -> None:
        self.name = name
        self._reel = reel
        self._moments = reel.moments
        self._gap_s = median(
            [later - earlier for earlier, later in pairwise(self._moments)] or [_ROUND_S]
        )
        self._lock = threading.Lock()
        self._began: float | None = None

    @property
    def queries_total(self) -> int:
        """How many queries were sent: none, nobody is asked."""
        return 0

    @property
    def costs(self) -> Mapping[str, QueryCost]:
        """What they cost: nothing."""
        return {}

    @property
    def scrape_interval_s(self) -> float | None:
        """Seconds between two scrapes of the proxies, as it was known then."""
        return self._reel.scrape_interval_s

    @property
    def naming(self) -> Naming:
        """Istio's own names: answers were translated when they were recorded."""
        return Naming()

    @property
    def shape(self) -> Shape:
        """An ordinary mesh: what was found of the original is in its facts."""
        return PLAIN

    @property
    def traffic(self) -> str:
        """The selector of the mesh's traffic counters: none, there is nobody to be asked."""
        return ""

    @property
    def scraped(self) -> str:
        """The selection of scraped targets: none, there is nobody to be asked."""
        return ""

    @property
    def jobs(self) -> tuple[str, ...]:
        """The scrape jobs that carry Istio's metrics: none, they were not recorded."""
        return ()

    @property
    def leading_jobs(self) -> tuple[str, ...]:
        """Those of these jobs that scrape at the general interval: not recorded either."""
        return ()

    @property
    def windows(self) -> list[int]:
        """The look-back windows that were recorded, in seconds."""
        return self._reel.windows

    @property
    def moments(self) -> list[float]:
        """The moments of the recorded ticks, by the clock of who answered."""
        return list(self._moments)

    @property
    def diagnosis(self) -> tuple[float, list[Check]] | None:
        """When the doctor looked, and what was found; None if nobody asked."""
        return self._reel.diagnosis

    def prepare(self, now: float) -> None:
        """Start the clock if it does not run yet; everything is known already."""
        with self._lock:
            if self._began is None:
                self._began = now

    def time_at(self, now: float) -> float:
        """Return the moment of the recorded tick that is on at the local time ``now``."""
        self.prepare(now)
        round_s = self._moments[-1] - self._moments[0] + self._gap_s
        passed_s = (now - (self._began or 0.0)) % round_s
        moment = self._moments[0] + passed_s + _SLACK_S
        return self._moments[bisect_right(self._moments, moment) - 1]

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        """Return the answers of the tick that was on at ``at``, or raise what was raised then.

        Raises Rejected for windows and moments that were not recorded.
        """
        track = self._reel.tracks.get((lane, window_s))
        if track is None:
            raise self._not_recorded(f"the {lane} answers of a {window_s} s window")
        if not self._moments[0] - _ROUNDING_S <= at < self._moments[-1] + self._gap_s:
            raise self._not_recorded(f"{_clock(at)} UTC")
        take = track.at(at)
        if isinstance(take, Fault):
            raise _ERRORS.get(take.reason, Rejected)(take.detail, take.advice)
        return take.play(self._reel.labels)

    def harvests(self, lane: Lane, window_s: int | None = None) -> list[Harvest]:
        """Return every answer of a lane, in order; of the shortest window unless told."""
        return self._reel.harvests(lane, window_s or self.windows[0])

    def ask(self, promql: str, at: float | None = None) -> list[Sample]:
        """Refuse: nobody is there who could run a query."""
        raise self._speechless()

    def ask_range(self, promql: str, times: Times) -> Courses:
        """Refuse likewise."""
        raise self._speechless()

    def get(self, path: str) -> Any:
        """Refuse: nobody is there who could be asked."""
        raise self._speechless()

    def facts(self) -> SourceFacts:
        """Return what was known of the original, and that this is a recording of it."""
        facts = self._reel.facts
        what = " ".join(filter(None, (facts["flavor"], facts["version"], "at", facts["url"])))
        said = (
            f"This is a recording, played over and over: {len(self._moments)} ticks of {what}, "
            f"{self._span()}."
        )
        return {
            **facts,
            "kind": "recording",
            "url": f"recording:{self.name}",
            "warnings": [said, *facts["warnings"]],
        }

    def page_url(self, promql: str, at: float, range_s: float | None = None) -> str | None:
        """Return None: there is no Prometheus whose page could be opened."""
        return None

    def close(self) -> None:
        """Do nothing: nothing is open."""

    def _span(self) -> str:
        return f"from {_clock(self._moments[0])} to {_clock(self._moments[-1])} UTC"

    def _not_recorded(self, what: str) -> Rejected:
        windows = ", ".join(f"{window_s} s" for window_s in self.windows)
        return Rejected(
            f"The recording {self.name} does not hold {what}: only {self._span()}, "
            f"with windows of {windows}.",
            f"Choose a window of {windows}, or record another with --window.",
        )

    def _speechless(self) -> Rejected:
        return Rejected(
            f"The recording {self.name} cannot answer other questions than those it holds.",
            "Point MESHVIZ_PROMETHEUS_URL at a Prometheus to ask more.",
        )


def open_recording(path: Path | str) -> Recording:
    """Return the recording in a file, read as a whole. Raises BadRecording."""
    return Recording(Reel(Path(path)), Path(path).name)


def _clock(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))
