"""One diagnosis for everybody who asks at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

from graph.doctor import Checkup
from graph.sources import Denied
from tests.doctor.papers import HABITS, facts


class Locked:
    """A source that lets nobody in, and counts who came, at most one at a time."""

    def __init__(self) -> None:
        self.asked = 0
        self._inside = threading.Lock()

    def ask(self, promql: str, at: float | None = None) -> list[object]:
        assert self._inside.acquire(blocking=False), "two examinations at the same time"
        try:
            self.asked += 1
        finally:
            self._inside.release()
        raise Denied("no entry", "show a token")

    def facts(self) -> object:
        return facts()


def test_those_who_come_together_share_a_diagnosis() -> None:
    source = Locked()
    checkup = Checkup(source, HABITS, fresh_s=600)  # type: ignore[arg-type]  # all it needs

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: checkup.diagnosis(), range(50)))

    assert source.asked == 1
    assert all(each is found[0] for each in found)


def test_an_old_diagnosis_is_made_anew() -> None:
    source = Locked()
    checkup = Checkup(source, HABITS, fresh_s=-1)  # type: ignore[arg-type]  # all it needs

    assert checkup.diagnosis() is not checkup.diagnosis()
    assert source.asked == 2
