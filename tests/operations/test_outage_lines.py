"""A failure is a line in the log when it begins, and one when it is over."""

import logging
from collections.abc import Iterator

import pytest

from graph.outage import Outage
from tests.crew import Crew, RedisServer
from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until

LOG = logging.getLogger("graph.test")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "graph.test"]


def test_failure_is_two_lines_however_often_it_comes(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(LOG, "It answers")
    for _ in range(50):
        outage.failed("timeout", "It is silent.")
    outage.over()
    outage.over()

    begin, end = lines(caplog)
    assert begin == "It is silent."
    assert end.startswith("It answers again, after ")
    assert end.endswith(" s and 50 failures.")


def test_another_kind_of_failure_is_another_line(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(LOG, "It answers")
    for kind in ("one", "two", "one", "two"):
        outage.failed(kind, kind)

    assert lines(caplog) == ["one", "two"]


def test_kinds_without_end_are_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(LOG, "It answers")
    for kind in range(1_000):
        outage.failed(str(kind), "again something else")

    assert len(lines(caplog)) == 5


def test_next_failure_is_news_again(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(LOG, "It answers")
    outage.failed("one", "one")
    outage.over()
    outage.failed("one", "one")

    assert [line for line in lines(caplog) if line == "one"] == ["one", "one"]


@pytest.fixture
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def of_prometheus(text: str) -> list[str]:
    return [line for line in text.splitlines() if " graph." in line]


def test_prometheus_that_was_down_is_two_lines(prometheus: FaultServer) -> None:
    settings = {"interval": "1s", "query_budget": "1"}
    with Served(prometheus.url, **settings) as served, served.watch() as viewer:
        viewer.next("snapshot", "delta", state="ok")
        assert of_prometheus(served.log) == []
        prometheus.fault = "500"
        for _ in range(6):
            viewer.next("status", state="stale")
        failed = len(of_prometheus(served.log))
        prometheus.fault = "none"
        viewer.next("snapshot", "delta", state="ok")
        begin, end = of_prometheus(served.log)

    assert failed == 1
    assert "500" in begin
    assert "Prometheus answers for the 60 s window again, after" in end


def test_redis_that_was_away_is_few_lines(prometheus: FaultServer, tmp_path: object) -> None:
    with (
        RedisServer(tmp_path) as redis,  # type: ignore[arg-type]
        Crew(prometheus.url, redis, workers=1, windows="1m") as crew,
        crew.serve(windows="1m") as served,
        served.watch() as viewer,
    ):
        viewer.next("snapshot", "delta", state="ok")
        before = len(of_prometheus(served.log))
        told = len(of_prometheus(crew.log()))
        redis.stop()
        for _ in range(4):
            viewer.next("status", reason="no_redis")
        redis.start()
        viewer.next("snapshot", "delta", state="ok")
        wait_until(lambda: "Redis answers again" in served.log, what="a line of recovery")

        assert len(of_prometheus(served.log)) - before == 2
        # The task that asks and the keeper of the window may each have had a failure of their own.
        assert len(of_prometheus(crew.log())) - told <= 6
