"""What a process counts about its own work, in plain numbers; `graph.live.metrics` tells them.

Increments cost nanoseconds: some happen two thousand times a second. In a server the loop alone
touches them, in a worker several threads, which take turns.
"""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Spent:
    """How often something was done, and how long all of it took."""

    count: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.count += 1
        self.seconds += seconds


@dataclass(slots=True)
class Counters:
    """Totals since the process began."""

    # By window in seconds; a tick lasts from the first question to the last picture.
    ticks: defaultdict[int, Spent] = field(default_factory=lambda: defaultdict(Spent))
    # Ticks that brought no new data, by window and reason ("timeout"; "bug" for one of ours).
    failed_ticks: Counter[tuple[int, str]] = field(default_factory=Counter)
    # Pictures brought up to date, encoding included.
    drawings: Spent = field(default_factory=Spent)
    # Frames made for all viewers of a view, by kind: snapshot, delta, status.
    frames_made: Counter[str] = field(default_factory=Counter)
    frames_sent: int = 0
    bytes_sent: int = 0
    # Steps of a picture that a viewer never got because it was busy with an earlier one.
    frames_skipped: int = 0
    # By what there was too much of: "viewers", "views".
    refused: Counter[str] = field(default_factory=Counter)
    # Connections and requests that were not served, by reason (`graph.live.metrics` lists them).
    turned_away: Counter[str] = field(default_factory=Counter)
    # Connections ended because the client took no byte for too long.
    stalled: int = 0
    # Websockets accepted since the start.
    accepted: int = 0
    # For the threads of a worker.
    turn: threading.Lock = field(default_factory=threading.Lock)

    def refused_question(self) -> None:
        """Note that somebody has asked too much of Prometheus. Loses a count if threads meet."""
        self.turned_away["too_costly"] += 1

    def published(self, kind: str, seq: int) -> None:
        """Note a frame at the moment its viewers are woken."""
        self.frames_made[kind] += 1
