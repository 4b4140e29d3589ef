"""What has to be known of a Prometheus before it is asked: clock, version, scrape interval."""

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from statistics import median
from typing import Any

from graph.sources import promql
from graph.sources.base import Garbled, Rejected, SourceError

_DURATION = re.compile(r"(\d+)(ms|s|m|h|d)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

Get = Callable[[str], dict[str, Any]]
Ask = Callable[[str], dict[str, Any]]


class Discovery:
    """Finds out and remembers. Servers that only speak the query API are fine (Thanos, Mimir)."""

    def __init__(self, get: Get, ask: Ask, scrape_interval_s: float | None) -> None:
        self._get = get
        self._ask = ask
        self._given = scrape_interval_s
        self.scrape_interval_s = scrape_interval_s
        self.clock_offset_s: float | None = None
        self.version: str | None = None
        self.jobs: tuple[str, ...] = ()

    def run(self, now: float) -> None:
        """Look everything up again. Raises SourceError when not even the time can be had."""
        started = time.monotonic()
        server_time = _scalar_time(self._ask(promql.SERVER_TIME))
        # The answer was made about half way through the call.
        elapsed = time.monotonic() - started
        self.clock_offset_s = round(server_time - (now + elapsed / 2), 3)
        self.version = self._find_version()
        jobs = self._find_jobs()
        self.jobs = tuple(sorted(jobs))
        if self._given is None:
            self.scrape_interval_s = self._find_interval(jobs) or self.scrape_interval_s

    def _find_version(self) -> str | None:
        try:
            return str(self._get("/api/v1/status/buildinfo")["data"]["version"])
        except (Rejected, Garbled, KeyError, TypeError):
            return None

    def _find_jobs(self) -> dict[str, float]:
        """Return the scrape jobs that carry Istio metrics, with how many series each has."""
        try:
            return _jobs(self._ask(promql.ISTIO_JOBS))
        except (Rejected, Garbled):
            return {}

    def _find_interval(self, jobs: Mapping[str, float]) -> float | None:
        """Return the scrape interval of these jobs, None if unknown."""
        if not jobs:
            return None
        return self._interval_from_targets(jobs) or self._interval_from_samples(jobs)

    def _interval_from_targets(self, jobs: Mapping[str, float]) -> float | None:
        try:
            targets = self._get("/api/v1/targets?state=active")["data"]["activeTargets"]
            return most_common_interval(targets, jobs)
        except (Rejected, Garbled, KeyError, TypeError, AttributeError):
            return None

    def _interval_from_samples(self, jobs: Mapping[str, float]) -> float | None:
        """Return the median spacing of one target's scrapes: works without the targets API."""
        job = max(jobs, key=lambda name: (jobs[name], name))
        try:
            target = self._ask(promql.one_target_of(job))["data"]["result"][0]["metric"]
            series = self._ask(promql.scrapes_of(job, target["instance"]))["data"]["result"][0]
            return spacing([float(stamp) for stamp, _ in series["values"]])
        except (SourceError, KeyError, IndexError, TypeError, ValueError):
            return None


def _scalar_time(body: Mapping[str, Any]) -> float:
    try:
        return float(body["data"]["result"][1])
    except (KeyError, TypeError, ValueError, IndexError):
        raise Garbled(
            "Prometheus did not tell its time.",
            "Is this address really a Prometheus query API?",
        ) from None


def _jobs(body: Mapping[str, Any]) -> dict[str, float]:
    try:
        rows = body["data"]["result"]
        return {
            row["metric"]["job"]: float(row["value"][1]) for row in rows if "job" in row["metric"]
        }
    except (KeyError, TypeError, ValueError, IndexError):
        return {}


def most_common_interval(
    targets: list[Mapping[str, Any]], jobs: Mapping[str, float]
) -> float | None:
    """Return the interval that most targets of these jobs have; of equals, the longer."""
    seconds = Counter(
        duration_s(str(target.get("scrapeInterval", "")))
        for target in targets
        if target.get("labels", {}).get("job") in jobs
    )
    seconds.pop(None, None)
    found = [(count, interval) for interval, count in seconds.items() if interval]
    return max(found)[1] if found else None


def duration_s(text: str) -> float | None:
    """Return the seconds of a Prometheus duration such as "15s" or "1m30s", None if it is none."""
    if not re.fullmatch(rf"(?:{_DURATION.pattern})+", text):
        return None
    return sum(int(number) * _UNIT_S[unit] for number, unit in _DURATION.findall(text))


def spacing(stamps: list[float]) -> float | None:
    """Return the median distance of the time stamps in seconds, None for fewer than two."""
    gaps = [later - earlier for earlier, later in pairwise(stamps)]
    return round(median(gaps), 1) if gaps else None
