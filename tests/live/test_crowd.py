"""Hundreds of viewers at once: stuck ones, ones that come and go, and all of them coming back."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from bench.readers import Readers
from bench.watched import cost
from tests.faultserver import FaultServer
from tests.live.test_metrics import read
from tests.served import Served
from tests.stack import wait_until

pytestmark = pytest.mark.alone

STUCK = 50
# What may be asked of Prometheus at the moment that files are counted, each over a connection.
QUESTIONS = 11
# All the viewers that one process is made for.
STORM = 2000
# What a stuck client may cost at most: the time its last frame is waited for, and some.
GONE_S = 45.0


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    # A frame of 50 kB and more at every tick.
    with FaultServer(edges=60) as server:
        yield server


@pytest.fixture
def served(prometheus: FaultServer) -> Iterator[Served]:
    settings = {"interval": "1s", "query_budget": "1", "max_viewers": str(STORM)}
    with Served(prometheus.url, **settings) as server:
        wait_until(lambda: len(server.graph()["edges"]) > 60, what="a graph")
        yield server


@contextmanager
def crowd(served: Served, count: int, over_s: float = 1.0) -> Iterator[Readers]:
    readers = Readers(served.port)
    try:
        readers.connect(count, over_s)
        readers.wait_open(count, 30)
        yield readers
    finally:
        readers.close()


def test_stuck_clients_hold_up_nobody_and_are_cut_off(served: Served) -> None:
    stuck = Readers(served.port, receive_buffer=4096)
    with crowd(served, 100) as healthy:
        stuck.connect(STUCK)
        wait_until(lambda: read(served)["meshviz_connections",] == 100 + STUCK, what="all in")
        before = cost(served.process.pid)
        healthy.arrivals.clear()

        def cut_off() -> bool:
            healthy.read_for(1.0)
            return read(served)["meshviz_connections",] == 100

        wait_until(cut_off, GONE_S, "the stuck clients to be cut off")
        after = cost(served.process.pid)
        steps = Counter(one.reader for one in healthy.arrivals if one.kind == "delta")
        stalled = read(served)["meshviz_connections_stalled_total",]
        skipped = [one for one in healthy.arrivals if one.kind == "snapshot"]
    stuck.close()

    assert stalled == STUCK
    assert after.files <= before.files - STUCK + QUESTIONS
    assert after.rss_mb < before.rss_mb + 20
    assert len(steps) == 100
    assert max(steps.values()) - min(steps.values()) <= 1
    assert not skipped


def test_ten_thousand_connects_leave_nothing_behind(served: Served) -> None:
    def come_and_go(times: int) -> None:
        readers = Readers(served.port)
        for _ in range(times // 200):
            readers.connect(200)
            readers.wait_open(200, 30)
            readers.drop()
        wait_until(lambda: read(served)["meshviz_connections",] == 0, what="all to be gone")
        readers.close()

    # The most memory that this pace needs: what a connection leaves goes a few seconds later.
    come_and_go(50_000)
    wait_until(lambda: cost(served.process.pid).files < 60, what="files to be closed")
    before, cost_before = read(served), cost(served.process.pid)
    come_and_go(10_000)
    wait_until(lambda: cost(served.process.pid).files <= cost_before.files, what="files closed")
    after, cost_after = read(served), cost(served.process.pid)

    accepted = ("meshviz_connections_accepted_total",)
    assert after[accepted] - before[accepted] == 10_000
    assert after["meshviz_tasks",] <= before["meshviz_tasks",] + 2
    assert cost_after.threads <= cost_before.threads + 2
    assert after["meshviz_views", "1m"] <= 1
    # 10,000 viewers that leak a third of a kilobyte each would show.
    assert cost_after.rss_mb < cost_before.rss_mb + 3


def test_all_come_back_at_once_while_rest_goes_on(served: Served) -> None:
    answers: Counter[int] = Counter()
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            answers[requests.get(f"{served.url}/api/v1/graph", timeout=30).status_code] += 1

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        with crowd(served, STORM, over_s=5.0) as readers:
            readers.read_for(2.0)
            readers.drop()
            readers.arrivals.clear()
            readers.connect(STORM, 2.0)
            readers.wait_open(STORM, 60)

            def everyone_sees() -> bool:
                return len({one.reader for one in readers.arrivals}) == STORM

            readers.read_for(60, everyone_sees)
            assert everyone_sees()
            assert not readers.ended
    finally:
        ended.set()
        asking.join()

    assert set(answers) == {200}


def test_ending_server_tells_everybody_to_come_back(served: Served) -> None:
    with crowd(served, 300) as readers:
        readers.read_for(1.0)
        os.kill(served.process.pid, signal.SIGTERM)
        readers.read_for(30, lambda: len(readers.ended) == 300)

        assert Counter(reader.closed for reader in readers.ended) == {1012: 300}
        wait_until(lambda: served.process.exit_code() is not None, what="the process to end")
        assert served.process.exit_code() == 0
        with pytest.raises(ConnectionRefusedError):
            readers.connect(1)
