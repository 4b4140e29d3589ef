"""How time and memory grow with the mesh: a tick without Prometheus and without a network.

Answers about simulated meshes are read, drawn and encoded, each size in a process of its own. Times
are the processor's, the best of a few rounds; ratios are per service, against a thousand: 1 is
linear, more grows faster than the mesh. A tick is one as it is served: of what is too large for one
picture, the namespaces are drawn. What it would be in one picture is told beside it.

``python -m bench.curve FOLDER`` measures one size and prints JSON; FOLDER is `bench.harvested`'s.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

from bench import harvested
from bench.figures import Figure
from bench.stack import ROOT, note
from graph.core import engine
from graph.core.bounds import Limits
from graph.core.engine import FeedState, ViewSpec, ViewState
from graph.core.readings import read_slow
from graph.core.samples import Lane
from graph.core.saving import restored, saved
from graph.live.garbage import collect_seldom
from graph.live.hub import encode

AGAINST = 1000
_ROUNDS = 3
_SCOPES = 30
_ALL = ViewSpec("workload", harvested.WINDOW_S, ())
# What MESHVIZ_MAX_NODES and MESHVIZ_MAX_EDGES are unless somebody says otherwise.
_LIMITS = Limits(1500, 5000)
_DEADLINE_S = 1800.0
# Time grows with edges and rows, which vary by a tenth per service from size to size.
_GROWTH = 1.15

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: seconds of processor time by step, megabytes, and what was drawn."""

    services: int
    rows: int
    nodes: int
    edges: int
    parse_s: float
    read_s: float
    draw_s: float
    encode_s: float
    served_s: float
    scopes_s: float
    save_s: float
    restore_s: float
    saved_mb: float
    whole_mb: float
    step_mb: float
    rest_mb: float
    peak_mb: float

    @property
    def tick_s(self) -> float:
        """A tick of a server with the usual limits."""
        return self.parse_s + self.read_s + self.served_s + self.encode_s

    @property
    def whole_tick_s(self) -> float:
        """The same if everything were drawn in one picture."""
        return self.parse_s + self.read_s + self.draw_s + self.encode_s


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Return how ticks and memory of meshes of these sizes compare with a thousand services'."""
    ordered = sorted({*sizes, AGAINST})
    found = {services: _in_a_process(services) for services in ordered}
    usual = found[AGAINST]
    figures = [
        figure
        for services in ordered
        if services != AGAINST
        for figure in _growth(found[services], usual)
    ]
    return [
        *figures,
        Figure(
            f"{_SCOPES} namespaces drawn, of {AGAINST:,} services",
            f"{usual.scopes_s * 1000:.0f} ms",
            f"the whole mesh: {usual.draw_s * 1000:.0f} ms",
            usual.scopes_s / usual.draw_s,
            # An edge is part of two namespaces at most.
            2.0,
        ),
    ]


def _growth(one: Measured, usual: Measured) -> list[Figure]:
    times = one.services / usual.services
    budget = _GROWTH if times > 1 else None  # small ones have the same beginnings
    return [
        Figure(
            f"tick of {one.services:,} services, per service",
            f"{one.tick_s:.2f} s",
            f"{usual.services:,}: {usual.tick_s:.2f} s",
            one.tick_s / usual.tick_s / times,
            budget,
        ),
        Figure(
            "the same in one picture, per service",
            f"{one.whole_tick_s:.2f} s",
            f"{usual.services:,}: {usual.whole_tick_s:.2f} s",
            one.whole_tick_s / usual.whole_tick_s / times,
        ),
        Figure(
            f"memory at most, {one.services:,} services, per service",
            f"{one.peak_mb:.0f} MB",
            f"{usual.services:,}: {usual.peak_mb:.0f} MB",
            one.peak_mb / usual.peak_mb / times,
            budget,
        ),
    ]


def _in_a_process(services: int) -> Measured:
    with TemporaryDirectory(prefix="meshviz-bench-") as folder:
        note(f"curve: simulating {services:,} services")
        _run("bench.harvested", folder, str(services))
        told: dict[str, Any] = json.loads(_run("bench.curve", folder))
    found = Measured(services=services, **told)
    note(f"curve: {_told(found)}")
    return found


def _run(module: str, *arguments: str) -> bytes:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=_DEADLINE_S
    ).stdout


def _told(found: Measured) -> str:
    parts = ("parse", "read", "draw", "served", "encode", "scopes", "save", "restore")
    times = ", ".join(f"{name} {getattr(found, f'{name}_s') * 1000:.0f}" for name in parts)
    return (
        f"{found.rows:,} rows, {found.nodes:,} nodes, {found.edges:,} edges; ms: {times}; "
        f"MB: whole {found.whole_mb:.1f}, step {found.step_mb:.2f}, saved {found.saved_mb:.1f}, "
        f"at rest {found.rest_mb:.0f}, at most {found.peak_mb:.0f}"
    )


