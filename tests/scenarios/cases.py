"""Which scenarios are recorded, for how long, and how they are scraped.

Recording runs on the simulator's own clock: minutes of mesh take about a second.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# Four labels in five of a recording would be these buckets, which meshviz never asks for.
UNUSED = "istio_(request|response)_bytes_bucket"


@dataclass(frozen=True, slots=True)
class Case:
    """One recording. All times are seconds into it; its end is the clock's now."""

    scenario: str
    seconds: float = 150.0
    # Where to look back from, beside the end.
    looks: tuple[float, ...] = ()
    window_s: int = 60
    interval_s: float = 5.0
    load: float = 1.0
    seed: int = 1
    honor_labels: bool = True
    # Metrics that are not kept.
    drop: str = UNUSED

    @property
    def moments(self) -> tuple[float, ...]:
        """Every moment to look at, the end last."""
        return (*self.looks, self.seconds)


CASES: dict[str, Case] = {}


def case(
    name: str, scenario: str | None = None, **how: float | tuple[float, ...] | bool | str
) -> str:
    """Declare a recording and return its name, for the marker of the tests that look at it."""
    CASES[name] = Case(scenario or name, **how)  # type: ignore[arg-type]
    return name


def named(names: Iterable[str]) -> dict[str, Case]:
    """Return the cases of these names, in the order in which they are needed."""
    return {name: CASES[name] for name in dict.fromkeys(names)}
