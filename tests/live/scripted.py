"""A source that answers what a test tells it to, when it tells it to."""

import threading
from collections.abc import Sequence

from graph.core.samples import Harvest, Lane, Sample
from graph.core.wire import SourceFacts
from graph.sources import SourceError
from graph.sources.naming import Naming
from graph.sources.shape import PLAIN, Shape
from tests.make import AT, harvest, request

PATIENCE_S = 60.0


class ScriptedSource:
    """Answers `requests` at a time that moves on with every fast lane; counts what it is asked."""

    def __init__(self) -> None:
        self.requests: Sequence[Sample] = [request(5.0)]
        self.failure: SourceError | None = None
        self.fetches: list[tuple[Lane, int, float]] = []
        self.open = threading.Event()  # while clear, answers are held back
        self.open.set()
        self.held = 0  # how many are being held back
        self.asked_at_once = 0
        self.most_at_once = 0
        self.closed = False
        self._lock = threading.Lock()
        self._ticks = 0

    @property
    def queries_total(self) -> int:
        return len(self.fetches)

    @property
    def scrape_interval_s(self) -> float | None:
        return 5.0

    @property
    def leading_jobs(self) -> tuple[str, ...]:
        return ()

    def ticks(self, window_s: int = 60) -> int:
        """How many times the fast lane of a window was asked."""
        return sum(1 for lane, window, _ in self.fetches if (lane, window) == ("fast", window_s))

    def prepare(self, now: float) -> None:
        """Nothing has to be found out."""

    def time_at(self, now: float) -> float:
        with self._lock:
            self._ticks += 1
            return AT + self._ticks

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        with self._lock:
            self.fetches.append((lane, window_s, at))
            # Both lanes of a tick are asked at once; ticks are told apart by the fast one.
            self.asked_at_once += lane == "fast"
            self.most_at_once = max(self.most_at_once, self.asked_at_once)
        try:
            self._wait_to_answer()
            if self.failure is not None:
                raise self.failure
            return harvest(at, **({"requests": self.requests} if lane == "fast" else {}))
        finally:
            with self._lock:
                self.asked_at_once -= lane == "fast"

    def _wait_to_answer(self) -> None:
        if self.open.is_set():
            return
        with self._lock:
            self.held += 1
        try:
            assert self.open.wait(PATIENCE_S), "the test never let the answer through"
        finally:
            with self._lock:
                self.held -= 1

    def facts(self) -> SourceFacts:
        return {
            "kind": "scripted",
            "flavor": None,
            "url": "http://scripted",
            "version": "1",
            "scrape_interval_s": 5.0,
            "clock_offset_s": 0.0,
            "eras": [],
            "istio_versions": [],
            "scraped_times": None,
            "warnings": [],
        }

    @property
    def naming(self) -> Naming:
        return Naming()

    @property
    def shape(self) -> Shape:
        return PLAIN

    def ask(self, promql: str, at: float | None = None) -> list[Sample]:
        """Answer how many series a selection has."""
        return [Sample({}, 1.0)]

    def page_url(self, promql: str, at: float) -> str | None:
        return None

    def close(self) -> None:
        self.closed = True
