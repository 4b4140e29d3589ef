"""One diagnosis for everybody who asks at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

from graph.doctor import Checkup
from graph.sources import Denied
from tests.doctor.papers import HABITS, facts

_MEETING_S = 0.3


class Locked:
    """A source that lets nobody in, and sees whether two come at the same time."""

    def __init__(self) -> None:
        self.asked = 0
        self.met = False
        self._door = threading.Barrier(2)

    def ask(self, promql: str, at: float | None = None) -> list[object]:
        self.asked += 1
        try:
            self._door.wait(_MEETING_S)
            self.met = True
        except threading.BrokenBarrierError:
            self._door.reset()
        raise Denied("no entry", "show a token")

    def facts(self) -> object:
        return facts()


def test_those_who_come_together_share_a_diagnosis() -> None:
    source = Locked()
    checkup = Checkup(source, HABITS, fresh_s=600)  # type: ignore[arg-type]  # all it needs

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: checkup.diagnosis(), range(50)))

    assert not source.met
    assert source.asked == 1
    assert all(each is found[0] for each in found)


def test_an_old_diagnosis_is_made_anew() -> None:
    source = Locked()
    checkup = Checkup(source, HABITS, fresh_s=-1)  # type: ignore[arg-type]  # all it needs

    assert checkup.diagnosis() is not checkup.diagnosis()
    assert source.asked == 2
