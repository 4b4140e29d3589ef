"""Runs the measurements and prints their table; ends with 1 when a budget is exceeded.

A part that fails is named and the others go on; the exit code is then 2.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace

from bench.figures import Figure, as_table
from bench.parts import ON_REQUEST, PARTS, QUICK, Amount
from bench.stack import note


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return the exit code."""
    given = _parser().parse_args(arguments)
    names = given.only or [name for name in PARTS if name not in ON_REQUEST]
    figures, failed = _measured(names, _amount(given))
    print(as_table(figures))
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    if left_out := [name for name in PARTS if name not in names]:
        print(f"\nNot measured: {', '.join(left_out)} (--only NAME)")
    if failed:
        return 2
    return 1 if any(figure.verdict == "over" for figure in figures) else 0


def _measured(names: Sequence[str], amount: Amount) -> tuple[list[Figure], list[str]]:
    """Return the figures of the parts that came to an end, and the names of those that did not."""
    figures: list[Figure] = []
    failed: list[str] = []
    for number, name in enumerate(names, 1):
        note(f"== {number} of {len(names)}: {name}: {PARTS[name].story}")
        started = time.monotonic()
        try:
            found = PARTS[name].measure(amount)
        except Exception:  # noqa: BLE001 -- an hour's other figures must not be lost with this one
            note(traceback.format_exc())
            failed.append(name)
            continue
        # Told at once as well: a whole run is long.
        note(f"{name} took {time.monotonic() - started:.0f} s\n{as_table(found)}")
        figures += found
    return figures, failed


def _amount(given: argparse.Namespace) -> Amount:
    usual = QUICK if given.quick else Amount()
    asked = {name: getattr(given, name) for name in ("services", "rounds", "seconds", "minutes")}
    return replace(usual, **{name: value for name, value in asked.items() if value})


def _parser() -> argparse.ArgumentParser:
    usual = Amount()
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog="\n".join(f"{name:12} {part.story}" for name, part in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--only", action="append", choices=list(PARTS), metavar="NAME", help="may be repeated")
    add("--quick", action="store_true", help="small meshes, short times: does it run at all?")
    add("--services", type=int, help=f"of the mesh of polls (default {usual.services})")
    add("--rounds", type=int, help=f"of the contests of polls and rival (default {usual.rounds})")
    add("--seconds", type=float, help=f"to watch a crowd (default {usual.seconds:g})")
    add("--minutes", type=float, help=f"of the soak (default {usual.minutes:g})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
