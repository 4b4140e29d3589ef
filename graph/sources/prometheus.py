"""Prometheus as a source: parallel instant queries at one evaluation time."""

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import ceil
from typing import Any
from urllib.parse import urlencode

from graph.core import eras
from graph.core.samples import Harvest, Lane, Sample
from graph.core.verdict import gap_in_scrapes, less_late
from graph.core.wire import SourceFacts
from graph.sources import answers, matrix, plan, promql, ruled
from graph.sources.access import OPEN, Access
from graph.sources.base import SourceError
from graph.sources.body import Body
from graph.sources.costs import HISTORY, OTHER, SURVEY, Costs, QueryCost
from graph.sources.discovery import Discovery
from graph.sources.naming import Matcher, Naming
from graph.sources.plan import Part
from graph.sources.ranges import Courses, Times
from graph.sources.rhythm import Rhythm
from graph.sources.ruled import Asked
from graph.sources.shape import PLAIN, Shape
from graph.sources.spans import Spans, whole_span_s
from graph.sources.survey import Surveyor
from graph.sources.tab import carried
from graph.sources.transport import Transport

_log = logging.getLogger(__name__)

# Most questions of a lane at once, and few enough that both lanes leave Prometheus, which runs 20
# queries at a time, some for others. The slow lane never waits for the fast one: its buckets are
# what a tick is as long as.
_PARALLEL: Mapping[Lane, int] = {"fast": 8, "slow": 3}
# Connections kept for who asks beside the lanes: two charts of three queries each, a doctor, and
# the counts of a dozen panels, four at a time each. With fewer, urllib3 closes those that find no
# place and logs a warning for each. A place that was never needed costs nothing; of the 512
# connections that Prometheus allows, this leaves the most to others.
_BESIDE = 64


