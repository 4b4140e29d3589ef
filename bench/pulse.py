"""A Prometheus whose numbers are all new at every question, in a process of its own.

Every edge of its mesh changes on every tick, so that frames have the size that the budget of the
fan-out speaks of, whatever the simulated mesh would have done.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.stack import ROOT
from graph.demo.process import Child

_READY_S = 60.0


@contextmanager
def pulse(edges: int) -> Iterator[str]:
    """Run it; yields its URL."""
    with TemporaryDirectory(prefix="meshviz-bench-") as name:
        child = Child(
            "the canned Prometheus",
            [sys.executable, "-m", "tests.faultserver", "--edges", str(edges)],
            Path(name) / "pulse.log",
            cwd=ROOT,
        )
        try:
            child.wait_until(lambda: child.first_line() is not None, _READY_S)
            yield child.first_line() or ""
        finally:
            child.stop()
