"""What a browser is sent about a simulated mesh: a picture, ticks of it, and a few newcomers."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import harvested
from bench.stack import ROOT, note
from graph.core import engine
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.readings import read_slow

VIEW = ViewSpec("workload", harvested.WINDOW_S, ())
_DEADLINE_S = 600.0
# So much of a mesh is left out at first, and joins it later.
JOINING = 20
# A tick is about one entity in so many: as much as a real mesh of this size changes
# (docs/performance.md: a fifth of the picture's bytes).
_CHANGING = 5


@dataclass(frozen=True, slots=True)
class Painted:
    """One mesh as frames; deltas are numbered when they are sent."""

    snapshot: dict[str, Any]
    # There and back again, so that there are as many as anybody wants.
    ticks: tuple[dict[str, Any], dict[str, Any]]
    # The same of every node and edge at once.
    upheavals: tuple[dict[str, Any], dict[str, Any]]
    # One node in twenty with its edges.
    newcomers: dict[str, Any]
    nodes: int
    edges: int


def painted(services: int) -> Painted:
    """Simulate a mesh of this size, and draw it as the server does."""
    with TemporaryDirectory(prefix="meshviz-bench-") as folder:
        note(f"browser: simulating {services:,} services")
        command = [sys.executable, "-m", "bench.harvested", folder, str(services)]
        subprocess.run(command, cwd=ROOT, check=True, timeout=_DEADLINE_S)
        return _frames(Path(folder))


def _frames(folder: Path) -> Painted:
    feed = engine.start_feed(harvested.WINDOW_S, 5.0)
    feed, before = _tick(folder, feed, None, 0)
    feed, after = _tick(folder, feed, before, 1)
    whole: dict[str, Any] = dict(engine.snapshot(before, before.status))
    later: dict[str, Any] = dict(engine.snapshot(after, after.status))
    late = {node["id"] for node in whole["nodes"][::JOINING]}
    first = {
        **whole,
        "nodes": [node for node in whole["nodes"] if node["id"] not in late],
        "edges": [edge for edge in whole["edges"] if not _touches(edge, late)],
    }
    shown = {entity["id"] for entity in [*first["nodes"], *first["edges"]]}
    return Painted(
        first,
        (_changes(later, shown, _CHANGING), _changes(whole, shown, _CHANGING)),
        (_changes(later, shown, 1), _changes(whole, shown, 1)),
        _delta(
            whole,
            [node for node in whole["nodes"] if node["id"] in late],
            [edge for edge in whole["edges"] if _touches(edge, late)],
        ),
        len(whole["nodes"]),
        len(whole["edges"]),
    )


def _tick(
    folder: Path, feed: FeedState, view: ViewState | None, tick: int
) -> tuple[FeedState, ViewState]:
    fast = harvested.read(folder, "fast", tick)
    feed = engine.absorb_fast(feed, fast, 5.0, fast.at)
    slow = harvested.read(folder, "slow", tick)
    feed = engine.absorb_slow(feed, slow, read_slow(slow), 0.0, slow.at)
    drawn, _ = engine.render(view, feed, VIEW, "bench")
    return feed, drawn


def _touches(edge: dict[str, Any], nodes: set[str]) -> bool:
    return edge["source"] in nodes or edge["target"] in nodes


def _changes(new: dict[str, Any], shown: set[str], one_in: int) -> dict[str, Any]:
    """Return a tick about one in so many of what is shown."""
    nodes, edges = (
        [entity for entity in new[kind] if entity["id"] in shown][::one_in]
        for kind in ("nodes", "edges")
    )
    return _delta(new, nodes, edges)


def _delta(
    frame: dict[str, Any], nodes: list[dict[str, Any]], edges: list[dict[str, Any]]
) -> dict[str, Any]:
    same = {name: frame[name] for name in ("epoch", "at", "source")}
    put = {"nodes": nodes, "edges": edges}
    gone: dict[str, list[str]] = {"nodes": [], "edges": []}
    return {"type": "delta", **same, "namespaces": None, "put": put, "drop": gone}