def measured(folder: Path) -> dict[str, float]:
    """Return the fields of `Measured` for the answers in a folder, but for their mesh's size."""
    collect_seldom()
    feed, view = _begun(folder)
    steps: dict[str, float] = {}
    later, drawn, frame = _tick(folder, feed, view, steps)
    for _ in range(_ROUNDS - 1):
        _tick(folder, feed, view, steps)
    served, scopes = _served(feed, later), _scoped(later)
    save_s, save = _timed(saved, later)
    restore_s, _ = _timed(restored, save)
    whole = encode(engine.snapshot(drawn, drawn.status))
    return {
        **steps,
        "rows": _rows(folder),
        "nodes": len(drawn.picture.nodes),
        "edges": len(drawn.picture.edges),
        "served_s": served,
        "scopes_s": scopes,
        "save_s": save_s,
        "restore_s": restore_s,
        "saved_mb": len(save) / 1e6,
        "whole_mb": len(whole) / 1e6,
        "step_mb": len(frame) / 1e6,
        "rest_mb": _resident_mb(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def _begun(folder: Path) -> tuple[FeedState, ViewState]:
    """Return a feed after its first tick, and what its viewers see."""
    feed = engine.start_feed(harvested.WINDOW_S, 5.0)
    feed = _absorbed(folder, feed, 0)
    view, _ = engine.render(None, feed, _ALL, "epoch")
    return feed, view


def _absorbed(folder: Path, feed: FeedState, tick: int) -> FeedState:
    fast = harvested.read(folder, "fast", tick)
    feed = engine.absorb_fast(feed, fast, 5.0, fast.at)
    del fast  # as a poll does: the lanes are not held together
    slow = harvested.read(folder, "slow", tick)
    return engine.absorb_slow(feed, slow, read_slow(slow), 0.0, slow.at)


def _tick(
    folder: Path, feed: FeedState, view: ViewState, best: dict[str, float]
) -> tuple[FeedState, ViewState, str]:
    """Do what a tick does; note the seconds of its steps where they are better than before."""
    parse_s, fast = _timed(harvested.read, folder, "fast", 1)
    read_s, feed = _timed(engine.absorb_fast, feed, fast, 5.0, fast.at)
    del fast
    more_s, slow = _timed(harvested.read, folder, "slow", 1)
    facts_s, facts = _timed(read_slow, slow)
    feed = engine.absorb_slow(feed, slow, facts, 0.0, slow.at)
    del slow
    draw_s, (drawn, frame) = _timed(engine.render, view, feed, _ALL, "epoch")
    encode_s, text = _timed(encode, frame)
    for name, took_s in (
        ("parse_s", parse_s + more_s),
        ("read_s", read_s + facts_s),
        ("draw_s", draw_s),
        ("encode_s", encode_s),
    ):
        best[name] = min(took_s, best.get(name, took_s))
    return feed, drawn, text


def _served(before: FeedState, feed: FeedState) -> float:
    """Return what a step takes with the usual limits."""
    shown, _ = engine.render(None, before, _ALL, "epoch", _LIMITS)
    return min(
        _timed(engine.render, shown, _anew(feed), _ALL, "epoch", _LIMITS)[0] for _ in range(_ROUNDS)
    )


def _scoped(feed: FeedState) -> float:
    """Return what many namespaces, each a view of its own, take together."""
    assert feed.readings is not None  # noqa: S101  # it has answered
    names = feed.readings.fast.namespaces
    specs = [replace(_ALL, namespaces=(names[i % len(names)],)) for i in range(_SCOPES)]

    def draw_all(fresh: FeedState) -> None:
        for spec in specs:
            engine.render(None, fresh, spec, "epoch")

    return min(_timed(draw_all, _anew(feed))[0] for _ in range(_ROUNDS))


def _anew(feed: FeedState) -> FeedState:
    """Return the feed without what earlier pictures have worked out of its readings."""
    readings = feed.readings
    assert readings is not None  # noqa: S101  # it has answered
    return replace(feed, readings=replace(readings, fast=replace(readings.fast)))


def _timed(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> tuple[float, T]:
    started = time.process_time()
    result = work(*given, **named)
    return time.process_time() - started, result


def _rows(folder: Path) -> int:
    lanes: tuple[Lane, Lane] = ("fast", "slow")
    return sum(
        len(samples)
        for lane in lanes
        for samples in harvested.read(folder, lane, 1).answers.values()
    )


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise RuntimeError("no VmRSS in /proc/self/status: this measurement needs Linux")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(Path(sys.argv[1]))))
