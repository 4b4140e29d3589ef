"""/metrics of a real server, read with the parser of Prometheus' own client."""

from collections.abc import Iterator

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(prometheus: FaultServer) -> Iterator[Served]:
    settings = {"interval": "1s", "query_timeout": "1s", "query_budget": "1", "max_viewers": "2"}
    with Served(prometheus.url, **settings) as server:
        wait_until(lambda: bool(server.graph()["edges"]), what="a graph")
        yield server


def read(served: Served) -> dict[tuple[str, ...], float]:
    """Return every sample by its name and the values of its labels in their order."""
    text = served.get("/metrics").text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_ticks_questions_and_drawings_are_counted(served: Served) -> None:
    with served.watch() as viewer:
        viewer.next("snapshot")
        before = read(served)
        for _ in range(3):
            viewer.next("delta")
        after = read(served)

    def grown(*key: str) -> float:
        return after[key] - before.get(key, 0)

    assert grown("meshviz_tick_seconds_count", "1m") >= 2
    assert grown("meshviz_tick_seconds_sum", "1m") > 0
    assert grown("meshviz_query_seconds_count", "requests") >= 2
    assert grown("meshviz_draw_seconds_count") >= 2
    assert grown("meshviz_frames_made_total", "delta") >= 3
    assert after["meshviz_feed_up", "1m"] == 1
    assert after["meshviz_feed_cadence_seconds", "1m"] >= 1
    assert after["process_resident_memory_bytes",] > 1e7


def test_frames_and_bytes_are_those_that_arrived(served: Served) -> None:
    before = read(served)
    with served.watch("type=app") as viewer:
        texts = [viewer.text() for _ in range(4)]
        after = read(served)

    sent = after["meshviz_frames_sent_total",] - before["meshviz_frames_sent_total",]
    size = after["meshviz_frames_sent_bytes_total",] - before["meshviz_frames_sent_bytes_total",]
    assert 4 <= sent <= 5
    assert size >= sum(map(len, texts))


def test_viewers_and_views_are_counted_in_and_out(served: Served) -> None:
    with served.watch("type=app") as one, served.watch("type=service") as two:
        one.next("snapshot")
        two.next("snapshot")
        during = read(served)
        with served.watch() as third:
            assert third.frame()["parameter"] == "viewers"
        refused = read(served)["meshviz_refused_total", "viewers"]

    assert during["meshviz_viewers", "1m"] == during["meshviz_connections",] == 2
    assert during["meshviz_views", "1m"] >= 2
    assert refused == during["meshviz_refused_total", "viewers"] + 1
    wait_until(lambda: read(served)["meshviz_connections",] == 0, what="the viewers to be gone")


def test_failures_are_counted_with_their_reason(served: Served, prometheus: FaultServer) -> None:
    before = read(served)
    failed = ("meshviz_ticks_failed_total", "unreachable", "1m")
    prometheus.fault = "500"
    try:
        wait_until(lambda: failed in read(served), what="a failed tick")
        after = read(served)
    finally:
        prometheus.fault = "none"

    assert after["meshviz_feed_up", "1m"] == 0
    errors = [key for key in after if key[0] == "meshviz_query_errors_total"]
    assert sum(after[key] - before.get(key, 0) for key in errors) >= 1


def test_anybody_may_scrape_by_any_name(served: Served) -> None:
    answer = requests.get(f"{served.url}/metrics", headers={"Host": "10.2.3.4:8000"}, timeout=10)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_no_name_of_the_mesh_is_told(served: Served) -> None:
    graph = served.graph()
    names = {node["name"] for node in graph["nodes"]} | set(graph["namespaces"])
    text = served.get("/metrics").text

    assert {"bookinfo", "shop"} <= names
    assert not [name for name in names if name in text]
