"""Views and viewers: who gets which frame, and how often anything is drawn."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.frame import apply
from graph.core.picture import Picture
from graph.core.samples import Fault
from graph.live.counters import Counters
from graph.live.drawings import Drawings
from graph.live.hub import MAX_LETTERS, Full, Viewer
from tests.make import AT, feed, request

ALL = ViewSpec("workload", 60, ())
SHOP = ViewSpec("workload", 60, ("shop",))
APPS = ViewSpec("app", 60, ())


class Stage:
    """A hub over feeds that the test sets; counts drawings."""

    def __init__(self, *, max_views: int = 4, max_viewers: int = 100) -> None:
        self.feeds: dict[int, FeedState] = {60: self.reading(1), 300: self.reading(1)}
        self.drawings = 0
        self.counters = Counters()
        self.painter = Drawings(
            "epoch",
            lambda window_s: self.feeds[window_s],
            self.feeds.get,
            self._in_thread,
            max_views=max_views,
            max_viewers=max_viewers,
            counters=self.counters,
        )
        self.hub = self.painter.hub

    @staticmethod
    def reading(tick: int) -> FeedState:
        return feed(at=AT + tick, requests=[request(5.0 * tick)])

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        self.drawings += 1
        return await asyncio.to_thread(function, *args)

    async def viewer(self, spec: ViewSpec = ALL) -> Viewer:
        viewer = self.hub.enter()
        await self.hub.show(viewer, spec)
        return viewer

    async def tick(self, tick: int) -> None:
        self.feeds[60] = self.reading(tick)
        await self.painter.publish(60)


async def read(viewer: Viewer) -> Any:
    return json.loads(await asyncio.wait_for(viewer.next(), 10))


def has_news(viewer: Viewer) -> bool:
    return viewer._take() is not None


async def test_newcomer_gets_a_snapshot_then_deltas() -> None:
    stage = Stage()
    viewer = await stage.viewer()

    first = await read(viewer)
    await stage.tick(2)
    second = await read(viewer)

    assert (first["type"], first["seq"]) == ("snapshot", 1)
    assert (second["type"], second["seq"], second["epoch"]) == ("delta", 2, first["epoch"])
    assert not has_news(viewer)


async def test_viewers_of_a_view_share_one_drawing_and_its_bytes() -> None:
    stage = Stage()
    viewers = await asyncio.gather(*(stage.viewer() for _ in range(50)))
    snapshots = [await viewer.next() for viewer in viewers]
    await stage.tick(2)
    deltas = [await viewer.next() for viewer in viewers]

    assert stage.drawings == 2
    assert {id(text) for text in snapshots} == {id(snapshots[0])}
    assert {id(text) for text in deltas} == {id(deltas[0])}


async def test_frames_lead_every_viewer_to_the_same_picture() -> None:
    stage = Stage()
    eager, lazy = await stage.viewer(), await stage.viewer()
    pictures = {}
    for tick in range(2, 9):
        for viewer in (eager, lazy) if tick in (2, 8) else (eager,):
            pictures[viewer] = apply(pictures.get(viewer, Picture()), await read(viewer))
        await stage.tick(tick)
    pictures[eager] = apply(pictures[eager], await read(eager))
    pictures[lazy] = apply(pictures[lazy], await read(lazy))

    assert pictures[eager] == pictures[lazy]


async def test_viewer_that_missed_a_step_gets_the_whole_picture() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    for tick in (2, 3, 4):
        await stage.tick(tick)

    frame = await read(viewer)

    assert (frame["type"], frame["seq"]) == ("snapshot", 4)
    assert not has_news(viewer)


async def test_one_step_behind_gets_the_step_even_after_a_notice() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    await stage.tick(2)
    stage.painter.beat(60)

    assert (await read(viewer))["type"] == "delta"


async def test_resync_brings_a_snapshot_of_the_same_number() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    await stage.tick(2)
    await read(viewer)

    viewer.resync()
    frame = await read(viewer)

    assert (frame["type"], frame["seq"]) == ("snapshot", 2)


async def test_failed_tick_tells_age_and_reason_and_keeps_the_number() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    fault = Fault("unreachable", "connection refused", "start it")
    stage.feeds[60] = engine.absorb_fault(stage.feeds[60], fault, 15.0, AT + 9)

    await stage.painter.publish(60)
    frame = await read(viewer)
    newcomer = await read(await stage.viewer())

    assert frame["type"] == "status"
    assert (frame["source"]["state"], frame["source"]["age_s"]) == ("stale", 8.0)
    assert (newcomer["type"], newcomer["seq"]) == ("snapshot", 1)
    assert newcomer["source"] == frame["source"]
    assert newcomer["edges"]


async def test_beat_says_the_age_again() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)

    for now in (AT + 5, AT + 6):
        state = stage.feeds[60]
        aged = engine.with_age(state, now)
        stage.feeds[60] = FeedState(60, state.readings, aged, state.fetched_at)
        stage.painter.beat(60)
        assert (await read(viewer))["source"]["age_s"] == now - AT - 1


async def test_beat_never_tells_of_readings_that_are_not_drawn_yet() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    stage.feeds[60] = stage.reading(2)

    stage.painter.beat(60)

    assert not has_news(viewer)


async def test_change_of_view_starts_with_a_snapshot_of_it() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)

    await stage.hub.show(viewer, APPS)
    frame = await read(viewer)
    await stage.tick(2)
    after = await read(viewer)

    assert (frame["type"], frame["graph_type"]) == ("snapshot", "app")
    assert (after["type"], after["seq"]) == ("delta", 2)
    assert set(stage.hub.views) == {APPS}


async def test_same_view_again_is_a_resync() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)

    await stage.hub.show(viewer, ALL)

    assert (await read(viewer))["type"] == "snapshot"


async def test_tick_of_another_window_is_nobodys_business() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    before = stage.drawings

    await stage.painter.publish(300)

    assert stage.drawings == before
    assert not has_news(viewer)


async def test_unwatched_view_is_dropped_at_the_next_tick() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    assert stage.hub.is_watched(60)

    stage.hub.leave(viewer)
    await stage.tick(2)

    assert not stage.hub.views
    assert not stage.hub.viewers
    assert not stage.hub.is_watched(60)
    assert stage.drawings == 1


async def test_viewers_are_capped() -> None:
    stage = Stage(max_viewers=2)
    first = await stage.viewer()
    await stage.viewer()

    with pytest.raises(Full, match="2 viewers"):
        stage.hub.enter()
    stage.hub.leave(first)
    stage.hub.enter()


async def test_views_are_capped_and_the_old_view_goes_on() -> None:
    stage = Stage(max_views=2)
    viewer, _other, _companion = (
        await stage.viewer(),
        await stage.viewer(SHOP),
        await stage.viewer(),
    )
    await read(viewer)

    with pytest.raises(Full, match="2 views"):
        await stage.hub.show(viewer, APPS)
    await stage.tick(2)

    assert (await read(viewer))["type"] == "delta"


async def test_last_viewer_of_a_view_may_trade_it_for_another_at_the_cap() -> None:
    stage = Stage(max_views=1)
    viewer = await stage.viewer()

    await stage.hub.show(viewer, SHOP)

    assert set(stage.hub.views) == {SHOP}


async def test_abandoned_views_make_room() -> None:
    stage = Stage(max_views=1)
    stage.hub.leave(await stage.viewer())

    await stage.viewer(SHOP)

    assert set(stage.hub.views) == {SHOP}


async def test_viewer_that_left_while_its_view_was_drawn_watches_nothing() -> None:
    stage = Stage()
    viewer = stage.hub.enter()
    showing = asyncio.create_task(stage.hub.show(viewer, ALL))
    await asyncio.sleep(0)
    stage.hub.leave(viewer)
    await showing

    assert viewer.view is None
    assert stage.hub.counts(60) == (1, 0)


async def test_letters_reach_one_viewer_and_do_not_pile_up() -> None:
    stage = Stage()
    viewer, other = await stage.viewer(), await stage.viewer()
    await read(viewer)
    await read(other)

    for number in range(MAX_LETTERS * 3):
        viewer.write({"type": "error", "number": number})
    letters = [await read(viewer) for _ in range(MAX_LETTERS)]

    assert [letter["number"] for letter in letters] == list(range(MAX_LETTERS * 2, MAX_LETTERS * 3))
    assert not has_news(viewer)
    assert not has_news(other)


async def test_counts_are_by_window() -> None:
    stage = Stage()
    for spec in (ALL, ALL, SHOP, ViewSpec("app", 300, ())):
        await stage.viewer(spec)

    assert stage.hub.counts(60) == (2, 3)
    assert stage.hub.counts(300) == (1, 1)
    assert stage.hub.counts(900) == (0, 0)


async def test_whole_picture_in_mid_sequence_reaches_everybody_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    viewer, late = await stage.viewer(), await stage.viewer()
    await read(viewer)
    render = engine.render

    def flipping(*args: Any) -> Any:
        state, _ = render(*args)
        return state, engine.snapshot(state, state.status)

    monkeypatch.setattr("graph.live.drawings.render", flipping)
    await stage.tick(2)
    monkeypatch.undo()
    flipped = await read(viewer)
    await stage.tick(3)

    assert (flipped["type"], flipped["seq"]) == ("snapshot", 2)
    assert (await read(viewer))["type"] == "delta"
    assert (await read(late))["seq"] == 3


async def test_what_a_slow_viewer_skips_is_counted() -> None:
    stage = Stage()
    viewer = await stage.viewer()
    await read(viewer)
    for tick in (2, 3, 4):
        await stage.tick(tick)
    await read(viewer)

    assert stage.counters.frames_skipped == 2
    assert stage.counters.drawings.count == 4
    assert dict(stage.counters.frames_made) == {"snapshot": 1, "delta": 3}


async def test_refusals_are_counted() -> None:
    stage = Stage(max_views=1, max_viewers=2)
    viewer = await stage.viewer()
    await stage.viewer()
    with pytest.raises(Full):
        stage.hub.enter()
    with pytest.raises(Full):
        await stage.hub.show(viewer, SHOP)

    assert dict(stage.counters.refused) == {"viewers": 1, "views": 1}


async def test_picture_that_cannot_be_drawn_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    broken, fine = await stage.viewer(), await stage.viewer(SHOP)
    await read(broken)
    await read(fine)
    render = engine.render

    def failing(state: Any, feed: FeedState, spec: ViewSpec, *rest: Any) -> Any:
        if spec == ALL:
            raise RuntimeError("a bug")
        return render(state, feed, spec, *rest)

    monkeypatch.setattr("graph.live.drawings.render", failing)
    await stage.tick(2)

    assert (await read(fine))["seq"] == 2
    assert not has_news(broken)
