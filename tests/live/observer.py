"""A viewer who believes nothing: every frame that claims to be fresh is held against the truth."""

import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Self

from websocket import WebSocketException

from graph.core.frame import apply
from graph.core.picture import Picture
from tests.served import Served, Watcher
from tests.stack import Simulator, wait_until
from tests.truth import compare

# An age is told once an interval, and a busy machine needs a moment to pass it on.
AGE_OFF_S = 3.0


@dataclass(frozen=True)
class Sight:
    """What was on the screen after a frame: whose numbers (``at``), and what they claimed."""

    moment: float
    at: float
    source: dict[str, Any]
    picture: Picture

    @property
    def claims_to_be_fresh(self) -> bool:
        return (self.source["state"], self.source["reason"]) == ("ok", None)


class Observer(AbstractContextManager["Observer"]):
    """One viewer in a thread; connects again when it is cut off, as a browser does."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.seen: list[Sight] = []
        self.connections = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def wait_for(self, state: str, reason: str | None = None, *, after: float = 0.0) -> Sight:
        """Return the first sight after a moment whose source says this."""
        found: list[Sight] = []

        def there() -> bool:
            found[:] = [
                sight
                for sight in list(self.seen)
                if sight.moment > after
                and sight.source["state"] == state
                and sight.source["reason"] == reason
            ]
            return bool(found)

        wait_until(there, 40, f"{state}, {reason}; seen {_told(self.seen[-5:])}")
        return found[0]

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                with self._served.watch() as viewer:
                    self.connections += 1
                    self._read(viewer)
            except (OSError, WebSocketException, AssertionError, ValueError):
                time.sleep(0.2)

    def _read(self, viewer: Watcher) -> None:
        picture, at = Picture(), 0.0
        while not self._ended.is_set():
            frame = viewer.frame()
            if frame["type"] != "status":
                picture, at = apply(picture, frame), frame["at"]  # type: ignore[arg-type]
            self.seen.append(Sight(time.time(), at, frame["source"], picture))


def check(seen: list[Sight], mesh: Simulator, window_s: int, *, unseen_s: float) -> int:
    """Hold what was seen against the truth of its own moment; return how many were fresh.

    Whatever claims to be fresh has to be right, and every age has to be the real one.
    """
    newest = max(sight.at for sight in seen)
    wait_until(lambda: mesh.now()["at"] > newest, what="the simulator passing the newest frame")
    checked: set[float] = set()
    for sight in seen:
        age_s = sight.source["age_s"]
        if sight.at:
            off_s = age_s - (sight.moment - sight.at)
            assert abs(off_s) < AGE_OFF_S, (off_s, _told([sight]))
        if not sight.claims_to_be_fresh:
            continue
        if sight.at not in checked:
            checked.add(sight.at)
            _check_numbers(sight, mesh, window_s, unseen_s)
    return len(checked)


def _check_numbers(sight: Sight, mesh: Simulator, window_s: int, unseen_s: float) -> None:
    picture = sight.picture
    view: Any = {"nodes": list(picture.nodes.values()), "edges": list(picture.edges.values())}
    truth = mesh.truth(sight.at - window_s, sight.at)
    # What was seen is a part of the window: the same four deviations make a rare edge none at all.
    both = compare.pairs(view, truth, "workload", rare=16 * unseen_s / window_s)
    compare.check_rates(both, truth, window_s, unseen_s=unseen_s)


def _told(sights: list[Sight]) -> list[tuple[str, str | None, float, float]]:
    return [
        (one.source["state"], one.source["reason"], one.at, one.source["age_s"]) for one in sights
    ]
