"""What has to be known of a Prometheus before it is asked: clock, version, mesh, intervals."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from graph.core.verdict import slow_job_warnings
from graph.sources import promql
from graph.sources.base import Garbled, Rejected, SourceError
from graph.sources.body import Body
from graph.sources.survey import Survey

_DURATION = re.compile(r"(\d+)(ms|s|m|h|d)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
# An answer that took longer tells too little of the clock to replace what is known of it.
_PROMPT_S = 1.0
# An interval with this share of the commonest one's series is as good as that.
_ABOUT_EQUAL = 0.5
# Without the targets API every job costs two queries.
_JOBS_PROBED = 4

Get = Callable[[str], Body]
Ask = Callable[[str], Body]


class Discovery:
    """Finds out and remembers. Servers that only speak the query API are fine (Thanos, Mimir)."""

    def __init__(
        self,
        get: Get,
        ask: Ask,
        survey: Callable[[float], Survey],
        scrape_interval_s: float | None,
    ) -> None:
        self._get = get
        self._ask = ask
        self._look = survey
        self._given = scrape_interval_s
        self.scrape_interval_s = scrape_interval_s
        self.clock_offset_s: float | None = None
        self.version: str | None = None
        self.flavor: str | None = None
        self.survey = Survey()
        self.intervals_s: Mapping[str, float] = {}

    def run(self, now: float) -> None:
        """Look everything up again. Raises SourceError when not even the time can be had."""
        started = time.monotonic()
        server_time = _scalar_time(self._ask(promql.SERVER_TIME))
        self._note_clock(server_time, now, time.monotonic() - started)
        self._find_version()
        self.survey = self._look(server_time)
        if self._given is None:
            self.intervals_s = self._find_intervals(self.survey.jobs)
            leading_s = leading_interval(self.intervals_s, self.survey.jobs)
            self.scrape_interval_s = leading_s or self.scrape_interval_s

    def _note_clock(self, server_time: float, asked_at: float, took_s: float) -> None:
        """Note what an answer tells of the clock: it was made some time during the call."""
        offset_s = server_time - (asked_at + took_s / 2)
        known_s = self.clock_offset_s
        is_contradicted = known_s is None or abs(offset_s - known_s) > took_s / 2
        if is_contradicted or took_s <= _PROMPT_S:
            self.clock_offset_s = round(offset_s, 3)

    @property
    def jobs(self) -> tuple[str, ...]:
        """The scrape jobs that carry Istio's traffic counters."""
        return tuple(sorted(self.survey.jobs))

    @property
    def leading_jobs(self) -> tuple[str, ...]:
        """The jobs that scrape at the general interval; none where it was given."""
        return tuple(
            sorted(job for job, s in self.intervals_s.items() if s == self.scrape_interval_s)
        )

    def interval_of(self, job: str) -> float:
        """Return how often a job scrapes; the general interval where that is not known."""
        return self.intervals_s.get(job) or self.scrape_interval_s or 0.0

    def warnings(self, window_s: int | None = None) -> tuple[str, ...]:
        """Return what is odd: for one window, or in general."""
        slow = slow_job_warnings(self.intervals_s, self.scrape_interval_s, window_s)
        return (*self.survey.warnings, *slow)

    def _find_version(self) -> None:
        try:
            data = self._get("/api/v1/status/buildinfo").content()
            self.version = str(data["version"]) or None
            self.flavor = flavor(data)
        except (Rejected, Garbled, KeyError, TypeError):
            self.version = self.flavor = None

    def _find_intervals(self, jobs: Mapping[str, float]) -> Mapping[str, float]:
        """Return the scrape interval of each job, as far as it can be had."""
        if not jobs:
            return {}
        busiest = sorted(jobs, key=lambda job: (-jobs[job], job))[:_JOBS_PROBED]
        return self._from_targets(jobs) or {
            job: interval for job in busiest if (interval := self._from_samples(job))
        }

    def _from_targets(self, jobs: Mapping[str, float]) -> Mapping[str, float]:
        try:
            targets = self._get("/api/v1/targets?state=active").content()["activeTargets"]
            return intervals_of_targets(targets, jobs)
        except (Rejected, Garbled, KeyError, TypeError, AttributeError):
            return {}

    def _from_samples(self, job: str) -> float | None:
        """Return the median spacing of one target's scrapes: works without the targets API."""
        try:
            target = self._ask(promql.one_target_of(job)).content()["result"][0]["metric"]
            scrapes = promql.scrapes_of(job, target["instance"])
            series = self._ask(scrapes).content()["result"][0]
            return spacing([float(stamp) for stamp, _ in series["values"]])
        except (SourceError, KeyError, IndexError, TypeError, ValueError):
            return None


def flavor(build: Mapping[str, Any]) -> str:
    """Return which server it is by its build information."""
    if application := str(build.get("application", "")):
        return application.removeprefix("Grafana ")
    version = str(build.get("version", ""))
    if version == "2.24.0" and "revision" not in build:
        return "VictoriaMetrics"  # which says what it is compatible with, and nothing else
    return "Thanos" if version.startswith("0.") else "Prometheus"


def _scalar_time(body: Body) -> float:
    try:
        return float(body.content()["result"][1])
    except (KeyError, TypeError, ValueError, IndexError):
        raise Garbled(
            "Prometheus did not tell its time.",
            "Is this address really a Prometheus query API?",
        ) from None


def intervals_of_targets(
    targets: Sequence[Mapping[str, Any]], jobs: Iterable[str]
) -> Mapping[str, float]:
    """Return the interval that most targets of each job have; of equals, the longer."""
    found: dict[str, Counter[float]] = {job: Counter() for job in jobs}
    for target in targets:
        job = target.get("labels", {}).get("job")
        interval = duration_s(str(target.get("scrapeInterval", "")))
        if job in found and interval:
            found[job][interval] += 1
    return {
        job: max((count, interval) for interval, count in counted.items())[1]
        for job, counted in found.items()
        if counted
    }


def leading_interval(intervals_s: Mapping[str, float], jobs: Mapping[str, float]) -> float | None:
    """Return the interval that most of the mesh's series have; of about equals, the shortest.

    A window that is too short for slower jobs still shows what the others see.
    """
    series: Counter[float] = Counter()
    for job, interval_s in intervals_s.items():
        series[interval_s] += int(jobs.get(job, 0.0))
    most = max(series.values(), default=0)
    return min((s for s, count in series.items() if count >= _ABOUT_EQUAL * most), default=None)


def duration_s(text: str) -> float | None:
    """Return the seconds of a Prometheus duration such as "15s" or "1m30s", None if it is none."""
    if not re.fullmatch(rf"(?:{_DURATION.pattern})+", text):
        return None
    return sum(int(number) * _UNIT_S[unit] for number, unit in _DURATION.findall(text))


def spacing(stamps: list[float]) -> float | None:
    """Return the median distance of the time stamps in seconds, None for fewer than two."""
    gaps = [later - earlier for earlier, later in pairwise(stamps)]
    return round(median(gaps), 1) if gaps else None
