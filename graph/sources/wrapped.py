"""A source in front of another: answers as it does, but for what a subclass does otherwise."""

from collections.abc import Mapping
from typing import Any

from graph.core.samples import Harvest, Lane, Sample
from graph.core.wire import SourceFacts
from graph.sources.base import Source
from graph.sources.costs import QueryCost
from graph.sources.naming import Naming
from graph.sources.ranges import Courses, Times
from graph.sources.shape import Shape


class Wrapped:
    """Hands every question on; what each means is said in `graph.sources.base.Source`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def queries_total(self) -> int:
        return self._source.queries_total

    @property
    def costs(self) -> Mapping[str, QueryCost]:
        return self._source.costs

    @property
    def scrape_interval_s(self) -> float | None:
        return self._source.scrape_interval_s

    @property
    def naming(self) -> Naming:
        return self._source.naming

    @property
    def shape(self) -> Shape:
        return self._source.shape

    @property
    def jobs(self) -> tuple[str, ...]:
        return self._source.jobs

    @property
    def leading_jobs(self) -> tuple[str, ...]:
        return self._source.leading_jobs

    @property
    def traffic(self) -> str:
        return self._source.traffic

    @property
    def scraped(self) -> str:
        return self._source.scraped

    def prepare(self, now: float) -> None:
        self._source.prepare(now)

    def time_at(self, now: float) -> float:
        return self._source.time_at(now)

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        return self._source.fetch(lane, window_s, at, brief=brief)

    def ask(self, promql: str, at: float | None = None) -> list[Sample]:
        return self._source.ask(promql, at)

    def ask_range(self, promql: str, times: Times) -> Courses:
        return self._source.ask_range(promql, times)

    def get(self, path: str) -> Any:
        return self._source.get(path)

    def facts(self) -> SourceFacts:
        return self._source.facts()

    def page_url(self, promql: str, at: float, range_s: float | None = None) -> str | None:
        return self._source.page_url(promql, at, range_s)

    def close(self) -> None:
        self._source.close()
