"""The desk as REST sees it: answers for threads, however many ask."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from graph.core.engine import ViewSpec
from graph.core.permit import EVERYTHING
from graph.core.samples import Harvest, Lane
from graph.live.desk import Busy, Desk, Rules, Unanswered
from graph.live.feeds import Pace
from graph.live.parameters import Windows
from graph.sources import Unavailable
from tests.live.scripted import ScriptedSource
from tests.make import AT, request

T = TypeVar("T")

ALL = ViewSpec("workload", 60, ())
FIVE = ViewSpec("workload", 300, ())


@pytest.fixture
def source() -> ScriptedSource:
    return ScriptedSource()


@pytest.fixture
async def desk(source: ScriptedSource) -> AsyncIterator[Desk]:
    rules = Rules(
        version="0",
        windows=Windows({"1m": 60, "5m": 300}, "1m"),
        pace=Pace(interval_s=600.0, budget=1.0),
        query_timeout_s=10.0,
        max_views=4,
        max_viewers=10,
        look_queue_s=0.05,
    )
    made = Desk(source, rules)
    await made.open()
    yield made
    source.open.set()
    await made.close()


async def ask(function: Callable[..., T], *args: object, **kwargs: object) -> T:
    """Call as a request's thread would."""
    return await asyncio.to_thread(function, *args, **kwargs)


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not claim():  # noqa: ASYNC110  # claims are about other code's state
            await asyncio.sleep(0.005)


async def test_live_graph_comes_from_the_feed(desk: Desk, source: ScriptedSource) -> None:
    graphs = [await ask(desk.live, ALL) for _ in range(20)]

    assert source.ticks() == 1
    assert {graph["at"] for graph in graphs} == {AT + 1}
    assert len(graphs[0]["edges"]) == 1


async def test_first_callers_of_a_window_wait_for_one_answer(
    desk: Desk, source: ScriptedSource
) -> None:
    graphs = await asyncio.gather(*(ask(desk.live, FIVE) for _ in range(5)))

    assert source.ticks(300) == 1
    assert {graph["source"]["state"] for graph in graphs} == {"ok"}


class Sluggish(ScriptedSource):
    """Takes five intervals for every answer, so that there is a beat at every one of them."""

    def fetch(self, lane: Lane, window_s: int, at: float, *, brief: bool = False) -> Harvest:
        time.sleep(0.1)
        return super().fetch(lane, window_s, at, brief=brief)


async def test_window_that_nobody_watches_is_let_go_while_ticks_are_slow() -> None:
    source = Sluggish()
    windows = Windows({"1m": 60, "5m": 300}, "1m")
    desk = Desk(source, Rules("0", windows, Pace(0.02, 1.0, grace_s=0.5), 10.0, 4, 10))
    await desk.open()
    try:
        await ask(desk.live, FIVE)
        assert 300 in desk.feed_states()
        await until(lambda: 300 not in desk.feed_states())
    finally:
        await desk.close()


async def test_caller_sees_what_viewers_see(desk: Desk) -> None:
    await ask(desk.live, ALL)
    viewer = desk.hub.enter()
    await desk.hub.show(viewer, ALL)
    watched = desk._studio._drawings.drawn(ALL)  # type: ignore[attr-defined]

    graph = await ask(desk.live, ALL)

    assert watched is not None
    assert (graph["epoch"], graph["seq"]) == (watched.epoch, watched.seq)
    assert graph["edges"][0] is next(iter(watched.picture.edges.values()))


async def test_scope_is_drawn_for_the_caller_alone(desk: Desk) -> None:
    nothing = await ask(desk.live, ViewSpec("workload", 60, ("shop",)))
    everything = await ask(desk.live, ALL)

    assert (nothing["edges"], nothing["source"]["reason"]) == ([], "namespace_filter")
    assert everything["edges"]
    assert everything["source"]["state"] == "ok"


async def test_dead_source_is_a_state_of_the_graph(desk: Desk, source: ScriptedSource) -> None:
    source.failure = Unavailable("gone", "bring it back")

    graph = await ask(desk.live, FIVE)

    assert (graph["source"]["state"], graph["source"]["detail"]) == ("down", "gone")
    assert (graph["nodes"], graph["edges"], graph["at"]) == ([], [], 0.0)


