"""Times of things that race side by side."""

import time
from collections.abc import Callable, Mapping

from bench.stack import note

# Does something once and returns the seconds that it took, without what it had to tidy up after.
Run = Callable[[], float]


def best_times(runs: Mapping[str, Run], rounds: int) -> dict[str, float]:
    """Return the seconds of each run's best round: what else the machine does only adds to it.

    Rounds are interleaved, so that a busy moment hits all runs.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            times[name].append(run())
        note(f"round {number + 1} of {rounds}")
    return {name: min(values) for name, values in times.items()}


def slowest(runs: Mapping[str, Run]) -> str:
    """Return the name of the run that takes longest, each tried twice: the first warms caches."""
    return max(runs, key=lambda name: min(runs[name](), runs[name]()))


def timed(work: Callable[[], object]) -> Run:
    """Return the run that does all of this."""

    def run() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return run
