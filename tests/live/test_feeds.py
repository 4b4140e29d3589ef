"""Polling: when Prometheus is asked, how often, and what viewers hear meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from graph.core.engine import FeedState, start_feed
from graph.live.feeds import Feeds, Pace, rest_s
from graph.poll import RETRY_WITHIN_S, steps
from graph.sources import Unavailable
from tests.live.scripted import ScriptedSource

BRISK = Pace(interval_s=0.02, budget=1.0, grace_s=0.0)


class Listener:
    """Notes every tick and beat."""

    def __init__(self) -> None:
        self.watched: set[int] = set()
        self.published: list[int] = []
        self.beats: list[int] = []
        self.broken = False

    async def publish(self, window_s: int) -> None:
        self.published.append(window_s)
        if self.broken:
            raise RuntimeError("a bug")

    def beat(self, window_s: int) -> None:
        self.beats.append(window_s)

    def is_watched(self, window_s: int) -> bool:
        return window_s in self.watched


async def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.to_thread(function, *args)


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not claim():  # noqa: ASYNC110  # claims are about other code's state
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(
    source: ScriptedSource, pace: Pace = BRISK
) -> AsyncIterator[tuple[Feeds, Listener]]:
    feeds, listener = Feeds(source, pace, 60, in_thread), Listener()
    feeds.start(listener)
    try:
        yield feeds, listener
    finally:
        source.open.set()
        await feeds.stop()


async def test_default_window_is_polled_though_nobody_watches() -> None:
    source = ScriptedSource()
    async with running(source) as (feeds, listener):
        await until(lambda: source.ticks() >= 3 and len(listener.published) >= 2)

        assert feeds.states()[60].status["state"] == "ok"
        assert set(listener.published) == {60}


async def test_other_window_is_polled_while_watched_and_then_forgotten() -> None:
    source = ScriptedSource()
    async with running(source) as (feeds, listener):
        listener.watched.add(300)
        feeds.want(300)
        await until(lambda: listener.published.count(300) >= 3)
        listener.watched.clear()
        await until(lambda: 300 not in feeds.states())
        asked = source.ticks(300)
        ticks = source.ticks()
        await until(lambda: source.ticks() >= ticks + 3)

        assert source.ticks(300) == asked
        assert list(feeds.states()) == [60]


async def test_grace_period_keeps_a_window_that_was_asked_for_once() -> None:
    source = ScriptedSource()
    async with running(source, Pace(0.02, 1.0, grace_s=3600.0)) as (feeds, _):
        feeds.want(300)
        await until(lambda: source.ticks(300) >= 3)

        assert list(feeds.states()) == [60, 300]


async def test_ticks_of_a_window_never_overlap() -> None:
    source = ScriptedSource()
    source.open.clear()
    async with running(source) as (feeds, listener):
        for _ in range(20):
            feeds.want(60)
        await until(lambda: source.ticks() >= 1 and len(listener.beats) >= 5)

        assert source.most_at_once == 1
        assert source.ticks() == 1


async def test_age_grows_while_an_answer_is_awaited() -> None:
    source = ScriptedSource()
    async with running(source, Pace(0.1, 1.0, 0.0)) as (feeds, listener):
        await until(lambda: len(listener.published) >= 1)
        source.open.clear()
        await until(lambda: source.held > 0)
        listener.beats.clear()
        ages = set()

        def aged() -> bool:
            ages.add(feeds.states()[60].status["age_s"])
            return len(listener.beats) >= 5

        await until(aged)

        assert len(ages) >= 3


async def test_failure_is_published_and_the_next_tick_follows() -> None:
    source = ScriptedSource()
    async with running(source) as (feeds, listener):
        await until(lambda: len(listener.published) >= 1)
        source.failure = Unavailable("gone", "bring it back")
        await until(lambda: feeds.states()[60].status["state"] == "stale")
        published = len(listener.published)
        await until(lambda: len(listener.published) >= published + 3)
        source.failure = None
        await until(lambda: feeds.states()[60].status["state"] == "ok")


async def test_bug_in_a_listener_does_not_end_the_feed() -> None:
    source = ScriptedSource()
    async with running(source) as (_, listener):
        listener.broken = True
        await until(lambda: source.ticks() >= 4)


async def test_first_answer_can_be_waited_for() -> None:
    source = ScriptedSource()
    source.open.clear()
    async with running(source) as (feeds, _):
        early = await feeds.answered(300, 0.01)
        waiting = asyncio.gather(*(feeds.answered(300, 20) for _ in range(10)))
        await until(lambda: source.ticks(300) == 1)
        source.open.set()
        states = await waiting

        assert early.status["reason"] == "starting"
        assert {state.status["state"] for state in states} == {"ok"}


async def test_failed_query_is_not_rested_from_for_long() -> None:
    source = ScriptedSource()
    source.failure = Unavailable("gone", "bring it back")
    # A budget this small would ask for hours of rest after any query.
    async with running(source, Pace(0.02, 1e-9, 0.0)) as (feeds, listener):
        await until(lambda: len(listener.published) >= 1)
        delay_s = await feeds._tick(60, feeds._feeds[60])

    assert delay_s == pytest.approx(RETRY_WITHIN_S, abs=0.2)


async def test_clock_that_is_set_changes_no_age_and_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = ScriptedSource()
    async with running(source) as (feeds, listener):
        await until(lambda: len(listener.published) >= 2)
        for step_s in (3600.0, -7200.0):
            shown = time.time() + step_s
            monkeypatch.setattr(time, "time", lambda shown=shown: shown)
            source.fetches.clear()
            await until(lambda: "slow" in {lane for lane, _, _ in source.fetches})

            status = feeds.states()[60].status
            assert status["age_s"] is not None
            assert status["age_s"] < 60
            assert status["slow_age_s"] is not None
            assert status["slow_age_s"] < 60


async def test_windows_share_what_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    shares: dict[int, set[float]] = {60: set(), 300: set()}

    def noting(source: Any, state: FeedState, now: float, share: float, diary: Any) -> Any:
        shares[state.window_s].add(share)
        return steps(source, state, now, share, diary)

    monkeypatch.setattr("graph.live.feeds.steps", noting)
    async with running(ScriptedSource(), Pace(0.02, 0.5, grace_s=3600.0)) as (feeds, _):
        feeds.want(300)
        await until(lambda: shares[300] == {0.25} and 0.25 in shares[60])


def resting(cadence_s: float | None, elapsed_s: float) -> float:
    return rest_s({**start_feed(60, 5.0).status, "cadence_s": cadence_s}, elapsed_s)


def test_rest_counts_from_the_beginning_of_a_tick() -> None:
    assert resting(10.0, 2.0) == 8.0
    assert resting(None, 2.0) == 3.0


def test_drawing_for_longer_than_the_cadence_leaves_time_to_serve() -> None:
    assert resting(5.0, 10.0) == 2.0
