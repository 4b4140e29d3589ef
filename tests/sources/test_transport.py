"""HTTP to Prometheus: every way to fail becomes one clear error."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import responses

from graph.sources import Denied, Garbled, Rejected, SourceError, TooSlow, Unavailable
from graph.sources.prometheus import Prometheus
from graph.sources.transport import Transport
from tests.faultserver import Fault, FaultServer
from tests.stack import wait_until

URL = "http://prometheus.test:9090/prefix"


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(URL, timeout_s=1.0, connections=2)
    yield made
    made.close()


def test_a_good_answer_is_returned_whole(web: responses.RequestsMock, transport: Transport) -> None:
    web.post(f"{URL}/api/v1/query", json={"status": "success", "data": 1})

    assert transport.call("/api/v1/query", {"query": "up"}).content() == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (500, "storage is on fire", Unavailable, "HTTP 500"),
        (503, '{"status":"error","error":"query timed out"}', Unavailable, "query timed out"),
        (502, "<html>Bad gateway</html>", Unavailable, "HTTP 502"),
        (422, '{"status":"error","error":"too many samples"}', Rejected, "too many samples"),
        (400, '{"status":"error","error":"parse error"}', Rejected, "parse error"),
        (401, "", Denied, "refused access"),
        (403, "", Denied, "refused access"),
        (404, "404 page not found", Rejected, "no query API"),
        (302, "", Rejected, "redirects"),
        (200, "<html>Sign in</html>", Garbled, "did not answer like a Prometheus"),
        (200, '{"status":"succ', Garbled, "broken JSON"),
        (200, "[]", Garbled, "did not answer like a Prometheus"),
        (200, '{"status":"error","error":"no"}', Rejected, "no"),
        (200, '{"weather":"fine"}', Garbled, "JSON that say something else"),
        (200, '["fine"]', Garbled, "JSON that say something else"),
        (501, "Unsupported method ('POST')", Rejected, "does not know how to be queried"),
        (405, "", Rejected, "does not know how to be queried"),
    ],
)
def test_each_bad_answer_has_its_error(
    web: responses.RequestsMock,
    transport: Transport,
    status: int,
    body: str,
    kind: type[SourceError],
    words: str,
) -> None:
    content = "application/json" if body[:1] in "{[" else "text/html"
    headers = {"Location": "http://elsewhere.test/"} if status == 302 else {}
    web.get(f"{URL}/api", body=body, status=status, content_type=content, headers=headers)

    with pytest.raises(kind) as caught:
        transport.call("/api")

    assert words in caught.value.detail
    assert caught.value.advice


# What Prometheus 2.42 and 3 and the servers in front of them really answer.
BODIES = [
    ("timeout", 503, "timeout", "query timed out in expression evaluation", TooSlow),
    ("parse", 400, "bad_data", '1:3: parse error: unexpected "<eof>"', Rejected),
    ("points", 400, "bad_data", "exceeded maximum resolution of 11,000 points", Rejected),
    ("samples", 422, "execution", "query processing would load too many samples", Rejected),
    ("matching", 422, "execution", "many-to-many matching not allowed", Rejected),
    ("canceled", 499, "canceled", "query was canceled in query execution", Unavailable),
    ("internal", 500, "internal", "compaction failed", Unavailable),
    ("unavailable", 503, "unavailable", "TSDB not ready", Unavailable),
    ("limit", 429, "too_many_requests", "the request has been rejected", Unavailable),
    ("not_found", 404, "not_found", "no such thing", Rejected),
    ("not_acceptable", 406, "not_acceptable", "no codec", Rejected),
]


@pytest.mark.parametrize(
    ("status", "kind", "text", "error"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
def test_every_error_of_the_api_is_told_in_its_own_words(
    web: responses.RequestsMock,
    transport: Transport,
    status: int,
    kind: str,
    text: str,
    error: type[SourceError],
) -> None:
    body = {"status": "error", "errorType": kind, "error": text}
    web.post(f"{URL}/api/v1/query", status=status, json=body)

    with pytest.raises(SourceError) as caught:
        transport.call("/api/v1/query", {"query": "up"})

    assert type(caught.value) is error
    assert text in caught.value.detail or status == 404


@pytest.mark.parametrize(
    ("fault", "kind", "reason"),
    [
        ("500", Unavailable, "unreachable"),
        ("422", Rejected, "rejected"),
        ("html", Garbled, "garbled"),
        ("truncated", Unavailable, "unreachable"),
        ("slow", TooSlow, "timeout"),
        ("drip", TooSlow, "timeout"),
        ("refuse", Unavailable, "unreachable"),
    ],
)
def test_a_real_server_that_misbehaves(fault: Fault, kind: type[SourceError], reason: str) -> None:
    with FaultServer() as server:
        server.fault = fault
        transport = Transport(server.url, timeout_s=1.0, connections=2)
        try:
            with pytest.raises(kind) as caught:
                transport.call("/api/v1/query", {"query": "sum(rate(istio_requests_total[60s]))"})
        finally:
            transport.close()

    assert caught.value.reason == reason


def test_only_whoever_polls_says_that_it_keeps_trying() -> None:
    error = Unavailable("Gone.", "Start it.")

    assert error.advice == "Start it."
    assert error.fault().advice == "Start it. meshviz keeps trying."
    # What a recording holds comes back as an error.
    assert Unavailable("Gone.", error.fault().advice).fault() == error.fault()
    assert Rejected("No.", "Change it.").fault().advice == "Change it."


def test_secrets_in_the_address_are_not_shown() -> None:
    transport = Transport("http://me:hunter2@127.0.0.1:9/p?token=abc", timeout_s=1, connections=1)
    try:
        with pytest.raises(SourceError) as caught:
            transport.call("/api")
    finally:
        transport.close()

    text = caught.value.detail + caught.value.advice + transport.shown_url
    assert "hunter2" not in text
    assert "abc" not in text


def test_the_servers_words_are_cut_and_cleaned(
    web: responses.RequestsMock, transport: Transport
) -> None:
    web.get(f"{URL}/api", status=400, json={"status": "error", "error": "a\x1b[31m" + "b" * 999})

    with pytest.raises(Rejected) as caught:
        transport.call("/api")

    assert "\x1b" not in caught.value.detail
    assert len(caught.value.detail) < 400


def test_the_environment_does_not_decide_where_queries_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with FaultServer() as server:
        transport = Transport(server.url, timeout_s=2.0, connections=1)
        try:
            assert transport.call("/api/v1/status/buildinfo").status == "success"
        finally:
            transport.close()


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ChunkedEncodingError("IncompleteRead(5 bytes read)"),
        requests.exceptions.SSLError("certificate verify failed"),
        requests.exceptions.ConnectionError("Failed to resolve 'prometheus.test'"),
        requests.exceptions.InvalidSchema("odd"),
    ],
    ids=["cut", "certificate", "name", "anything"],
)
def test_every_error_of_the_http_library_is_mapped(
    web: responses.RequestsMock, transport: Transport, error: Exception
) -> None:
    web.get(f"{URL}/api", body=error)

    with pytest.raises(Unavailable) as caught:
        transport.call("/api")

    assert "0x" not in caught.value.detail


def test_panels_and_charts_that_ask_at_once_leave_no_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """So many as a dozen open panels count series with, beside charts and both lanes."""
    at_once = 64
    with FaultServer() as server, ThreadPoolExecutor(at_once) as threads:
        source = Prometheus(server.url, timeout_s=30.0)
        server.late_s, server.fault = 20.0, "late"
        asked = [threads.submit(source.ask, f"time() + {n}") for n in range(at_once)]
        wait_until(lambda: server.asked["/api/v1/query"] == at_once)
        server.fault = "none"  # lets all of them go together
        told = [future.result() for future in asked]
        source.close()

    assert len(told) == at_once
    assert "Connection pool is full" not in caplog.text
