"""Asking and stepping: lanes, budgets, faults as states, against a server that can misbehave."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from graph import poll
from graph.core import engine
from graph.core.engine import FeedState
from graph.core.samples import Harvest, Lane
from graph.sources import Source, open_source
from tests.faultserver import Fault, FaultServer


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as made:
        yield made


@pytest.fixture
def source(server: FaultServer) -> Iterator[Source]:
    made = open_source(server.url, timeout_s=1.0)
    yield made
    made.close()


def start() -> FeedState:
    return engine.start_feed(60, 5.0)


def test_one_tick_asks_both_lanes_at_one_evaluation_time(
    server: FaultServer, source: Source
) -> None:
    state = poll.advance(source, start(), time.time())

    assert state.status["state"] == "ok"
    # Twelve questions, three of them with births, and how much of the window has data.
    assert state.status["queries"] == 16
    assert server.ticks == 1
    assert state.readings is not None
    assert state.readings.slow is not None
    assert state.readings.slow.at == state.readings.at


def test_the_slow_lane_waits_for_its_turn(server: FaultServer, source: Source) -> None:
    now = time.time()
    state = poll.advance(source, start(), now)
    state = poll.advance(source, state, now + 1)
    early = server.asked["istio_request_duration_milliseconds_bucket"]
    state = poll.advance(source, state, now + 5)

    assert early == 1
    assert server.asked["istio_request_duration_milliseconds_bucket"] == 2


def test_discovery_is_not_repeated_at_every_tick(server: FaultServer, source: Source) -> None:
    state = start()
    for tick in range(3):
        state = poll.advance(source, state, time.time() + tick * 5)

    assert server.asked["/api/v1/targets"] == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("500", "unreachable"),
        ("422", "rejected"),
        ("html", "garbled"),
        ("truncated", "unreachable"),
        ("slow", "timeout"),
        ("drip", "timeout"),
        ("refuse", "unreachable"),
    ],
)
def test_a_failing_source_is_a_state_and_recovers(
    server: FaultServer, source: Source, fault: Fault, reason: str
) -> None:
    now = time.time()
    good = poll.advance(source, start(), now)
    server.fault = fault
    bad = poll.advance(source, good, now + 5)
    server.fault = "none"
    again = poll.advance(source, bad, now + 10)

    assert (bad.status["state"], bad.status["reason"]) == ("stale", reason)
    assert bad.readings is good.readings
    assert again.status["state"] == "ok"


def test_a_source_that_never_answered_is_down(server: FaultServer, source: Source) -> None:
    server.fault = "refuse"

    state = poll.advance(source, start(), time.time())

    assert state.status["state"] == "down"
    assert server.url in state.status["detail"]


def test_a_window_too_short_is_refused_before_anything_is_asked(
    server: FaultServer, source: Source
) -> None:
    state = poll.advance(source, engine.start_feed(8, 5.0), time.time())

    assert state.status["reason"] == "window_too_short"
    assert server.ticks == 0


def test_a_look_at_the_past_asks_at_that_moment(server: FaultServer, source: Source) -> None:
    at = time.time() - 3600

    state = poll.look(source, 60, at, 5.0)

    assert state.readings is not None
    assert state.readings.at == at
    assert state.readings.slow is not None


class Scripted:
    """A source whose lanes take as long as they are told, without taking it."""

    def __init__(self, source: Source, fast_s: float, slow_s: float) -> None:
        self._source = source
        self.took_s: dict[Lane, float] = {"fast": fast_s, "slow": slow_s}
        self.behind_s = 0.0
        self.next_s: float | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        harvest = self._source.fetch(lane, window_s, at, brief=brief)
        behind_s = self.behind_s if lane == "slow" else 0.0
        next_at = None if self.next_s is None or lane == "fast" else at + self.next_s
        took_ms = self.took_s[lane] * 1000
        return replace(harvest, at=at - behind_s, query_ms=took_ms, next_at=next_at)


def cadences(state: FeedState) -> tuple[float | None, float | None]:
    return state.status["cadence_s"], state.status["slow_cadence_s"]


def test_nothing_is_planned_before_the_first_tick() -> None:
    assert cadences(start()) == (None, None)


def test_a_cheap_source_is_asked_at_every_interval(source: Source) -> None:
    state = poll.advance(Scripted(source, 0.5, 1.0), start(), time.time(), share=0.25)

    assert cadences(state) == (5.0, 5.0)


def test_an_expensive_source_is_asked_less_often_and_the_page_can_say_so(source: Source) -> None:
    now = time.time()
    scripted = Scripted(source, 0.4, 2.2)
    state = poll.advance(scripted, start(), now, share=0.25)
    assert cadences(state) == (5.0, 15.0)
    # Half a tick of slack, since none is exactly on time.
    assert state.slow_due_at == now + 12.5

    state = poll.advance(scripted, state, now + 5, share=0.25)
    assert cadences(state) == (5.0, 15.0)
    scripted.took_s["fast"] = 2.0
    for tick in range(2, 30):
        state = poll.advance(scripted, state, now + 5 * tick, share=0.25)
    # 0.2 s more for the slow lane are 4 %; the fast one has the other 21 %.
    assert cadences(state) == (9.5, 9.5)


def test_a_hiccup_costs_no_more_than_a_few_ticks(source: Source) -> None:
    now = time.time()
    scripted = Scripted(source, 0.15, 0.2)
    state = poll.advance(scripted, start(), now, share=0.25)
    scripted.took_s.update(fast=8.5, slow=9.0)
    state = poll.advance(scripted, state, now + 5, share=0.25)
    first = cadences(state)
    scripted.took_s.update(fast=0.15, slow=0.2)
    for tick in range(2, 9):
        state = poll.advance(scripted, state, now + 5 * tick, share=0.25)

    # Alone it would be 34 s; and it was as long as it was.
    assert first[0] is not None
    assert 9.0 <= first[0] <= 13.0
    assert cadences(state)[0] == 5.0


def test_more_windows_leave_each_of_them_less(source: Source) -> None:
    state = poll.advance(Scripted(source, 1.0, 1.0), start(), time.time(), share=0.25 / 4)

    assert cadences(state) == (16.0, 16.0)


def test_a_slow_lane_that_outlasts_the_interval_makes_that_tick_longer(source: Source) -> None:
    state = poll.advance(Scripted(source, 0.1, 9.0), start(), time.time(), share=0.25)

    assert cadences(state) == (9.0, 40.0)


def test_what_failed_is_tried_again_soon_although_failing_took_long(
    server: FaultServer, source: Source
) -> None:
    good = poll.advance(source, start(), time.time())
    server.fault = "slow"  # the deadline is a second
    bad = poll.advance(source, good, time.time() + 5, share=0.01)

    assert bad.status["reason"] == "timeout"
    assert 16 <= (bad.status["cadence_s"] or 0) < 100


def test_numbers_recorded_earlier_are_as_old_as_they_are(source: Source) -> None:
    now = time.time()
    scripted = Scripted(source, 0.1, 0.1)
    scripted.behind_s, scripted.next_s = 20.0, 40.0

    state = poll.advance(scripted, start(), now, share=0.25)

    assert state.status["age_s"] == 0
    assert state.status["slow_age_s"] == 20.0
    assert state.slow_due_at == pytest.approx(now + 40.0)
    assert cadences(state) == (5.0, 60.0)


def test_every_query_is_counted(server: FaultServer, source: Source) -> None:
    poll.advance(source, start(), time.time())

    assert source.queries_total == sum(server.asked.values())


class Listening:
    """A source that remembers which lanes were asked briefly."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.asked: list[tuple[Lane, bool]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        self.asked.append((lane, brief))
        return self._source.fetch(lane, window_s, at, brief=brief)


def test_only_the_first_question_has_to_name_everybody(source: Source) -> None:
    listening = Listening(source)
    now = time.time()
    state = poll.advance(listening, start(), now)
    poll.advance(listening, state, now + 5)

    assert listening.asked[:2] == [("fast", False), ("slow", True)]
    assert sorted(listening.asked[2:]) == [("fast", True), ("slow", True)]
