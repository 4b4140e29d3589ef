"""Charts by REST: a real server in front of a Prometheus that the test controls."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest

from graph.api.wire_schema import definitions
from graph.core import wire
from tests.faultserver import Fault, FaultServer
from tests.served import Served
from tests.stack import wait_until

TYPES = definitions("#/$defs/{model}", {"History": wire.History, "Distribution": wire.Distribution})
_RANGE_QUERY = "/api/v1/query_range"


def keeps_to(name: str, body: object) -> bool:
    jsonschema.Draft202012Validator({**TYPES[name], "$defs": TYPES}).validate(body)
    return True


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(prometheus: FaultServer) -> Iterator[Served]:
    settings = {"interval": "1s", "query_timeout": "1s", "query_budget": "1"}
    with Served(prometheus.url, windows="1m,5m", **settings) as server:
        yield server


@pytest.fixture(autouse=True)
def healthy(prometheus: FaultServer, served: Served) -> None:
    """Start every test from a source that answers."""
    prometheus.fault = "none"
    wait_until(lambda: served.graph()["source"]["state"] == "ok", what="an answer")


def history(served: Served, query: str = "") -> Any:
    answer = served.get(f"/api/v1/history?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def reviews(served: Served) -> dict[str, Any]:
    """Return the edge towards reviews."""
    return next(e for e in served.graph()["edges"] if e["target"].endswith("reviews-v1"))


def named(entity: str) -> str:
    return quote(entity, safe="")


def test_history_of_each_kind_of_thing_keeps_to_the_schema(served: Served) -> None:
    edge = reviews(served)
    for query, name in (
        (f"edge={named(edge['id'])}", edge["id"]),
        (f"node={named(edge['target'])}", edge["target"]),
        ("in_namespace=shop", "shop"),
        ("", ""),
    ):
        answer = history(served, query)

        assert keeps_to("History", answer)
        assert answer["id"] == name
        ways = {line["way"] for line in answer["series"] if line["field"] == "rps"}
        assert ways == ({None} if "edge" in query or not query else {"in", "out"})
        assert all(len(line["values"]) == len(answer["times"]) for line in answer["series"])


def test_a_range_ends_on_a_whole_step_and_holds_every_moment(served: Served) -> None:
    end = int(time.time()) - 600
    answer = history(served, f"range=30m&step=1m&end={end}&fields=rps")

    assert answer["end"] == end // 60 * 60
    assert answer["start"] == answer["end"] - 1800
    assert (answer["step_s"], answer["window_s"]) == (60, 60)
    assert answer["times"] == [answer["start"] + 60 * n for n in range(31)]
    assert {line["field"] for line in answer["series"]} == {"rps"}


def test_short_steps_still_look_back_over_four_scrapes(served: Served) -> None:
    answer = history(served, "range=5m&fields=rps")

    assert (answer["step_s"], answer["window_s"]) == (5, 20)


def test_fields_leave_out_what_is_not_asked_for(served: Served, prometheus: FaultServer) -> None:
    edge = named(reviews(served)["id"])
    before = prometheus.asked[_RANGE_QUERY]
    some = history(served, f"edge={edge}&fields=latency&range=10m")
    few = prometheus.asked[_RANGE_QUERY] - before
    everything = history(served, f"edge={edge}&range=10m")

    assert {line["field"] for line in some["series"]} == {"latency_ms"}
    assert {line["label"] for line in some["series"]} == {"p50", "p95", "p99"}
    assert {"rps", "latency_ms"} <= {line["field"] for line in everything["series"]}
    assert 0 < few < prometheus.asked[_RANGE_QUERY] - before - few


@pytest.mark.parametrize(
    ("path", "parameter", "accepted"),
    [
        ("history?range=2m", "range", "5m, 10m, 15m, 30m, 1h"),
        ("history?range=1h&range=1h", "range", "once"),
        ("history?end=tomorrow", "end", "RFC 3339"),
        ("history?end=99999999999", "end", "unix seconds"),
        (f"history?end={int(time.time()) + 10**7}", "end", "unix seconds"),
        ("history?step=quick", "step", "15, 30s, 5m"),
        ("history?range=1h&step=1s", "step", "15s to 3600s"),
        ("history?range=5m&step=10m", "step", "2s to 300s"),
        ("history?fields=rps,speed", "fields", "rps,errors,latency,bytes,tcp"),
        ("history?fields=", "fields", "rps,errors,latency,bytes,tcp"),
        ("history?node=a&by=zone", "by", "version"),
        ("history?by=version", "by", "node=ID or edge=ID"),
        ("history?in_namespace=shop&by=version", "by", "node=ID or edge=ID"),
        ("history?node=a&edge=b", "node", "node=ID, edge=ID, in_namespace=NAME"),
        ("history?node=a&in_namespace=b", "node", "in_namespace=NAME"),
        ("history?node=", "node", "node=ID"),
        ("history?window=15m", "window", "1m, 5m"),
        ("history?at=1", "at", "range, end, step"),
        ("distribution", "node", "node=ID, edge=ID"),
        ("distribution?node=a&edge=b", "node", "node=ID, edge=ID"),
        ("distribution?node=a&at=soon", "at", "RFC 3339"),
        ("distribution?in_namespace=shop", "in_namespace", "node, edge"),
    ],
)
def test_bad_parameter_is_named_with_what_is_accepted(
    served: Served, path: str, parameter: str, accepted: str
) -> None:
    answer = served.get(f"/api/v1/{path}")

    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["parameter"] == parameter
    assert accepted in error["accepted"]
    assert error["detail"]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("history?node=nobody", "node"),
        ("history?edge=a|b|http", "edge"),
        ("history?in_namespace=nowhere", "in_namespace"),
        ("history?type=app&node=nobody&end={hour_ago}", "node"),
        ("distribution?node=nobody", "node"),
        ("distribution?edge=a|b|http", "edge"),
    ],
)
def test_what_is_not_drawn_is_not_found(served: Served, path: str, parameter: str) -> None:
    answer = served.get(f"/api/v1/{path.format(hour_ago=int(time.time()) - 3600)}")

    assert answer.status_code == 404
    assert answer.json()["error"]["parameter"] == parameter


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("refuse", "unreachable"), ("slow", "timeout"), ("422", "rejected"), ("html", "garbled")],
)
def test_history_is_unavailable_when_prometheus_is(
    served: Served, prometheus: FaultServer, fault: Fault, reason: str
) -> None:
    prometheus.fault = fault
    for query in ("range=3h", f"range=5m&end={int(time.time()) - 7200}"):
        answer = served.get(f"/api/v1/history?{query}")

        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["source"]["reason"] == reason


def test_crowd_shares_one_history(served: Served, prometheus: FaultServer) -> None:
    query = f"range=1h&end={int(time.time()) - 1000}"
    before = prometheus.asked[_RANGE_QUERY]
    first = history(served, query)
    cost = prometheus.asked[_RANGE_QUERY] - before

    with ThreadPoolExecutor(8) as threads:
        crowd = list(threads.map(lambda _: history(served, query), range(40)))

    assert all(answer == first for answer in crowd)
    assert prometheus.asked[_RANGE_QUERY] - before == cost
    assert 0 < cost < 20


def test_what_charts_cost_is_told_apart(served: Served) -> None:
    history(served, "range=6h")

    assert 'meshviz_query_seconds_count{question="history"}' in served.get("/metrics").text


def test_distribution_of_a_node_and_an_edge(served: Served) -> None:
    edge = reviews(served)
    wait_until(lambda: reviews(served)["latency_ms"]["p95"] is not None, what="the slow lane")
    for query in (f"edge={named(edge['id'])}", f"node={named(edge['target'])}"):
        answer = served.get(f"/api/v1/distribution?{query}").json()

        assert keeps_to("Distribution", answer)
        (side,) = answer["sides"]
        assert side["reporter"] == "server"
        assert "istio_request_duration_milliseconds_bucket" in side["promql"]
        # As the canned histogram has it: 1 up to 10 ms, 8 up to 25, 10 up to 50.
        assert [(one["le_ms"], one["rps"]) for one in side["buckets"]] == [
            (10.0, 1.0),
            (25.0, 7.0),
            (50.0, 2.0),
            (None, 0.0),
        ]


def test_distribution_of_what_has_no_times_is_empty(served: Served) -> None:
    edge = next(e for e in served.graph()["edges"] if e["protocol"] == "tcp")

    assert served.get(f"/api/v1/distribution?edge={named(edge['id'])}").json()["sides"] == []


def test_distribution_of_the_past_is_of_its_moment(served: Served, prometheus: FaultServer) -> None:
    at = int(time.time()) - 500
    edge = named(reviews(served)["id"])

    assert served.get(f"/api/v1/distribution?edge={edge}&at={at}").json()["at"] == at
    prometheus.fault = "refuse"
    assert served.get(f"/api/v1/distribution?edge={edge}&at={at - 9}").status_code == 503