async def test_moment_is_asked_once_for_all_who_mean_it(desk: Desk, source: ScriptedSource) -> None:
    await ask(desk.live, ALL)
    graphs = await asyncio.gather(*(ask(desk.moment, ALL, AT - 100) for _ in range(8)))
    again = await ask(desk.moment, ViewSpec("app", 60, ()), AT - 100)

    assert source.fetches.count(("fast", 60, AT - 100)) == 1
    assert {graph["at"] for graph in graphs} == {AT - 100}
    assert again["graph_type"] == "app"


async def test_unanswered_moment_is_an_error_and_is_asked_again(
    desk: Desk, source: ScriptedSource
) -> None:
    await ask(desk.live, ALL)
    source.failure = Unavailable("gone", "bring it back")
    with pytest.raises(Unanswered, match="gone"):
        await ask(desk.moment, ALL, AT - 100)

    source.failure = None

    assert (await ask(desk.moment, ALL, AT - 100))["edges"]


async def test_crowd_that_asks_about_the_past_is_turned_away(
    desk: Desk, source: ScriptedSource
) -> None:
    await ask(desk.live, ALL)
    source.open.clear()
    with ThreadPoolExecutor(3) as threads:
        held = [threads.submit(desk.moment, ALL, AT - n) for n in (1, 2)]
        await until(lambda: source.asked_at_once == 2)
        with pytest.raises(Busy):
            await ask(desk.moment, ALL, AT - 3)
        source.open.set()
        answers = [await asyncio.wrap_future(one) for one in held]

    assert [answer["at"] for answer in answers] == [AT - 1, AT - 2]
    assert source.most_at_once == 2


async def test_queries_explain_an_edge(desk: Desk) -> None:
    graph = await ask(desk.live, ALL)
    edge = graph["edges"][0]["id"]

    answer = await ask(desk.queries, ALL, None, node=None, edge=edge)

    assert answer["id"] == edge
    assert any("istio_requests_total" in query["promql"] for query in answer["queries"])
    with pytest.raises(KeyError):
        await ask(desk.queries, ALL, None, node="nowhere", edge=None)


async def test_queries_explain_what_is_drawn_instead_of_a_mesh_too_large(
    source: ScriptedSource,
) -> None:
    pace, windows = Pace(interval_s=600.0, budget=1.0), Windows({"1m": 60}, "1m")
    desk = Desk(source, Rules("0", windows, pace, 10.0, 4, 10, max_nodes=1, max_edges=0))
    await desk.open()
    try:
        (edge,) = (await ask(desk.live, ALL))["edges"]
        answer = await ask(desk.queries, ALL, None, node=None, edge=edge["id"])
    finally:
        await desk.close()

    assert edge["source"].startswith("n/")
    assert any(query["field"] == "rps" for query in answer["queries"])


async def test_queries_explain_a_moment_in_the_past(desk: Desk, source: ScriptedSource) -> None:
    graph = await ask(desk.moment, ALL, AT - 100)

    answer = await ask(desk.queries, ALL, AT - 100, node=None, edge=graph["edges"][0]["id"])

    assert answer["at"] == AT - 100


async def test_status_counts_views_and_viewers(desk: Desk, source: ScriptedSource) -> None:
    await ask(desk.live, ALL)
    for spec in (ALL, ALL, ViewSpec("app", 60, ())):
        await desk.hub.show(desk.hub.enter(), spec)

    status = await ask(desk.status, EVERYTHING)

    assert status["viewers"] == 3
    assert status["queries_total"] == source.queries_total
    (feed,) = status["feeds"]
    assert (feed["window"], feed["views"], feed["viewers"]) == ("1m", 2, 3)
    assert feed["source"]["state"] == "ok"


async def test_closing_lets_go_of_the_source(source: ScriptedSource) -> None:
    rules = Rules("0", Windows({"1m": 60}, "1m"), Pace(5.0, 1.0), 10.0, 4, 10)
    desk = Desk(source, rules)
    await desk.open()

    await desk.close()

    assert source.closed


async def test_traffic_that_changes_is_news_only_after_a_tick(
    desk: Desk, source: ScriptedSource
) -> None:
    before = await ask(desk.live, ALL)
    source.requests = [request(500.0)]

    assert (await ask(desk.live, ALL))["edges"] == before["edges"]
