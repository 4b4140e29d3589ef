"""meshviz goes to the one Prometheus that its operator named, and takes only so much of it."""

import gzip
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.attack.canary import Canary
from tests.attack.conftest import SETTINGS
from tests.attack.raw import calm, memory_mb
from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as server:
        yield server


@pytest.mark.parametrize("status", [302, 308])
def test_redirects_of_prometheus_lead_nowhere(canary: Canary, status: int) -> None:
    with (
        Canary(status, f"{canary.url}/latest/meta-data") as prometheus,
        Served(prometheus.url, **SETTINGS) as served,
    ):
        wait_until(lambda: served.graph()["source"]["reason"] == "rejected", what="the refusal")
        assert served.get("/api/v1/history").status_code in (404, 503)
        assert "meta-data" not in served.log
    assert prometheus.visits
    assert canary.visits == []


def test_proxies_of_the_environment_are_not_used(
    canary: Canary, prometheus: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, canary.url)
        monkeypatch.setenv(name.upper(), canary.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    with Served(prometheus.url, **SETTINGS) as served:
        session_less = {"http": "", "https": ""}
        wait_until(
            lambda: served.get("/api/v1/graph", proxies=session_less).json()["edges"] != [],
            what="a graph",
        )
    assert canary.visits == []


def test_no_parameter_or_header_names_another_server(served: Served, canary: Canary) -> None:
    there = quote(canary.url, safe="")
    for name in ("url", "prometheus", "source", "at", "node", "window", "namespace", "type", "end"):
        for path in ("graph", "queries", "history", "distribution", "doctor", "status"):
            served.get(f"/api/v1/{path}?{name}={there}")
    for header in ("X-Forwarded-Host", "X-Prometheus-Url", "Referer", "Forwarded", "X-Scope-OrgID"):
        served.get("/api/v1/graph", headers={header: canary.url})
    served.get(f"/api/schema?url={there}")
    served.get(f"/api/docs?url={there}&configUrl={there}")

    assert canary.visits == []


def test_names_in_the_mesh_are_no_addresses_to_go_to(canary: Canary) -> None:
    from tests.make import request

    odd = [request(3.0, destination_service=canary.url, destination_service_name=canary.url)]
    with FaultServer(more=odd) as prometheus, Served(prometheus.url, **SETTINGS) as served:
        wait_until(lambda: canary.url in served.get("/api/v1/graph").text, what="the odd service")
        served.get("/api/v1/doctor")
    assert canary.visits == []


def test_only_headers_of_the_operator_go_to_prometheus(
    served: Served, prometheus: FaultServer
) -> None:
    told = {"Cookie": "a=stolen", "Authorization": "Bearer stolen", "X-Scope-OrgID": "stolen"}
    served.get("/api/v1/history", headers=told)

    assert "stolen" not in str(prometheus.headers)


def _bomb(text: bytes, count: int) -> bytes:
    """Return a small gzip of so many times the text."""
    return gzip.compress(text * count, 9)


BOMBS = {
    "zeros": (b"\0" * 1_000_000, 300),
    "spaces before an answer": (b" " * 1_000_000, 300),
}


@pytest.fixture(scope="module")
def odd() -> Iterator[tuple[Canary, Served]]:
    """A server in front of what answers anything but what it was asked."""
    with Canary() as prometheus, Served(prometheus.url, **SETTINGS) as server:
        yield prometheus, server


def _answered(odd: tuple[Canary, Served], body: bytes) -> dict[str, Any]:
    """Return what is said of the source after it has answered some times with this."""
    prometheus, served = odd
    prometheus.body = body
    before = len(prometheus.visits)
    wait_until(lambda: len(prometheus.visits) > before + 3, what="questions")
    source: dict[str, Any] = served.graph()["source"]
    return source


@pytest.mark.alone
@pytest.mark.parametrize(("text", "count"), BOMBS.values(), ids=BOMBS)
def test_gzip_bomb_of_prometheus_is_given_up(
    odd: tuple[Canary, Served], text: bytes, count: int
) -> None:
    prometheus, served = odd
    prometheus.more_headers = {"Content-Encoding": "gzip"}
    try:
        source = _answered(odd, _bomb(text, count))
        assert source["state"] == "down"
        assert memory_mb(served) < 150
        assert served.get("/healthz").status_code == 200
    finally:
        prometheus.more_headers = {}
        prometheus.body = b"{}"


ANSWERS = {
    "deep": b"[" * 200_000,
    "deep object": b'{"status":"success","data":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    "no list": b'{"status":"success","data":{"resultType":"vector","result":"no"}}',
    "number": b'{"status":"success","data":' + b"9" * 900 + b"}",
    "no value": b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{}}]}}',
    "twice": b'{"status":"success","status":"error","data":null,"data":[]}',
    "long error": b'{"status":"error","errorType":"x","error":"<script>' + b"x" * 100_000 + b'"}',
    "no text": b"\xff" * 1000,
}


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
def test_odd_answers_of_prometheus_are_a_state_and_no_failure(
    odd: tuple[Canary, Served], body: bytes
) -> None:
    _, served = odd
    with calm(served):
        source = _answered(odd, body)
        assert source["state"] in ("down", "empty")
        assert len(json.dumps(source)) < 3000
        for path in ("doctor", "history", "status", "queries?node=a"):
            assert served.get(f"/api/v1/{path}").status_code in (200, 404, 503)
