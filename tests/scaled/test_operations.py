"""/healthz, /readyz and /metrics of workers, beat and servers of scaled mode."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from graph.demo.process import Child
from tests.crew import Crew, RedisServer
from tests.faultserver import FaultServer
from tests.stack import wait_until

ANYWHERE = {"operations_address": "127.0.0.1:0"}


@pytest.fixture(scope="module")
def own_prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def probed(own_prometheus: FaultServer, redis: RedisServer) -> Iterator[Crew]:
    with Crew(own_prometheus.url, redis, workers=1, **ANYWHERE) as crew:
        yield crew


def ask(child: Child, path: str, method: str = "GET") -> requests.Response:
    """Ask a worker or beat at the address that it says it has."""
    pattern = re.compile(r"/metrics are at (http://\S+)/\.")
    wait_until(lambda: bool(pattern.search(child.log.read_text())), what="an address")
    found = pattern.search(child.log.read_text())
    assert found is not None
    headers = {"Host": "10.1.2.3:9100"}
    return requests.request(method, found[1] + path, headers=headers, timeout=10)


def figures(child: Child) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(ask(child, "/metrics").text)
        for sample in family.samples
    }


def test_worker_tells_of_its_ticks_and_questions(probed: Crew) -> None:
    worker = probed.workers[0]
    wait_until(lambda: ask(worker, "/readyz").ok, what="a ready worker")
    ticks = ("meshviz_tick_seconds_count", "1m")
    wait_until(lambda: figures(worker).get(ticks, 0) >= 2, what="two ticks")
    told = figures(worker)

    assert ask(worker, "/healthz").text == "ok\n"
    assert told["meshviz_kept", "1m"] == 1
    assert told["meshviz_kept", "5m"] == 0
    assert told["meshviz_query_seconds_count", "requests"] >= 2
    assert told["meshviz_tasks_taken_total",] >= 1
    assert told["process_resident_memory_bytes",] > 1e7
    assert next(key for key in told if key[0] == "meshviz_build_info")[1] == "worker"


def test_worker_counts_failed_ticks(probed: Crew, own_prometheus: FaultServer) -> None:
    own_prometheus.fault = "500"
    try:
        failed = ("meshviz_ticks_failed_total", "unreachable", "1m")
        wait_until(lambda: figures(probed.workers[0]).get(failed, 0) >= 1, what="a failed tick")
    finally:
        own_prometheus.fault = "none"

    assert ask(probed.workers[0], "/readyz").ok


def test_beat_tells_that_it_beats(probed: Crew) -> None:
    wait_until(lambda: ask(probed.beat, "/readyz").ok, what="a ready beat")
    before = figures(probed.beat)["meshviz_beat_sent_total",]
    wait_until(lambda: figures(probed.beat)["meshviz_beat_sent_total",] > before, what="a beat")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_else_is_there(probed: Crew, method: str) -> None:
    assert ask(probed.workers[0], "/api/v1/status", method).status_code == 404
    assert ask(probed.workers[0], "/healthz", method).status_code == 200


def test_nobody_is_ready_who_never_heard_of_redis(
    own_prometheus: FaultServer, tmp_path: Path
) -> None:
    away = RedisServer(tmp_path)
    settings = {**ANYWHERE, "windows": "1m"}
    with Crew(own_prometheus.url, away, workers=1, **settings) as crew, crew.serve() as served:
        for child in (crew.workers[0], crew.beat, served.process):
            answer = ask(child, "/readyz")
            assert (answer.status_code, answer.text) == (503, "Redis has not answered yet.\n")
            assert ask(child, "/healthz").ok
        with away:
            for child in (crew.workers[0], crew.beat, served.process):
                wait_until(lambda it=child: ask(it, "/readyz").ok, what="a ready process")
        for child in (crew.workers[0], crew.beat, served.process):
            assert ask(child, "/readyz").ok, "what was there and is gone is no reason"
