"""/healthz, /readyz and /metrics of real servers, on the main port and on one of their own."""

import re
import socket
from collections.abc import Iterator

import pytest
import requests
from websocket import WebSocketBadStatusException

from graph.demo.process import ProcessFailedError
from tests.faultserver import FaultServer
from tests.served import Served
from tests.signin.people import RECORDING
from tests.stack import wait_until


def operations(served: Served) -> str:
    """Return where a server says that its operations are."""
    found = re.search(r"/metrics are at (http://\S+)/\.", served.log)
    assert found is not None, served.log
    return found[1]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(RECORDING, operations_address="127.0.0.1:0") as server:
        yield server


def ask(served: Served, path: str, method: str = "GET", host: str = "") -> requests.Response:
    headers = {"Host": host} if host else {}
    url = operations(served) + path
    return requests.request(method, url, headers=headers, timeout=10, allow_redirects=False)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_probes_are_answered_by_any_name(served: Served, path: str, method: str) -> None:
    wait_until(lambda: ask(served, "/readyz").ok, what="a ready server")
    answer = ask(served, path, method, host="10.1.2.3:8000")

    assert answer.status_code == 200
    assert bool(answer.content) == (method == "GET")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1/graph",
        "/api/v1/status",
        "/static/assets/index.js",
        "/login",
        "/metrics/",
        "//healthz",
        "/healthz/../api/v1/status",
        "/%68ealthz/x",
    ],
)
def test_nothing_else_is_there(served: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(operations(served).rpartition(":")[2]))) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = raw.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"There are /healthz, /readyz and /metrics at this address." in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_questions_is_answered(served: Served, method: str) -> None:
    assert ask(served, "/healthz", method).status_code == 404


def test_no_websocket_is_there(served: Served) -> None:
    elsewhere = Served(RECORDING)
    elsewhere.port = int(operations(served).rpartition(":")[2])

    with pytest.raises(WebSocketBadStatusException) as refused:
        elsewhere.watch()
    assert refused.value.status_code == 404


def test_host_header_does_not_choose_the_port(served: Served) -> None:
    own, main = operations(served).removeprefix("http://"), f"127.0.0.1:{served.port}"

    assert ask(served, "/api/v1/status", host=main).status_code == 404
    assert served.get("/metrics", headers={"Host": own}).status_code == 404


def test_main_port_answers_probes_and_no_scrape_then(served: Served) -> None:
    assert served.get("/healthz", headers={"Host": "10.1.2.3:8000"}).text == "ok\n"
    assert served.get("/readyz", headers={"Host": "10.1.2.3:8000"}).text == "ok\n"
    assert served.get("/metrics").status_code == 404
    assert served.get("/api/v1/status").status_code == 200


def test_server_that_is_full_of_silent_connections_is_alive() -> None:
    with Served(RECORDING, operations_address="127.0.0.1:0", max_viewers="1") as served:
        idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(300)]
        try:
            assert ask(served, "/healthz").status_code == 200
        finally:
            for connection in idle:
                connection.close()


def test_server_is_not_ready_before_prometheus_has_answered_or_failed() -> None:
    with FaultServer() as prometheus:
        prometheus.fault = "slow"
        with Served(prometheus.url, query_timeout="2m") as served:
            waiting = served.get("/readyz")
            assert served.get("/healthz").status_code == 200
            prometheus.fault = "none"
            wait_until(lambda: served.get("/readyz").ok, what="a ready server")

    assert (waiting.status_code, waiting.text) == (
        503,
        "Prometheus has not been asked to the end yet.\n",
    )


def test_server_without_prometheus_is_ready_to_say_so() -> None:
    with FaultServer() as prometheus:
        prometheus.fault = "refuse"
        with Served(prometheus.url) as served:
            wait_until(lambda: served.get("/readyz").ok, what="a ready server")


def test_server_whose_database_was_never_there_is_not_ready() -> None:
    address = "postgres://nobody@127.0.0.1:1/none?connect_timeout=1"
    settings = {"database_url": address, "sign_in": "users", "secret_key": "k" * 40}
    with Served(RECORDING, **settings) as served:
        wait_until(lambda: "not been asked" not in served.get("/readyz").text)
        answer = served.get("/readyz")

    assert answer.status_code == 503
    assert answer.text == (
        "The database has not been reached yet, and nobody can sign in without it.\n"
    )


def test_address_in_use_is_refused_with_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(ProcessFailedError) as failed,
            Served(RECORDING, operations_address=f"127.0.0.1:{port}"),
        ):
            pass

    assert f"MESHVIZ_OPERATIONS_ADDRESS=127.0.0.1:{port + 1}" in str(failed.value)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("9100", "no port behind a colon"),
        ("::1:9100", "an IPv6 address without brackets"),
        ("127.0.0.1:99999", "out of range"),
        ("127.0.0.1:8000", "the page is on this port"),
    ],
)
def test_address_that_cannot_be_is_refused(given: str, reason: str) -> None:
    with (
        pytest.raises(ProcessFailedError) as failed,
        Served(RECORDING, operations_address=given, port="8000"),
    ):
        pass

    assert "MESHVIZ_OPERATIONS_ADDRESS" in str(failed.value)
    assert reason in str(failed.value)


def test_ipv6_is_written_in_brackets() -> None:
    with Served(RECORDING, operations_address="[::1]:0") as served:
        assert operations(served).startswith("http://[::1]:")
        assert ask(served, "/healthz").text == "ok\n"
