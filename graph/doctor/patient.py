"""Who is examined: a source, how it is going to be asked, and what it has answered so far."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graph.core import naming
from graph.core.readings import read_fast
from graph.core.rules import DEFAULT, MeshRules
from graph.core.samples import Harvest, Lane, Sample
from graph.sources import Garbled, Rejected, Source, SourceError

# The targets of a big cluster are many MB; nobody reads more of their errors than this.
_ERROR_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Habits:
    """How meshviz is set to ask, which is what a Prometheus has to bear."""

    window_s: int
    windows_s: tuple[int, ...]
    interval_s: float
    budget: float
    # What the operator says of names: waypoints and gateways speak for others.
    mesh: MeshRules = DEFAULT


@dataclass(frozen=True, slots=True)
class Target:
    """A scrape target as Prometheus tells it."""

    job: str
    interval: str
    is_up: bool
    error: str


class Patient:
    """A source under examination. Every question is asked once, however many checks need it."""

    def __init__(self, source: Source, habits: Habits, now: float) -> None:
        self.source = source
        self.habits = habits
        self.now = now
        # The moment that every question is about, by Prometheus' clock as soon as it is known.
        self.at = now

    def prepare(self) -> None:
        """Let the source find its way, and take its time from then on. Raises SourceError."""
        self.source.prepare(self.now)
        self.at = self.source.time_at(self.now)

    @property
    def jobs(self) -> tuple[str, ...]:
        """The scrape jobs that carry Istio's metrics."""
        return self.source.jobs

    @cached_property
    def first_answer(self) -> float | SourceError:
        """How many seconds the smallest question takes, or how it fails."""
        started = time.monotonic()
        try:
            self.source.ask("vector(1)")
        except SourceError as error:
            return error
        return time.monotonic() - started

    @cached_property
    def fast(self) -> Harvest | SourceError:
        """The fast lane's answers as a tick of the default window gets them, or its failure."""
        return self._fetched("fast")

    @cached_property
    def slow(self) -> Harvest | SourceError:
        """The same of the slow lane."""
        return self._fetched("slow", brief=self.brief)

    @cached_property
    def brief(self) -> bool:
        """Whether a tick leaves out apps and versions, as every peer has a workload."""
        if isinstance(self.fast, SourceError):
            return False
        return read_fast(self.fast, self.habits.mesh).names_workloads

    def is_spokesman(self, workload: tuple[str, str]) -> bool:
        """Tell whether (namespace, name) is a waypoint or gateway."""
        mesh = self.habits.mesh
        found = () if isinstance(self.fast, SourceError) else self.fast.waypoints
        kind = naming.proxy_kind(
            *workload, waypoints=mesh.waypoints, gateways=mesh.gateways, found_waypoints=found
        )
        return kind != "workload"

    def ask(self, promql: str) -> list[Sample]:
        """Return the answer to a query at the moment of the examination."""
        return self.source.ask(promql, self.at)

    def number(self, promql: str) -> float | None:
        """Return the value of a query that answers one number, None when it answers nothing."""
        rows = self.ask(promql)
        return rows[0].value if rows else None

    @cached_property
    def targets(self) -> list[Target] | None:
        """The targets of all jobs; None where nobody tells them (Thanos, Mimir)."""
        data = self.told("/api/v1/targets?state=active")
        if not isinstance(data, Mapping) or not isinstance(data.get("activeTargets"), list):
            return None
        return [_target(entry) for entry in data["activeTargets"] if isinstance(entry, Mapping)]

    def _fetched(self, lane: Lane, *, brief: bool = False) -> Harvest | SourceError:
        try:
            return self.source.fetch(lane, self.habits.window_s, self.at, brief=brief)
        except SourceError as error:
            return error

    def told(self, path: str) -> Any:
        """Return the data of a part of the API that not every server has; None without it."""
        try:
            return self.source.get(path)
        except (Rejected, Garbled):
            return None


def _target(entry: Mapping[str, Any]) -> Target:
    labels = entry.get("labels") or {}
    return Target(
        str(labels.get("job", "")),
        str(entry.get("scrapeInterval", "")),
        entry.get("health") == "up",
        str(entry.get("lastError", ""))[:_ERROR_CHARACTERS],
    )
