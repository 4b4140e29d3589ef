"""A keeper inside this process, before a real Redis: when it asks, when it ends, what it writes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from graph.core.engine import ViewSpec
from graph.live.feeds import Pace
from graph.live.parameters import Windows
from graph.live.rules import Rules
from graph.live.scaled.keeper import Keeper, lease_s
from graph.live.scaled.keys import Keys, News, digest_of, member, prefix_for, spec_of
from graph.live.scaled.lease import Lease, Lost
from graph.live.scaled.stock import Stock
from graph.sources import Source
from tests.crew import RedisServer
from tests.live.scripted import ScriptedSource
from tests.stack import wait_until

ALL = ViewSpec("workload", 300, ())
KEYS = Keys("test:")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    folder: Path = tmp_path_factory.mktemp("redis")
    with RedisServer(folder) as server:
        yield server


@pytest.fixture
def stock(server: RedisServer) -> Iterator[Stock]:
    with server.client as client:
        client.flushall()
        yield Stock(client, KEYS)


def want(stock: Stock, seconds: float, *specs: ViewSpec, window_s: int = 300) -> None:
    until = stock.now() + seconds
    stock.redis.zadd(KEYS.windows, {str(window_s): until})
    for spec in specs:
        stock.redis.zadd(KEYS.views, {member(spec): until})


@contextmanager
def keeping(stock: Stock, source: ScriptedSource) -> Iterator[threading.Thread]:
    rules = Rules("0", Windows({"1m": 60, "5m": 300}, "1m"), Pace(0.05, 1.0), 10.0, 4, 10)
    stopping = threading.Event()
    keeper = Keeper(cast(Source, source), stock, rules, 300, stopping)
    thread = threading.Thread(target=keeper.keep)
    thread.start()
    try:
        yield thread
    finally:
        stopping.set()
        thread.join(20)


def test_window_that_nobody_wants_any_more_is_let_go(stock: Stock) -> None:
    source = ScriptedSource()
    want(stock, 60)
    with keeping(stock, source) as thread:
        wait_until(lambda: source.ticks(300) >= 3)
        stock.redis.delete(KEYS.windows)
        wait_until(lambda: not thread.is_alive())

    assert stock.redis.exists(KEYS.lock(300)) == 0


def test_window_is_kept_by_one(stock: Stock) -> None:
    first, second = ScriptedSource(), ScriptedSource()
    want(stock, 60)
    with keeping(stock, first):
        wait_until(lambda: first.ticks(300) >= 1)
        with keeping(stock, second) as late:
            wait_until(lambda: not late.is_alive())
        wait_until(lambda: first.ticks(300) >= 3)

    assert second.fetches == []


def test_view_is_drawn_while_an_answer_is_awaited(stock: Stock) -> None:
    source = ScriptedSource()
    want(stock, 60)
    with keeping(stock, source):
        wait_until(lambda: source.ticks(300) >= 2)
        source.open.clear()
        wait_until(lambda: source.held > 0)
        want(stock, 60, ALL)
        stock.redis.lpush(KEYS.asked(300), 1)
        wait_until(lambda: stock.face(ALL) is not None)
        source.open.set()

    told = stock.face(ALL)
    assert told is not None
    assert told.status["state"] == "ok"


def test_view_that_nobody_wants_is_drawn_no_more(stock: Stock) -> None:
    source = ScriptedSource()
    want(stock, 60, ALL)
    with keeping(stock, source):
        wait_until(lambda: stock.face(ALL) is not None)
        stock.redis.delete(KEYS.views)
        ticks = source.ticks(300)
        wait_until(lambda: source.ticks(300) >= ticks + 2)
        told = stock.face(ALL)
        ticks = source.ticks(300)
        wait_until(lambda: source.ticks(300) >= ticks + 3)
        later = stock.face(ALL)

    assert told is not None
    assert later is not None
    assert told.number == later.number


def test_successor_goes_on_with_the_next_number(stock: Stock) -> None:
    want(stock, 60, ALL)
    told = []
    for _ in range(2):
        with keeping(stock, ScriptedSource()):
            before = told[-1].number if told else 0
            wait_until(lambda least=before: (stock.face(ALL) or _Nothing).number > least + 2)
        face = stock.face(ALL)
        assert face is not None
        told.append(face)

    assert told[0].epoch == told[1].epoch
    assert told[0].seq < told[1].seq


class _Nothing:
    number = 0


def test_writes_of_whoever_lost_the_lease_are_refused(stock: Stock) -> None:
    first, second = (Lease(stock.redis, KEYS, 300, 0.1) for _ in range(2))
    assert first.take()
    stock.redis.delete(KEYS.lock(300))
    assert second.take()

    with pytest.raises(Lost):
        first.tell("test:hash", {"field": 1}, News("feed", "300"))

    assert not first.is_sure
    assert stock.redis.exists("test:hash") == 0
    assert not first.hold()
    assert second.hold()


def test_write_that_needs_what_is_gone_says_so(stock: Stock) -> None:
    lease = Lease(stock.redis, KEYS, 300, 5.0)
    assert lease.take()

    assert not lease.tell("test:hash", {"part": 1}, News("feed", "300"), needs="whole")
    assert lease.tell("test:hash", {"whole": 1}, News("feed", "300"))
    assert lease.tell("test:hash", {"part": 1}, News("feed", "300"), needs="whole")


def test_lease_outlives_a_busy_moment_and_no_more() -> None:
    assert [lease_s(interval_s) for interval_s in (0.5, 1.0, 3.0, 60.0)] == [2.0, 2.0, 6.0, 10.0]


def test_view_is_named_by_all_that_it_is() -> None:
    specs = [ALL, ViewSpec("app", 300, ("a", "b"), "server", True, True, True)]

    assert [spec_of(member(spec)) for spec in specs] == specs
    assert digest_of(specs[0]) != digest_of(specs[1])
    assert prefix_for("http://a", 1) != prefix_for("http://a", 2)
