"""Bytes of a delta of a steady mesh against the whole picture, at the default interval."""

from statistics import mean

from bench.crowd import watch
from bench.figures import Figure
from bench.stack import Mesh, note, running_mesh

_SCRAPE_S = 5.0
_WINDOW_S = 60
_BUDGET = 0.10


def measure(seconds: float) -> list[Figure]:
    """Return the figure of the named demo mesh."""
    with running_mesh(services=0, scrape_interval_s=_SCRAPE_S) as mesh:
        note("deltas: filling Prometheus")
        mesh.wait_for_history(_WINDOW_S)
        return [measure_on(mesh, "the demo mesh", seconds)]


def measure_on(mesh: Mesh, name: str, seconds: float) -> Figure:
    """Return the figure of a mesh that is running and has its history."""
    outcome = watch(mesh, name, [()], seconds)
    size = mean(outcome.deltas)
    return Figure(
        f"delta of {name}, steady",
        f"{size / 1e3:.1f} kB, mean of {len(outcome.deltas)}",
        f"snapshot: {outcome.snapshot / 1e3:.1f} kB",
        size / outcome.snapshot,
        _BUDGET,
    )
