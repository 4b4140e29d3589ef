"""Charts: what a client may ask of the past, and how often Prometheus is asked for it."""

import math
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from graph.core import engine, topology
from graph.core.engine import FeedState, ViewSpec
from graph.core.origins import Origins, origins
from graph.core.readings import Readings
from graph.core.topology import Look
from graph.core.wire import Distribution, History
from graph.live.memo import Memo
from graph.live.rules import Rules
from graph.live.turns import Turns, Unanswered
from graph.sources import Source, SourceError, Wanted, distribution, history
from graph.sources.chart import Topic
from graph.sources.ranges import Times
from graph.sources.strands import Target

_KEPT = 64
# Charts that are made at the same time: each asks several queries at once.
_AT_ONCE = 2
# The live picture is as good as one of a moment so little ago, and costs nothing.
_LIVE_S = 60.0
# A rate wants some scrapes in its window.
_SCRAPES = 4
_SCRAPE_INTERVAL_S = 15.0  # Prometheus' own default, where it is not known
# Proxies add to histograms and bytes once in five seconds, however often they are scraped: in a
# shorter window all of it may fall between two samples, and the rate is 0 at every step.
_LEAST_WINDOW_S = 15
POINTS_MAX = 240
# A chart of a whole mesh has fewer points the more there is to add up for each, but no fewer than
# tell something. Buckets are several times as many series as all the rest.
_WORK_MAX = 500_000
_BUCKETS = 5
_POINTS_MIN = 24
# Steps that people and clocks find round.
_STEPS_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400)


@dataclass(frozen=True, slots=True)
class HistoryAsked:
    """What a client wants drawn. ``end`` is unix seconds, None for now; ``step_s`` None for any."""

    target: Target
    range_s: int
    end: float | None
    step_s: int | None
    topics: tuple[Topic, ...]
    by_version: bool


class Charts:
    """Makes the charts of one process. For threads.

    ``feed`` returns the readings of a window at a moment, or the newest for None.
    """

    def __init__(
        self, source: Source, rules: Rules, feed: Callable[[int, float | None], FeedState]
    ) -> None:
        self._source = source
        self._rules = rules
        self._feed = feed
        self._turns = Turns(_AT_ONCE, rules.look_queue_s)
        self._kept: Memo[tuple[ViewSpec, Wanted], History] = Memo(_KEPT)

    def history(self, spec: ViewSpec, asked: HistoryAsked) -> History:
        """Return the lines of a chart; those who ask for the same at once share them.

        Raises KeyError for what is not drawn, Unanswered and Busy.
        """
        now = time.time()
        try:
            self._source.prepare(now)
            now = self._source.time_at(now)
        except SourceError as error:
            raise self._unanswered(spec, error) from None
        is_live = asked.end is None or asked.end > now - _LIVE_S
        readings = self._readings(spec, None if is_live else asked.end)
        wanted = self._wanted(asked, now if asked.end is None else asked.end, readings)
        return self._kept.get((spec, wanted), lambda: self._made(spec, wanted, readings))

    def distribution(self, spec: ViewSpec, target: Target, at: float | None) -> Distribution:
        """Return how long requests took in the window. Raises as `history` does."""
        readings = self._readings(spec, at)
        found = self._origins(readings, spec.look, target)
        return distribution(self._source, readings, found, target)

    def _readings(self, spec: ViewSpec, at: float | None) -> Readings:
        feed = self._feed(spec.window_s, at)
        if feed.readings is None:
            raise Unanswered(feed)
        return feed.readings

    def _wanted(self, asked: HistoryAsked, end: float, readings: Readings) -> Wanted:
        scrape_s = self._source.scrape_interval_s or _SCRAPE_INTERVAL_S
        accounts = 0 if asked.target.is_entity else len(readings.fast.accounts)
        points = points_of(accounts, asked.topics)
        default_s = default_step_s(asked.range_s, scrape_s, points)
        step_s = max(asked.step_s or default_s, math.ceil(asked.range_s / points))
        # On the same moments for everybody, as Prometheus itself rounds what it keeps of answers.
        last = math.floor(end / step_s) * step_s
        count = asked.range_s // step_s + 1
        times = Times(last - (count - 1) * step_s, step_s, count)
        window_s = look_back_s(step_s, scrape_s)
        return Wanted(asked.target, times, window_s, asked.topics, asked.by_version)

    def _made(self, spec: ViewSpec, wanted: Wanted, readings: Readings) -> History:
        found = self._origins(readings, spec.look, wanted.target)
        with self._turns.turn():
            try:
                return history(self._source, found, wanted)
            except SourceError as error:
                raise self._unanswered(spec, error) from None

    def _origins(self, readings: Readings, look: Look, target: Target) -> Origins:
        """Return what is behind the picture that has the target, idle edges included.

        What is too large for one picture is drawn as its namespaces, and asked about so. Sums over
        many edges are the same in either.
        """
        look = replace(look, idle=True)
        whole = replace(look, graph_type="namespace", operations=False)
        if not target.is_entity:
            return origins(readings, whole, lasting=True)
        if self._rules.limits.holds(*topology.size(readings, look)):
            found = origins(readings, look, lasting=True)
            if target.edge in found.edges or target.node in found.namespaces:
                return found
        return origins(readings, whole, lasting=True)

    def _unanswered(self, spec: ViewSpec, error: SourceError) -> Unanswered:
        interval_s = self._rules.pace.interval_s
        blank = engine.start_feed(spec.window_s, interval_s, self._rules.mesh)
        scrape_s = self._source.scrape_interval_s
        return Unanswered(engine.absorb_fault(blank, error.fault(), scrape_s, time.time()))


def default_step_s(range_s: int, scrape_interval_s: float, points: int = POINTS_MAX) -> int:
    """Return the distance of points that draws all of a range: no closer than scrapes are."""
    least_s = max(range_s / points, scrape_interval_s)
    return next((step_s for step_s in _STEPS_S if step_s >= least_s), math.ceil(least_s))


def look_back_s(step_s: int, scrape_interval_s: float) -> int:
    """Return how far back each value looks, so that it rests on enough samples."""
    return max(math.ceil(_SCRAPES * scrape_interval_s), step_s, _LEAST_WINDOW_S)


def points_of(accounts: int, topics: Collection[Topic]) -> int:
    """Return how many points a chart of so many accounts together may have."""
    work = accounts * (_BUCKETS if "latency" in topics else 1)
    return min(POINTS_MAX, max(_POINTS_MIN, _WORK_MAX // max(1, work)))
