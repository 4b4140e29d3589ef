"""What asking has cost so far, by question, for whoever watches meshviz itself."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from graph.sources import tab

# What is no question of a lane: looking what the mesh is made of, charts, and everything else.
SURVEY = "survey"
HISTORY = "history"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class QueryCost:
    """Calls of one kind since the start: how many, how long they took, how many failed."""

    count: int = 0
    seconds: float = 0.0
    errors: int = 0


class Costs:
    """Adds up calls by question. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._costs: dict[str, QueryCost] = {}

    @property
    def total(self) -> int:
        """How many calls there were."""
        with self._lock:
            return sum(cost.count for cost in self._costs.values())

    def told(self) -> Mapping[str, QueryCost]:
        """Return what each question cost, those that were asked."""
        with self._lock:
            return dict(self._costs)

    @contextmanager
    def of(self, question: str) -> Iterator[None]:
        """Count what happens inside as one call; as a failed one if it raises.

        Whoever has a tab open pays for it, or is refused before anything is asked. What the mesh is
        made of is found out for everybody.
        """
        payer = None if question == SURVEY else tab.current()
        if payer is not None:
            payer.begin()
        started = time.perf_counter()
        failed = 1
        try:
            yield
            failed = 0
        finally:
            took_s = time.perf_counter() - started
            if payer is not None:
                payer.note(took_s)
            with self._lock:
                known = self._costs.get(question, QueryCost())
                self._costs[question] = QueryCost(
                    known.count + 1, known.seconds + took_s, known.errors + failed
                )
