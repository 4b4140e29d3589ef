"""What the proxies of a scene expose, taken apart for tests."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from graph.demo.loader import scene
from graph.demo.simulator import Simulator
from tests.demo.meshes import run

REQUESTS = "istio_requests_total"
OPENED = "istio_tcp_connections_opened_total"
CLOSED = "istio_tcp_connections_closed_total"
SENT = "istio_tcp_sent_bytes_total"
ASKED = "istio_request_messages_total"
DURATION = "istio_request_duration_milliseconds"
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Row:
    """One series as a workload's page has it. ``names`` keeps the labels' order."""

    workload: str
    metric: str
    names: tuple[str, ...]
    labels: dict[str, str]
    value: float

    def __getitem__(self, label: str) -> str:
        return self.labels[label]


@lru_cache(maxsize=32)
def simulated(name: str, steps: int = 240) -> Simulator:
    """Return a scene's simulator after so many half seconds."""
    return run(scene(name), steps)


@lru_cache(maxsize=32)
def exposed(name: str, steps: int = 240) -> tuple[Row, ...]:
    """Return every series that the scene's proxies expose."""
    return tuple(rows_of(simulated(name, steps)))


def rows_of(simulator: Simulator) -> Iterator[Row]:
    """Yield every series on the pages as they are now."""
    for slot in simulator.pods.reporting():
        page = simulator.exposition.page([slot]).decode()
        for line in page.splitlines():
            if line and not line.startswith("#"):
                yield _row(simulator.pods.workload(slot).key, line)


def _row(workload: str, line: str) -> Row:
    series, _, value = line.rpartition(" ")
    metric, _, braces = series.partition("{")
    pairs = _LABEL.findall(braces)
    return Row(workload, metric, tuple(name for name, _ in pairs), dict(pairs), float(value))


def pick(rows: Iterable[Row], metric: str, **labels: str) -> list[Row]:
    """Return the metric's series that have these labels."""
    wanted = labels.items()
    return [r for r in rows if r.metric == metric and wanted <= r.labels.items()]


def total(rows: Iterable[Row], metric: str, **labels: str) -> float:
    """Return the sum of the metric's series that have these labels."""
    return sum(row.value for row in pick(rows, metric, **labels))


def values(rows: Iterable[Row], label: str) -> set[str]:
    """Return what the rows say under a label; "" where they lack it."""
    return {row.labels.get(label, "") for row in rows}


def by(rows: Iterable[Row], *names: str) -> dict[tuple[str, ...], float]:
    """Return the sums of the rows' values by some of their labels."""
    sums: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for row in rows:
        sums[tuple(row.labels.get(name, "") for name in names)] += row.value
    return dict(sums)
