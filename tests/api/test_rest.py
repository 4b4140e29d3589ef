"""The REST API of a real server in front of a Prometheus that the test controls."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import jsonschema
import pytest
import requests

from graph.api.wire_schema import definitions
from graph.core import wire
from meshviz import __version__
from meshviz.headers import HEADERS
from tests.faultserver import Fault, FaultServer
from tests.served import Served
from tests.stack import wait_until

TYPES = definitions(
    "#/$defs/{model}",
    {"Snapshot": wire.Snapshot, "Queries": wire.Queries, "MeshvizStatus": wire.MeshvizStatus},
)


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
    with Served(prometheus.url, windows="1m,5m", allowed_hosts="mesh.test", **settings) as server:
        yield server


@pytest.fixture(autouse=True)
def healthy(prometheus: FaultServer, served: Served) -> None:
    """Start every test from a source that answers."""
    prometheus.fault = "none"
    wait_until(lambda: served.graph()["source"]["state"] == "ok", what="an answer")


@pytest.mark.parametrize("kind", ["workload", "app", "versioned_app", "service", "namespace"])
def test_graph_of_every_type_keeps_to_the_schema(served: Served, kind: str) -> None:
    graph = served.graph(f"type={kind}&window=5m")

    assert keeps_to("Snapshot", graph)
    assert (graph["graph_type"], graph["window_s"]) == (kind, 300)
    assert graph["edges"]


def test_namespaces_narrow_the_graph(served: Served) -> None:
    shop = served.graph("namespace=shop")
    both = served.graph("namespace=shop&namespace=bookinfo")

    assert {node["namespace"] for node in shop["nodes"]} == {"shop"}
    assert (shop["scope"], both["scope"]) == (["shop"], ["bookinfo", "shop"])
    assert {node["namespace"] for node in both["nodes"]} == {"shop", "bookinfo"}
    assert shop["namespaces"] == ["bookinfo", "shop"]


def test_options_come_back_with_the_graph(served: Served) -> None:
    graph = served.graph("perspective=client&idle=true&waypoints=true&operations=true")

    assert keeps_to("Snapshot", graph)
    assert graph["perspective"] == "client"
    assert (graph["idle"], graph["waypoints"], graph["operations"]) == (True, True, True)
    assert {edge["reporter"] for edge in graph["edges"] if edge["client"]} <= {"source"}


def test_a_namespace_may_be_called_anything(served: Served) -> None:
    name = 'x"} or up{a="'

    graph = served.graph(f"namespace={quote(name)}")

    assert graph["scope"] == [name]
    assert graph["source"]["reason"] == "namespace_filter"
    assert name in graph["source"]["detail"]


def test_moment_in_the_past_is_evaluated_there(served: Served) -> None:
    at = int(time.time()) - 120
    by_seconds = served.graph(f"at={at}")
    rfc = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    by_date = served.graph(f"at={rfc}")

    assert by_seconds["at"] == by_date["at"] == at
    assert by_seconds["edges"] == by_date["edges"] != []


@pytest.mark.parametrize(
    ("path", "parameter", "accepted"),
    [
        ("graph?type=pod", "type", "workload, app, versioned_app, service, namespace"),
        ("graph?window=15m", "window", "1m, 5m"),
        ("graph?at=yesterday", "at", "RFC 3339"),
        ("graph?at=2025-11-20T12:00:00", "at", "RFC 3339"),
        ("graph?at=99999999999", "at", "unix seconds"),
        (f"graph?namespace={'a' * 301}", "namespace", "1 to 300"),
        ("graph?namespcae=shop", "namespcae", "type, window, namespace, perspective"),
        ("graph?perspective=both", "perspective", "auto, server, client"),
        ("graph?idle=1", "idle", "true, false"),
        ("graph?type=app&type=app", "type", "once"),
        ("status?window=1m", "window", ""),
        ("queries", "node", "node=ID, edge=ID"),
        ("queries?node=a&edge=b", "node", "node=ID, edge=ID"),
        ("queries?node=a&at=soon", "at", "RFC 3339"),
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


def test_status_tells_versions_source_and_feeds(served: Served, prometheus: FaultServer) -> None:
    with served.watch("window=5m") as viewer:
        viewer.next("delta")
        status = served.status()

    assert keeps_to("MeshvizStatus", status)
    assert status["version"] == __version__
    assert status["windows"] == ["1m", "5m"]
    assert status["source"]["url"] == prometheus.url
    assert status["source"]["version"] == "2.42.0"
    assert status["source"]["scrape_interval_s"] == 5.0
    assert {feed["window"]: feed["viewers"] for feed in status["feeds"]} == {"1m": 0, "5m": 1}


def test_queries_stand_behind_an_edge_and_a_node(served: Served) -> None:
    graph = served.graph()
    for kind, entity in (("edge", graph["edges"][0]), ("node", graph["nodes"][0])):
        answer = served.get(f"/api/v1/queries?{kind}={quote(entity['id'], safe='')}").json()

        assert keeps_to("Queries", answer)
        assert answer["id"] == entity["id"]
        assert answer["queries"]


def test_unknown_entity_is_not_found(served: Served) -> None:
    answer = served.get("/api/v1/queries?node=nobody")

    assert answer.status_code == 404
    assert answer.json()["error"]["parameter"] == "node"


def test_crowd_of_callers_causes_no_queries(served: Served, prometheus: FaultServer) -> None:
    at = int(time.time()) - 300
    before, started = prometheus.ticks, served.status()["feeds"][0]["source"]
    with ThreadPoolExecutor(8) as threads:
        live = list(threads.map(lambda _: served.graph("type=app"), range(60)))
        past = list(threads.map(lambda _: served.graph(f"at={at}"), range(60)))
    moments = {graph["at"] for graph in live}

    assert started["state"] == "ok"
    assert {graph["at"] for graph in past} == {at}
    # Ticks of the watched windows go on meanwhile; the past cost one question.
    assert prometheus.ticks - before <= 2 * (len(moments) + 3) + 1


@pytest.mark.parametrize("fault", ["refuse", "500", "422", "html", "truncated", "slow", "drip"])
def test_graph_stays_with_its_age_when_prometheus_fails(
    served: Served, prometheus: FaultServer, fault: Fault
) -> None:
    edges = {edge["id"] for edge in served.graph()["edges"]}
    prometheus.fault = fault
    wait_until(lambda: served.graph()["source"]["state"] == "stale", what="a stale graph")

    graph = served.graph()

    assert {edge["id"] for edge in graph["edges"]} == edges
    assert graph["source"]["age_s"] > 0
    assert graph["source"]["detail"]
    assert keeps_to("Snapshot", graph)


def test_past_is_unavailable_when_prometheus_is(served: Served, prometheus: FaultServer) -> None:
    prometheus.fault = "refuse"

    answer = served.get(f"/api/v1/graph?at={int(time.time()) - 60}")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["source"]["reason"] == "unreachable"


def test_server_comes_up_without_prometheus_and_finds_it_later() -> None:
    with FaultServer() as prometheus:
        prometheus.fault = "refuse"
        with Served(prometheus.url, interval="1s") as served:
            graph = served.graph()
            assert (graph["source"]["state"], graph["edges"]) == ("down", [])
            assert graph["source"]["age_s"] is None
            prometheus.fault = "none"
            wait_until(lambda: served.graph()["source"]["state"] == "ok", what="recovery")
            assert served.graph()["edges"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/healthz",
        "/api/v1/graph",
        "/api/v1/graph?type=x",
        "/api/docs",
        "/api/schema",
        "/static/meshviz/docs.js",
        "/nowhere",
        "/api/nowhere",
    ],
)
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    answer = served.get(path)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_missing_page_does_not_repeat_its_address(served: Served) -> None:
    for path in ("/<script>alert(1)</script>", "/api/<script>alert(1)</script>"):
        answer = served.get(path)
        assert answer.status_code == 404
        assert "script" not in answer.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("LOCALHOST", 200),
        ("[::1]:{port}", 200),
        ("mesh.test", 200),
        ("mesh.test:9999", 200),
        ("sub.mesh.test", 400),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("127.0.0.1:{port}@evil.example", 400),
        ("", 400),
    ],
)
def test_only_names_of_ours_are_answered(served: Served, host: str, status: int) -> None:
    headers = {"Host": host.format(port=served.port)}

    assert served.get("/api/v1/status", headers=headers).status_code == status


def test_health_is_told_to_whoever_asks(served: Served) -> None:
    answer = served.get("/healthz", headers={"Host": "10.1.2.3:8000"})

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_only_reading_is_possible(served: Served) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = requests.request(method, f"{served.url}/api/v1/graph", timeout=30)
        assert answer.status_code == 405
        assert json.loads(answer.text)["error"]["detail"]


def test_answers_are_not_stored_by_caches(served: Served) -> None:
    for path in ("graph", "graph?type=x", "status", "queries?node=x"):
        assert served.get(f"/api/v1/{path}").headers["Cache-Control"] == "no-store"
