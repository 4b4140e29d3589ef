"""Runs the measurements and prints their table; ends with 1 when a budget is exceeded."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

from bench import deltas, overhead, viewers
from bench.figures import Figure, as_table
from bench.stack import note


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return the exit code."""
    given = _parser().parse_args(arguments)
    parts: Mapping[str, Callable[[], list[Figure]]] = {
        "deltas": lambda: deltas.measure(given.seconds),
        "viewers": lambda: viewers.measure(given.seconds),
        "overhead": lambda: overhead.measure(given.services, given.rounds, given.seconds),
    }
    figures: list[Figure] = []
    for name in given.only or parts:
        note(f"== {name}")
        figures += parts[name]()
    print(as_table(figures))
    return 1 if any(figure.verdict == "over" for figure in figures) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=["deltas", "viewers", "overhead"])
    parser.add_argument("--services", type=int, default=1000, help="of the overhead's mesh")
    parser.add_argument("--rounds", type=int, default=5, help="of the overhead's contests")
    parser.add_argument("--seconds", type=float, default=120.0, help="to watch with each crowd")
    return parser


if __name__ == "__main__":
    sys.exit(main())