class Prometheus:
    """A Prometheus, or anything that speaks its HTTP API, at a URL."""

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float,
        scrape_interval_s: float | None = None,
        public_url: str | None = None,
        access: Access = OPEN,
        naming: Naming | None = None,
    ) -> None:
        self._access = access
        connections = sum(_PARALLEL.values()) + _BESIDE
        self._transport = Transport(
            url, timeout_s=timeout_s, connections=connections, access=access
        )
        self._timeout_s = timeout_s
        self._public_url = (public_url or self._transport.shown_url).rstrip("/")
        self._naming = naming or Naming()
        self._pools = {
            lane: ThreadPoolExecutor(most, thread_name_prefix=f"prometheus-{lane}")
            for lane, most in _PARALLEL.items()
        }
        self._costs = Costs()
        surveyor = Surveyor(self._survey_call, self._pools["fast"], self._naming)
        self._discovery = Discovery(
            lambda path: self._survey_call(path, None),
            lambda query: self._query(query, of=SURVEY),
            surveyor.survey,
            scrape_interval_s,
        )
        self._rhythm = Rhythm()
        self._discovering = threading.Lock()
        self._register = eras.Register(())
        self._spans = Spans()

    @property
    def queries_total(self) -> int:
        """How many queries were sent since the start."""
        return self._costs.total

    @property
    def costs(self) -> Mapping[str, QueryCost]:
        """What they cost, by question."""
        return self._costs.told()

    @property
    def scrape_interval_s(self) -> float | None:
        """Seconds between two scrapes of the proxies, None while unknown."""
        return self._discovery.scrape_interval_s

    @property
    def naming(self) -> Naming:
        """How this Prometheus calls Istio's metrics and labels, and which series are meant."""
        return self._naming

    @property
    def shape(self) -> Shape:
        """How the mesh's series have to be asked for."""
        return self._discovery.survey.shape

    @property
    def jobs(self) -> tuple[str, ...]:
        """The scrape jobs that carry Istio's traffic counters."""
        return self._discovery.jobs

    @property
    def leading_jobs(self) -> tuple[str, ...]:
        """Those of these jobs that scrape at the interval that most series have."""
        return self._discovery.leading_jobs

    @property
    def traffic(self) -> str:
        """The selector of the traffic counters of every era found."""
        return promql.traffic(self._naming, self.shape)

    @property
    def scraped(self) -> str:
        """The braces that select `up` of the jobs above, "" while there are none."""
        return promql.targets(self.jobs, self._target_matchers()) if self.jobs else ""

    def prepare(self, now: float) -> None:
        """Look up clock, version, mesh and intervals when it is time. Raises SourceError."""
        asked_at = time.monotonic()
        with self._discovering:
            if self._rhythm.is_due(time.monotonic()) or self.scrape_interval_s is None:
                began = time.monotonic()
                self._discovery.run(now + (began - asked_at))
                ended = time.monotonic()
                self._rhythm.looked(self._discovery.survey.gist, ended, ended - began)

    def time_at(self, now: float) -> float:
        """Return Prometheus' time at the local time ``now``."""
        return now + (self._discovery.clock_offset_s or 0.0)

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        """Return the lane's answers, asked in parallel and all evaluated at ``at``.

        While there is a gap in the scrapes, they are about a shorter span without one, if any.
        """
        if lane == "slow":
            return self._about(self._spans.near(window_s, at), lane, window_s, at, brief=brief)
        whole = self._about(None, lane, window_s, at, brief=brief)
        span_s = self._span_s(window_s, whole.covered_s, at)
        self._spans.note(window_s, at, span_s)
        if span_s is None:
            return whole
        part = self._about(span_s, lane, window_s, at, brief=brief)
        return replace(
            part, query_ms=whole.query_ms + part.query_ms, queries=whole.queries + part.queries
        )

    def _about(
        self, span_s: int | None, lane: Lane, window_s: int, at: float, *, brief: bool
    ) -> Harvest:
        """Return a lane's answers about the whole window, or about a span without a gap in it."""
        harvest = self._fetch(lane, span_s or window_s, at, brief=brief)
        return harvest if span_s is None else replace(harvest, span_s=span_s, covered_s=None)

    def _span_s(self, window_s: int, covered_s: float | None, at: float) -> int | None:
        """Return the part of a window to look at while it has a gap; None for all of it."""
        interval_s = self.scrape_interval_s
        if interval_s is None or gap_in_scrapes(window_s, covered_s, interval_s) is None:
            return None
        return whole_span_s(window_s, interval_s, lambda span_s: self._covered_s(span_s, at))

    def _fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool) -> Harvest:
        survey = self._discovery.survey
        started = time.perf_counter()
        asks_coverage = lane == "fast" and self._discovery.jobs and self.scrape_interval_s
        pool = self._pools[lane]
        pending = pool.submit(carried(self._covered_s), window_s, at) if asks_coverage else None
        asked = self._asked(lane, window_s, at, brief=brief)
        ask = carried(self._asked_of)
        bodies = list(pool.map(lambda part: ask(part, asked.at), asked.parts))
        again = self._ask_again(asked, bodies)
        rows = self._read(lane, asked.parts, bodies)
        series = self._count_series(at) if lane == "fast" and not any(rows.values()) else None
        left_out = self._count_left_out(at) if series == 0 and self._naming.matchers else None
        covered_s = pending.result() if pending else None
        said = [warning for body in bodies for warning in answers.warnings(body)]
        beside = sum(number is not None for number in (series, left_out, pending))
        return Harvest(
            asked.at,
            rows,
            (time.perf_counter() - started) * 1000,
            asked.queries + len(bodies) + again + beside,
            tuple(dict.fromkeys([*said, *self._warnings(window_s)])),
            series,
            covered_s,
            survey.waypoints,
            left_out,
            next_at=asked.next_at,
        )

    def _asked(self, lane: Lane, window_s: int, at: float, *, brief: bool) -> Asked:
        """Return what to ask for a lane, and for which moment: rules have moments of their own."""
        survey = self._discovery.survey
        parts = plan.parts(lane, window_s, self._naming, survey.shape, brief=brief)
        if lane == "fast" or not survey.rules:
            return Asked(at, parts)
        known = ruled.candidates(window_s, self._naming, survey.shape, survey.rules, brief=brief)
        return ruled.with_rules(parts, known, at, self._query)

    def _ask_again(self, asked: Asked, bodies: list[Body]) -> int:
        """Ask for what rules should have recorded and did not; return for how many."""
        missing = [place for place in asked.instead if answers.is_empty(bodies[place])]
        for place in missing:
            bodies[place] = self._asked_of(asked.instead[place], asked.at)
        return len(missing)

    def _asked_of(self, part: Part, at: float) -> Body:
        return self._query(part.promql, at, part.question)

    def facts(self) -> SourceFacts:
        """Return what is known of this Prometheus."""
        found = self._discovery
        return {
            "kind": "prometheus",
            "flavor": self._transport.vendor or found.flavor,
            "url": self._transport.shown_url,
            "version": found.version,
            "scrape_interval_s": self.scrape_interval_s,
            "clock_offset_s": found.clock_offset_s,
            "eras": list(found.survey.eras),
            "istio_versions": list(found.survey.istio_versions),
            "scraped_times": found.survey.scraped_times,
            "warnings": self._warnings(),
        }

    def page_url(self, query: str, at: float, range_s: float | None = None) -> str | None:
        """Return the address of Prometheus' own page with the query filled in."""
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))
        parameters = {"g0.expr": query}
        if range_s is None:
            parameters |= {"g0.tab": "1", "g0.moment_input": moment}
        else:
            end = {"g0.range_input": f"{range_s:.0f}s", "g0.end_input": moment}
            parameters |= {"g0.tab": "0", **end}
        return f"{self._public_url}/graph?{urlencode(parameters)}"

    def ask(self, query: str, at: float | None = None) -> list[Sample]:
        """Return what Prometheus answers to any instant query; a scalar is one bare sample.

        Raises SourceError.
        """
        return answers.samples(self._query(query, at))

    def ask_range(self, query: str, times: Times) -> Courses:
        """Return what Prometheus answers to a query at each of these moments."""
        form = {
            "query": query,
            "start": f"{times.start:.3f}",
            "end": f"{times.end:.3f}",
            "step": f"{times.step_s:g}",
            "timeout": f"{self._timeout_s:g}s",
        }
        return matrix.courses(self._call("/api/v1/query_range", form, HISTORY), times)

    def get(self, path: str) -> Any:
        """Return the data of any other answer of the API. Raises SourceError."""
        return self._get(path).content()

    def close(self) -> None:
        """Stop the threads and close the connections."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        self._transport.close()

    def _warnings(self, window_s: int | None = None) -> list[str]:
        return [*self._access.warnings, *self._discovery.warnings(window_s)]

    def _read(
        self, lane: Lane, parts: list[Part], bodies: list[Body]
    ) -> Mapping[str, list[Sample]]:
        rows: dict[str, list[Sample]] = {part.question: [] for part in parts}
        for part, body in zip(parts, bodies, strict=True):
            rows[part.question] += part.read(body)
        shape = self.shape
        if not shape.mixer_0:
            return rows
        if lane == "fast":
            self._register = eras.register(rows)
        return eras.complete(rows, self._register)

    def _covered_s(self, window_s: int, at: float) -> float | None:
        """Return the seconds of the window that every target's scrapes account for."""
        found, interval_s = self._discovery, self.scrape_interval_s or 0.0
        # Targets take turns within an interval: where one was scraped in the interval before the
        # window too, all of them have been since it began.
        more_s = ceil(interval_s)
        query = promql.coverage(found.jobs, window_s + more_s, self._target_matchers())
        # What is being scraped at this moment would seem to be missing.
        settled_at = at - interval_s / 2
        try:
            rows = answers.vector(self._query(query, settled_at))
        except SourceError:
            return None  # the other answers stand without it
        # Servers without `up` (some federations keep only Istio's metrics) cannot tell.
        covered_s = max(
            ((count - 1) * found.interval_of(labels.get("job", "")) for labels, count in rows),
            default=None,
        )
        if covered_s is None or not interval_s:
            return covered_s
        return less_late(covered_s, window_s, self._late_s(window_s, at), interval_s)

    def _late_s(self, window_s: int, at: float) -> float:
        """Return the seconds at the window's ends that rates know nothing of; 0 if nobody says."""
        found, interval_s = self._discovery, self.scrape_interval_s or 0.0
        jobs = found.leading_jobs or found.jobs
        try:
            rows = self.ask(promql.late(jobs, interval_s, window_s, self._target_matchers()), at)
        except SourceError:
            return 0.0
        return sum(row.value for row in rows)

    def _target_matchers(self) -> tuple[Matcher, ...]:
        return self._naming.matchers if self.shape.selects_targets else ()

    def _count_series(self, at: float) -> int:
        return self._count(promql.istio_series(self._naming, self.shape), at)

    def _count_left_out(self, at: float) -> int:
        """Return how many series there are whatever the selector says."""
        return self._count(promql.istio_series(replace(self._naming, matchers=()), PLAIN), at)

    def _count(self, query: str, at: float) -> int:
        return int(sum(row.value for row in self.ask(query, at)))

    def _query(self, query: str, at: float | None = None, of: str = OTHER) -> Body:
        form = {"query": query, "timeout": f"{self._timeout_s:g}s"}
        if at is not None:
            form["time"] = f"{at:.3f}"
        return self._call("/api/v1/query", form, of)

    def _get(self, path: str) -> Body:
        return self._call(path, None, OTHER)

    def _survey_call(self, path: str, form: Mapping[str, str] | None) -> Body:
        return self._call(path, form, SURVEY)

    def _call(self, path: str, form: Mapping[str, str] | None, of: str) -> Body:
        try:
            with self._costs.of(of):
                return self._transport.call(path, form)
        except SourceError as error:
            _log.debug("%s: %s", path, error)
            raise
