"""What a server logs: names of requests, one JSON object a line, nothing a client has written."""

import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from meshviz.logs import Json, OnceInAWhile, Redaction, Text
from tests.faultserver import FaultServer
from tests.served import Served
from tests.signin.people import RECORDING
from tests.stack import wait_until


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(prometheus: FaultServer) -> Iterator[Served]:
    with Served(prometheus.url, log_format="json", log_level="debug") as server:
        wait_until(lambda: bool(server.graph()["edges"]), what="a graph")
        yield server


def records(served: Served) -> list[dict[str, Any]]:
    """Return all that was logged; fails when a line is no JSON object."""
    return [json.loads(line) for line in served.log.splitlines()]


def of(served: Served, name: str) -> list[dict[str, Any]]:
    return [record for record in records(served) if record.get("request_id") == name]


def test_every_line_is_an_object(served: Served) -> None:
    greeting = next(one for one in records(served) if one["message"].startswith("meshviz "))

    assert greeting["level"] == "info"
    assert greeting["time"].endswith("+00:00")
    assert all({"time", "level", "logger", "message"} <= one.keys() for one in records(served))


def test_request_is_a_line_with_its_name(served: Served) -> None:
    given = {"X-Request-ID": "7f9c24e8-3b12-4fef-91e0-f2ba1a2b3c4d"}
    answer = served.get("/api/v1/status?secret=hunter22", headers=given)
    wait_until(lambda: bool(of(served, given["X-Request-ID"])), what="a line")
    (line,) = of(served, given["X-Request-ID"])

    assert answer.headers["X-Request-ID"] == given["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/status", 400)
    assert line["duration_ms"] > 0
    assert "hunter22" not in served.log


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "two words here", "café-au-lait", "a,b;c=d()"]
)
def test_name_that_is_no_plain_word_is_replaced(served: Served, given: str) -> None:
    headers = {"X-Request-ID": given.encode()} if given else {}
    first = served.get("/api/v1/status", headers=headers).headers["X-Request-ID"]
    second = served.get("/api/v1/status", headers=headers).headers["X-Request-ID"]

    assert given != first != second
    assert len(first) == 16


def test_websocket_has_a_name_too(served: Served) -> None:
    with served.watch() as viewer:
        viewer.next("snapshot")
        name = {key.lower(): value for key, value in viewer.socket.getheaders().items()}

    assert len(name["x-request-id"]) == 16


def test_what_threads_do_for_a_request_bears_its_name() -> None:
    settings = {
        "database_url": "postgres://nobody@127.0.0.1:1/none?connect_timeout=1",
        "sign_in": "users",
        "secret_key": "k" * 40,
        "log_format": "json",
    }
    with Served(RECORDING, **settings) as served:
        headers = {"X-Request-ID": "no-database", "Cookie": "meshviz_session=abcdefghijklmnop"}
        assert served.get("/api/v1/me", headers=headers).status_code == 503
        wait_until(lambda: len(of(served, "no-database")) == 2, what="two lines")
        loggers = {line["logger"] for line in of(served, "no-database")}

    assert loggers == {"graph.api.answers", "meshviz.access"}


def test_polling_bears_nobodys_name(served: Served, prometheus: FaultServer) -> None:
    served.get("/api/v1/graph?window=15m", headers={"X-Request-ID": "wants-15-minutes"})
    prometheus.fault = "500"
    try:
        about = "graph.poll"
        wait_until(lambda: sum(one["logger"] == about for one in records(served)) >= 2)
    finally:
        prometheus.fault = "none"

    assert not [one for one in records(served) if one["logger"] == about and "request_id" in one]


def test_probes_and_files_are_no_lines(served: Served) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/static/docs.js"):
        served.get(path, headers={"X-Request-ID": "somebody-else"})

    assert of(served, "somebody-else") == []


def test_client_cannot_write_a_line_of_its_own(served: Served) -> None:
    forged = '{"level":"error","message":"forged"}'
    request = (
        f"GET /api/%0a{forged} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        "X-Request-ID: forged-request\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port)) as raw:
        raw.sendall(request.replace(" HTTP", "%20HTTP", 0).encode())
        assert raw.makefile("rb").read()
    wait_until(lambda: bool(of(served, "forged-request")), what="a line")

    assert not [one for one in records(served) if one["message"] == "forged"]


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("graph.x", logging.WARNING, "x.py", 1, message, args, info)


def test_text_log_has_no_line_that_a_client_has_written() -> None:
    evil = "a\n2026-11-27 10:00:00,000 ERROR forged\r\x1b[2J\u2028\u202e"
    line = Text().format(record("refused %s", evil, error=ValueError(evil)))

    first, *others = line.split("\n")
    assert "forged" in first
    assert all(other.startswith("    ") for other in others)
    assert not [one for one in line if one != "\n" and not one.isprintable()]


def test_json_log_is_one_line_whatever_is_in_it() -> None:
    line = Json().format(record("refused %s", 'a"\n\x00\u2028', error=ValueError("b\nc")))

    assert "\n" not in line
    assert json.loads(line)["message"] == 'refused a"\\n\\x00\\u2028'


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdef.ghijkl",
        "'authorization': 'Basic YWJjZGVmLmdoaWprbA=='",
        "redis://user:abcdef.ghijkl@redis:6379/0",
        "postgres://meshviz:abcdef.ghijkl@db/meshviz",
        "cannot open https://x?access_token=abcdef.ghijkl&y=1",
        "password=abcdef.ghijkl",
        '{"client_secret": "abcdef.ghijkl"}',
        "Cookie: meshviz_session=abcdef.ghijkl; a=b",
        "it was abcdef.ghijkl",
    ],
)
def test_secrets_are_taken_out(text: str) -> None:
    redacted = Redaction(lambda: {"abcdef.ghijkl"})(text)
    by_looks = Redaction()(text)

    for found in (redacted, *([by_looks] if "it was" not in text else [])):
        assert "ghijkl" not in found
        assert "YWJj" not in found
        assert "***" in found


def test_ordinary_words_are_left_alone() -> None:
    text = "the token file cannot be read; 3 passwords, GET /api/v1/graph?window=5m"

    assert Redaction(lambda: {"abcdef.ghijkl", "5m"})(text) == text


def test_same_words_of_others_come_once_a_minute() -> None:
    once = OnceInAWhile()

    assert [once.filter(record("cannot connect %s", n)) for n in range(3)] == [True, False, False]
    assert once.filter(record("something else"))
