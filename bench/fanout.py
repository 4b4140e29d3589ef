"""Two thousand viewers of one process: how late their frames are, and what they cost."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from bench.figures import Figure
from bench.pulse import pulse
from bench.readers import Arrival, Readers
from bench.stack import ROOT, note
from bench.watched import Cost, cost
from graph.demo.process import Child
from graph.demo.prometheus import answers, free_port

VIEWERS = 2000
# So many that a step of the picture has about 50 kB.
EDGES = 44
_RAMP_S = 10.0
_WARM_UP_S = 5.0
_READY_S = 60.0
# After all have lost the server at once, they are back within so long.
_STORM_S = 2.0
_BACK_WITHIN_S = 60.0
# Budgets of the design: p99, share of a core, memory.
_LATE_MS = 400.0
_CORE = 0.15
_MEMORY_MB = 150.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crowd of ``viewers`` met in ``seconds``."""

    viewers: int
    seconds: float
    # From the moment a frame was ready until a viewer had all of it, one for every arrival.
    late_ms: Sequence[float]
    frame_kb: float
    # Frames made, and how many of them each of the viewers should have got but did not.
    frames: int
    missed: int
    gone: int
    before: Cost
    after: Cost

    @property
    def core(self) -> float:
        """The share of one core that the server used."""
        return (self.after.cpu_s - self.before.cpu_s) / self.seconds

    def late(self, share: float) -> float:
        """Return the milliseconds within which this share of the arrivals came."""
        ordered = sorted(self.late_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True, slots=True)
class Server:
    """A server to be measured: where it is, and when its frames were ready."""

    port: int
    child: Child
    notes: Path

    @property
    def cost(self) -> Cost:
        return cost(self.child.pid)

    def ready(self) -> Mapping[int, float]:
        """Return the moment at which each step was ready for the viewers, by its number."""
        rows = (line.split() for line in self.notes.read_text().splitlines())
        return {int(seq): float(at) for kind, seq, at in rows if kind == "delta"}


@contextmanager
def server(prometheus_url: str, **settings: str) -> Iterator[Server]:
    """Run a server with one tick a second that says when its frames are ready."""
    with TemporaryDirectory(prefix="meshviz-bench-") as name:
        folder, port = Path(name), free_port()
        own = {key: value for key, value in os.environ.items() if not key.startswith("MESHVIZ_")}
        given = {"interval": "1s", "query_budget": "1", "prometheus_url": prometheus_url}
        child = Child(
            "meshviz",
            [sys.executable, "-m", "bench.witnessed", str(folder / "notes"), "--port", str(port)],
            folder / "meshviz.log",
            cwd=ROOT,
            env={
                **own,
                **{f"MESHVIZ_{key.upper()}": value for key, value in {**given, **settings}.items()},
            },
        )
        try:
            child.wait_until(lambda: answers(port, "/healthz"), _READY_S)
            yield Server(port, child, folder / "notes")
        finally:
            child.stop()


def measure(seconds: float) -> list[Figure]:
    """Return how late the frames of the crowd are and what it costs."""
    with pulse(EDGES) as prometheus_url, server(prometheus_url) as served:
        outcome = watch(served, VIEWERS, seconds)
        back = storm(served, VIEWERS)
    note(
        f"fanout: {outcome.viewers} viewers, {outcome.frames} frames of {outcome.frame_kb:.0f} kB, "
        f"p50 {outcome.late(0.5):.0f} ms, p99 {outcome.late(0.99):.0f} ms, "
        f"{outcome.core:.1%} of a core, {outcome.after.rss_mb:.0f} MB"
    )
    return [*figures(outcome), back]


def storm(served: Server, viewers: int) -> Figure:
    """Let all viewers lose the server and come back at once; return how that went."""
    readers = Readers(served.port)
    readers.connect(viewers, _RAMP_S)
    readers.wait_open(viewers, _READY_S)
    readers.drop()
    readers.arrivals.clear()
    began = time.monotonic()
    readers.connect(viewers, _STORM_S)
    readers.read_for(
        _BACK_WITHIN_S, lambda: len({one.reader for one in readers.arrivals}) >= viewers
    )
    took = time.monotonic() - began
    seeing = {one.reader for one in readers.arrivals} - {one.number for one in readers.ended}
    readers.close()
    return Figure(
        f"{viewers:,} viewers back within {_STORM_S:g} s: lost",
        f"{viewers - len(seeing)} viewers",
        f"all see a picture after {took:.1f} s",
        viewers - len(seeing),
        0.0,
    )


def watch(served: Server, viewers: int, seconds: float) -> Outcome:
    """Let a crowd watch for a while; the server is left without viewers."""
    readers = Readers(served.port)
    readers.connect(viewers, _RAMP_S)
    readers.wait_open(viewers, _READY_S)
    readers.read_for(_WARM_UP_S)
    readers.arrivals.clear()
    before, began = served.cost, time.monotonic()
    readers.read_for(seconds)
    after, took = served.cost, time.monotonic() - began
    counted = len(readers.arrivals)
    readers.read_for(2.0)  # what was on its way
    readers.close()
    ready = served.ready()
    # Those that were ready early enough to have arrived within the time.
    seqs = {seq for seq, at in ready.items() if began < at < began + took - 1.0}
    deltas = [one for one in readers.arrivals if one.kind == "delta" and one.seq in seqs]
    note(f"fanout: {Counter(one.kind for one in readers.arrivals[:counted])}")
    return Outcome(
        viewers,
        took,
        [(one.moment - ready[one.seq or 0]) * 1000 for one in deltas],
        mean(one.size for one in deltas) / 1000,
        len(seqs),
        missed(readers.arrivals, seqs, viewers),
        viewers - readers_left(readers, viewers),
        before,
        after,
    )


def missed(arrivals: Sequence[Arrival], seqs: set[int], viewers: int) -> int:
    """Return how many of the steps did not arrive, as a step or in a whole picture."""
    got = {(one.reader, one.seq) for one in arrivals if one.seq in seqs}
    return len(seqs) * viewers - len(got)


def readers_left(readers: Readers, viewers: int) -> int:
    """Return how many were connected to the end."""
    return viewers - len(readers.ended)


def figures(outcome: Outcome) -> list[Figure]:
    """Return the lines of the table."""
    name = f"{outcome.viewers:,} viewers"
    frames = f"{outcome.frames} frames of {outcome.frame_kb:.0f} kB, one a second"
    sent = outcome.frames * outcome.viewers
    return [
        Figure(f"{name}: p50 late", f"{outcome.late(0.5):.0f} ms", frames, outcome.late(0.5) / 400),
        Figure(
            f"{name}: p99 late",
            f"{outcome.late(0.99):.0f} ms",
            f"{_LATE_MS:.0f} ms",
            outcome.late(0.99) / _LATE_MS,
            1.0,
        ),
        Figure(
            f"{name}: CPU",
            f"{outcome.core:.1%} of a core",
            f"{_CORE:.0%}",
            outcome.core / _CORE,
            1.0,
        ),
        Figure(
            f"{name}: memory",
            f"{outcome.after.rss_mb:.0f} MB",
            f"{_MEMORY_MB:.0f} MB",
            outcome.after.rss_mb / _MEMORY_MB,
            1.0,
        ),
        Figure(
            f"{name}: lost",
            f"{outcome.gone} viewers, {outcome.missed} frames",
            f"{sent:,} frames",
            outcome.gone + outcome.missed / sent,
            0.0,
        ),
    ]
