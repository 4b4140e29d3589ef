"""One real Prometheus for all tests of this folder, with every scene of `scenes` in it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.core.samples import Harvest, Lane, Sample
from graph.sources import Source, open_source
from tests.sources.scenes import WINDOW_S, every_scene
from tests.sources.stored import store
from tests.stack import PrometheusServer, free_port


@dataclass(frozen=True)
class Stored:
    """A scene as a source, prepared, and the moment at which its data ends."""

    source: Source
    at: float

    def fetch(self, lane: Lane = "fast", window_s: int = WINDOW_S) -> Harvest:
        return self.source.fetch(lane, window_s, self.at)

    def rows(self, question: str, **labels: str) -> list[Sample]:
        """Return the rows of an answer that have these labels."""
        lane: Lane = "slow" if question in ("duration_buckets", "request_bytes") else "fast"
        answer = self.fetch(lane).answers[question]
        return [row for row in answer if labels.items() <= row.labels.items()]

    def total(self, question: str, **labels: str) -> float:
        return sum(row.value for row in self.rows(question, **labels))


@dataclass(frozen=True)
class Shelf:
    """The Prometheus with all scenes."""

    server: PrometheusServer
    at: float


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder: Path = tmp_path_factory.mktemp("shelf")
    server = PrometheusServer(free_port(), folder, jobs=())
    at = store(every_scene(), server.data, folder)
    with server:
        yield Shelf(server, at)


@pytest.fixture
def stored(shelf: Shelf) -> Iterator[Callable[..., Stored]]:
    """Return a function that opens a scene."""
    opened: list[Source] = []

    def open_it(name: str, **more: Any) -> Stored:
        chosen: dict[str, Any] = {"selector": f'scene="{name}"', "scrape_interval_s": 15.0, **more}
        source = open_source(shelf.server.url, timeout_s=20, **chosen)
        opened.append(source)
        source.prepare(time.time())
        return Stored(source, shelf.at)

    yield open_it
    for source in opened:
        source.close()
