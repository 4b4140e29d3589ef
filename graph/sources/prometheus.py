"""Prometheus as a source: parallel instant queries at one evaluation time."""

import logging
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from graph.core.samples import FAST_QUESTIONS, SLOW_QUESTIONS, Harvest, Lane, Sample
from graph.core.wire import SourceFacts
from graph.sources import promql
from graph.sources.base import Garbled, SourceError
from graph.sources.discovery import Discovery
from graph.sources.transport import Transport

_log = logging.getLogger(__name__)

_LANES: Mapping[Lane, tuple[str, ...]] = {"fast": FAST_QUESTIONS, "slow": SLOW_QUESTIONS}
# As many as a lane has questions, so that none waits for another; Prometheus allows 20.
_PARALLEL = 6
# What a minute-old answer may still be right about: version, clock, scrape interval.
_REDISCOVER_S = 60.0


class Prometheus:
    """A Prometheus, or anything that speaks its HTTP API, at a URL."""

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float,
        scrape_interval_s: float | None = None,
        public_url: str | None = None,
    ) -> None:
        self._transport = Transport(url, timeout_s=timeout_s, connections=_PARALLEL + 2)
        self._timeout_s = timeout_s
        self._public_url = (public_url or self._transport.shown_url).rstrip("/")
        self._pool = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="prometheus")
        self._discovery = Discovery(self._get, self._query, scrape_interval_s)
        self._discovered_at: float | None = None
        self._queries_total = 0

    @property
    def queries_total(self) -> int:
        """How many queries were sent since the start."""
        return self._queries_total

    @property
    def scrape_interval_s(self) -> float | None:
        """Seconds between two scrapes of the proxies, None while unknown."""
        return self._discovery.scrape_interval_s

    def prepare(self, now: float) -> None:
        """Look up clock, version and scrape interval, once a minute. Raises SourceError."""
        age = None if self._discovered_at is None else time.monotonic() - self._discovered_at
        if age is None or age > _REDISCOVER_S or self.scrape_interval_s is None:
            self._discovery.run(now)
            self._discovered_at = time.monotonic()

    def time_at(self, now: float) -> float:
        """Return Prometheus' time at the local time ``now``."""
        return now + (self._discovery.clock_offset_s or 0.0)

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        """Return the lane's answers, asked in parallel and all evaluated at ``at``."""
        names = _LANES[lane]
        started = time.perf_counter()
        queries = [promql.QUESTIONS[name].promql(window_s, brief=brief) for name in names]
        asks_coverage = lane == "fast" and self._discovery.jobs and self.scrape_interval_s
        pending = self._pool.submit(self._covered_s, window_s, at) if asks_coverage else None
        bodies = list(self._pool.map(lambda query: self._query(query, at), queries))
        answers = {name: _vector(body) for name, body in zip(names, bodies, strict=True)}
        series = self._count_series(at) if lane == "fast" and not any(answers.values()) else None
        covered_s = pending.result() if pending else None
        return Harvest(
            at,
            answers,
            (time.perf_counter() - started) * 1000,
            len(names) + (series is not None) + (pending is not None),
            tuple(dict.fromkeys(warning for body in bodies for warning in _warnings(body))),
            series,
            covered_s,
        )

    def facts(self) -> SourceFacts:
        """Return what is known of this Prometheus."""
        return {
            "kind": "prometheus",
            "url": self._transport.shown_url,
            "version": self._discovery.version,
            "scrape_interval_s": self.scrape_interval_s,
            "clock_offset_s": self._discovery.clock_offset_s,
        }

    def page_url(self, query: str, at: float) -> str | None:
        """Return the address of Prometheus' own page with the query filled in."""
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))
        parameters = {"g0.expr": query, "g0.tab": "1", "g0.moment_input": moment}
        return f"{self._public_url}/graph?{urlencode(parameters)}"

    def close(self) -> None:
        """Stop the threads and close the connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._transport.close()

    def _covered_s(self, window_s: int, at: float) -> float | None:
        """Return the seconds between the first scrape inside the window and its end."""
        try:
            rows = _vector(self._query(promql.coverage(self._discovery.jobs, window_s), at))
        except SourceError:
            return None  # the other answers stand without it
        # Servers without `up` (some federations keep only Istio's metrics) cannot tell.
        return rows[0].value * (self.scrape_interval_s or 0.0) if rows else None

    def _count_series(self, at: float) -> int:
        return int(sum(value for _, value in _vector(self._query(promql.ISTIO_SERIES, at))))

    def _query(self, query: str, at: float | None = None) -> dict[str, Any]:
        form = {"query": query, "timeout": f"{self._timeout_s:g}s"}
        if at is not None:
            form["time"] = f"{at:.3f}"
        return self._call("/api/v1/query", form)

    def _get(self, path: str) -> dict[str, Any]:
        return self._call(path, None)

    def _call(self, path: str, form: Mapping[str, str] | None) -> dict[str, Any]:
        self._queries_total += 1
        try:
            return self._transport.call(path, form)
        except SourceError as error:
            _log.debug("%s: %s", path, error)
            raise


def _vector(body: Mapping[str, Any]) -> list[Sample]:
    """Return the samples of an instant vector. Raises Garbled when it is none."""
    try:
        data = body["data"]
        if data["resultType"] != "vector":
            raise Garbled(
                f"Prometheus answered a {data['resultType']} where a vector was asked for.",
                "Is something in between rewriting queries?",
            )
        return [Sample(row["metric"], float(row["value"][1])) for row in data["result"]]
    except (KeyError, TypeError, ValueError, IndexError):
        raise Garbled(
            "Prometheus' answer has the wrong shape.",
            "A proxy may be in between, or the server speaks another version of the API.",
        ) from None


def _warnings(body: Mapping[str, Any]) -> Iterable[str]:
    warnings = body.get("warnings") or ()
    return (str(text)[:300] for text in warnings)
