"""A long time of viewers coming and going, never a quiet moment: does memory stay flat?

`python -m bench --only soak` takes as long as it is told; the slope is printed in MB an hour.
"""

import random
import time
from collections.abc import Sequence

from bench.fanout import EDGES, Server, server
from bench.figures import Figure
from bench.pulse import pulse
from bench.readers import Readers
from bench.stack import note
from bench.watched import cost

_CROWD = 200
_CHANGE = 20  # of them leave and others come, every step
_STEP_S = 2.0
_READY_S = 30.0
_SAMPLE_S = 10.0
# Memory grows with the first tens of thousands of connections, by less and less, until the heap has
# the shape that their coming and going needs. What is to be found is what grows after that.
_FORMERS = 60_000
_AT_ONCE = 200
# The first part of the time fills caches.
_WARM_UP = 0.1
_BUDGET_MB_H = 10.0
# A viewer who asks for something else: other types of graph, so other pictures.
_PATHS = ("/ws/graph", "/ws/graph?type=app", "/ws/graph?type=service&namespace=bookinfo")

Sample = tuple[float, float]


def measure(minutes: float) -> list[Figure]:
    """Return how fast the memory of a server grows that is never left alone."""
    with pulse(EDGES) as prometheus_url, server(prometheus_url) as served:
        _come_and_go(served)
        samples = _live_through(served, minutes * 60)
    settled = [sample for sample in samples if sample[0] >= minutes * 60 * _WARM_UP]
    slope = slope_per_s(settled) * 3600
    note(f"soak: {slope:+.1f} MB an hour over the last {len(settled)} samples")
    return [
        Figure(
            f"memory over {minutes:g} min, {_CROWD} viewers, {_CHANGE} changing each {_STEP_S:g} s",
            f"{slope:+.1f} MB an hour",
            f"{settled[0][1]:.0f} to {settled[-1][1]:.0f} MB",
            max(slope, 0.0) / _BUDGET_MB_H,
            1.0,
        )
    ]


def _come_and_go(served: Server) -> None:
    """Let as many viewers come and go as shape the heap."""
    readers = Readers(served.port)
    for number in range(_FORMERS // _AT_ONCE):
        readers.connect(_AT_ONCE)
        readers.wait_open(_AT_ONCE, _READY_S)
        readers.drop()
        if number % 50 == 0:
            note(f"soak: {number * _AT_ONCE:,} have come and gone, {served.cost.rss_mb:.1f} MB")
    readers.close()


def _live_through(served: Server, seconds: float) -> list[Sample]:
    """Return the server's memory over time, in MB."""
    crowds = [Readers(served.port, path) for path in _PATHS]
    for crowd in crowds:
        crowd.connect(_CROWD // len(crowds))
    began = time.monotonic()
    samples: list[Sample] = []
    chance = random.Random(1)  # noqa: S311  # the same coming and going every time
    while (passed := time.monotonic() - began) < seconds:
        crowd = chance.choice(crowds)
        crowd.drop(_CHANGE)
        crowd.connect(_CHANGE)
        for each in crowds:
            each.read_for(_STEP_S / len(crowds))
            each.arrivals.clear()
        if not samples or passed - samples[-1][0] >= _SAMPLE_S:
            samples.append((passed, cost(served.child.pid).rss_mb))
            note(f"soak: {passed:.0f} s, {samples[-1][1]:.1f} MB")
    for crowd in crowds:
        if crowd.ended:
            raise RuntimeError(f"{len(crowd.ended)} viewers were cut off")
        crowd.close()
    return samples


def slope_per_s(samples: Sequence[Sample]) -> float:
    """Return the least squares' slope in MB a second."""
    middle = sum(at for at, _ in samples) / len(samples)
    mean = sum(mb for _, mb in samples) / len(samples)
    spread = sum((at - middle) ** 2 for at, _ in samples)
    return sum((at - middle) * (mb - mean) for at, mb in samples) / spread if spread else 0.0
