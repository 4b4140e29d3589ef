"""The parts of the benchmark, by name, in the order in which they run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench import (
    browser,
    curve,
    deltas,
    fanout,
    overhead,
    rival,
    scaled,
    soak,
    tenthousand,
    viewers,
)
from bench.figures import Figure


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured."""

    services: int = 1000
    rounds: int = 5
    seconds: float = 120.0
    minutes: float = 30.0
    # Of the curve's meshes, and of the two that are compared through a real Prometheus.
    sizes: tuple[int, ...] = (100, 1000, 3000, 10_000)
    pair: tuple[int, int] = (1000, 10_000)
    # Of the meshes that a browser draws.
    drawn: tuple[int, ...] = (1000, 3000)
    # Of the mesh that two pages draw in turns.
    contested: int = 300


# Proves that everything runs; its figures say little.
QUICK = Amount(
    100,
    rounds=2,
    seconds=20.0,
    minutes=1.0,
    sizes=(100, 1000),
    pair=(100, 1000),
    drawn=(100,),
    contested=30,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One measurement."""

    story: str
    measure: Callable[[Amount], list[Figure]]


PARTS: Mapping[str, Part] = {
    "polls": Part(
        "a whole picture against the slowest of its own queries",
        lambda much: overhead.measure(much.services, much.rounds, much.seconds),
    ),
    "queries": Part(
        "queries a minute with 100 viewers and many scopes against one viewer",
        lambda much: viewers.measure(much.seconds),
    ),
    "deltas": Part(
        "a delta of the steady demo mesh against its whole picture",
        lambda much: deltas.measure(much.seconds),
    ),
    "fanout": Part(
        "two thousand viewers of one process",
        lambda much: fanout.measure(much.seconds),
    ),
    "scaled": Part(
        "queries a minute of two servers with two workers against one process",
        lambda much: scaled.measure(much.seconds),
    ),
    "curve": Part(
        "how ticks and memory grow with the mesh, without Prometheus",
        lambda much: curve.measure(much.sizes),
    ),
    "tenthousand": Part(
        "ten thousand services against a thousand, through a real Prometheus",
        lambda much: tenthousand.measure(much.pair),
    ),
    "browser": Part(
        "frames, tasks and drift of the page in a browser that draws by software",
        lambda much: browser.measure(much.drawn),
    ),
    "rival": Part(
        "the page against PatternFly's topology, which Kiali draws with",
        lambda much: rival.measure(much.contested, much.rounds),
    ),
    "soak": Part(
        "memory of a server whose viewers come and go",
        lambda much: soak.measure(much.minutes),
    ),
}
# Too long to be part of every run.
ON_REQUEST = frozenset({"soak"})
