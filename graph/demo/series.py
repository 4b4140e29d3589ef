"""A growing table of counters, one row for every label set that a pod's proxy has seen.

Rows are found by a packed key (``pack``), because thousands of them change in every step.
"""

from dataclasses import dataclass

import numpy as np

from graph.demo.hops import SIDES
from graph.demo.plan import Ints, Plan


@dataclass(frozen=True, slots=True)
class Key:
    """What one row counts."""

    call: int
    # Who counts; see hops.
    side: int
    plaintext: int
    outcome: int
    # The slot of the pod whose proxy counts.
    pod: int
    # The workload that served, or the waypoint that a ztunnel sent to; the number of workloads
    # when none did.
    workload: int


class Keys:
    """Packs keys into single numbers and back."""

    def __init__(self, plan: Plan) -> None:
        self._sizes = (
            *(len(plan.calls), len(SIDES), 2, len(plan.outcomes)),
            *(len(plan.workload_of_pod), len(plan.workloads) + 1),
        )

    def pack(self, *parts: Ints | int) -> Ints:
        """Return one number for each row of the parts, given in the order of Key's fields."""
        packed = np.zeros(1, dtype=np.int64)
        for part, size in zip(parts, self._sizes, strict=True):
            packed = packed * size + part
        return packed

    def unpack(self, packed: int) -> Key:
        """Return the key behind a number."""
        parts: list[int] = []
        for size in reversed(self._sizes):
            packed, part = divmod(packed, size)
            parts.append(part)
        return Key(*reversed(parts))


class Series:
    """Counters by row: ``values`` as they run, ``published`` as of the last flush."""

    def __init__(self, width: int) -> None:
        self.values = np.zeros((64, width), dtype=np.int64)
        self.published = np.zeros((64, width), dtype=np.int64)
        self.keys: list[int] = []
        self._row_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self, keys: Ints) -> Ints:
        """Return the rows of these distinct keys, new ones where there are none yet."""
        found = np.empty(len(keys), dtype=np.int64)
        for index, key in enumerate(keys.tolist()):
            row = self._row_of.get(key)
            found[index] = self._add(key) if row is None else row
        return found

    def publish(self) -> None:
        """Make the present values the published ones."""
        np.copyto(self.published, self.values)

    def publish_rows(self, rows: list[int]) -> None:
        """Make the present values of these rows the published ones."""
        self.published[rows] = self.values[rows]

    def clear(self, rows: list[int]) -> None:
        """Set rows back to nothing, as a new process starts."""
        self.values[rows] = 0
        self.published[rows] = 0

    def _add(self, key: int) -> int:
        row = len(self.keys)
        if row == len(self.values):
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])
            self.published = np.concatenate([self.published, np.zeros_like(self.published)])
        self.keys.append(key)
        self._row_of[key] = row
        return row
