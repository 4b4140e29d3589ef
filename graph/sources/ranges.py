"""Numbers over a range of time: a row of them for each series, one for each moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# One number for each moment; NaN where nothing is known.
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Times:
    """Moments at equal distances, in unix seconds by the source's clock."""

    start: float
    step_s: float
    count: int

    @property
    def end(self) -> float:
        return self.start + self.step_s * (self.count - 1)

    def each(self) -> list[float]:
        return [self.start + self.step_s * place for place in range(self.count)]

    def place(self, moment: float) -> int:
        return round((moment - self.start) / self.step_s)


class Course(NamedTuple):
    """One series over a range."""

    labels: Mapping[str, str]
    values: Values


class Courses(NamedTuple):
    """What a range query answered."""

    rows: Sequence[Course]
    warnings: tuple[str, ...] = ()


def added(every: Sequence[Values], count: int) -> Values:
    """Return the sum at each moment: of those that are known then, unknown where none is."""
    if not every:
        return np.full(count, np.nan)
    stacked = np.stack(every)
    known = ~np.isnan(stacked)
    return np.where(known.any(axis=0), np.where(known, stacked, 0.0).sum(axis=0), np.nan)
