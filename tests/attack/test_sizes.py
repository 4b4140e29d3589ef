"""Nothing that a client sends is taken beyond what something needs, and refusing costs little."""

import json

import pytest
import requests

from meshviz import bodies, deadline
from meshviz.headers import HEADERS
from tests.attack.raw import calm, frames_go_on, heard, memory_mb, status_of, turned_away
from tests.served import PATIENCE_S, Served
from tests.signin.people import Person

START = b"GET /api/v1/graph HTTP/1.1\r\nHost: 127.0.0.1\r\n"
END = b"\r\n\r\n"
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
LONG = b"x" * (deadline.HEAD_BYTES + 1)


@pytest.mark.parametrize(
    ("sent", "statuses"),
    {
        "address": ([b"GET /?", LONG, b" HTTP/1.1\r\nHost: 127.0.0.1", END], {414, 431}),
        "long query": (
            [b"GET /api/v1/graph?namespace=", LONG[: deadline.ADDRESS_BYTES], b" HTTP/1.1", END],
            {414},
        ),
        "header": ([START, b"X-A: ", LONG, END], {431}),
        "name of a header": ([START, LONG, b": a", END], {431}),
        "headers": ([START, b"X-A: b\r\n" * 5000, b"\r\n"], {431}),
        "many headers": ([START, b"X-A: b\r\n" * 150, b"\r\n"], {431}),
        "cookie": ([START, b"Cookie: meshviz_session=", LONG, END], {431}),
        "line of a handshake": (
            [b"GET /ws/graph?type=", LONG[:9000], b" HTTP/1.1\r\nHost: a\r\n", UPGRADE, b"\r\n"],
            {431},
        ),
        "header of a handshake": (
            [b"GET /ws/graph HTTP/1.1\r\nHost: a\r\n", UPGRADE, b"X-A: ", LONG[:9000], END],
            {431},
        ),
        "length": ([START, b"Content-Length: ", str(bodies.MOST + 1).encode(), END], {413}),
        "length beyond numbers": ([START, b"Content-Length: ", b"9" * 40, END], {400, 413}),
        "negative length": ([START, b"Content-Length: -1", END], {400}),
        "two lengths": ([START, b"Content-Length: 1\r\nContent-Length: 2", END, b"aa"], {400}),
        "length and chunks": (
            [START, b"Content-Length: 3\r\nTransfer-Encoding: chunked", END, b"0\r\n\r\n"],
            {400},
        ),
        "no HTTP": ([b"\x16\x03\x01\x02\x00\x01\x00" * 20], {400}),
        "bare newline in a header": ([START, b"X-A: b\nX-B: c\rX-C: d", END], {400}),
        "null in a header": ([START, b"X-A: b\x00c", END], {400}),
        "POST of a handshake": ([START.replace(b"GET", b"POST"), UPGRADE, b"\r\n"], {None, 400}),
    }.values(),
)
def test_what_is_too_much_or_no_http_is_refused_and_leaves_no_traceback(
    served: Served, sent: list[bytes], statuses: set[int | None]
) -> None:
    with calm(served):
        answer = heard(served, *sent)

    assert status_of(answer) in statuses, answer[:300]
    if answer:
        for name in HEADERS:
            assert f"\r\n{name}:".encode() in answer.lower()


def test_header_without_end_costs_no_memory(served: Served) -> None:
    before = memory_mb(served)
    for _ in range(8):
        heard(served, START + b"X-A: ", *[b"y" * 1_000_000] * 8)

    assert memory_mb(served) - before < 20
    assert turned_away(served, "large") >= 8


def test_endless_body_is_cut_off_and_written_nowhere(served: Served) -> None:
    def endless() -> object:
        for _ in range(200):
            yield b"z" * 100_000

    before = memory_mb(served)
    try:
        answer = requests.post(
            f"{served.url}/api/v1/saved-views", data=endless(), timeout=PATIENCE_S
        )
    except requests.ConnectionError:
        pass  # cut off while it was still sending
    else:
        assert answer.status_code == 413
    assert memory_mb(served) - before < 20


def test_requests_sent_ahead_are_few(served: Served) -> None:
    whole = START.replace(b"/api/v1/graph", b"/healthz") + b"\r\n"
    before = memory_mb(served)
    answer = heard(served, whole * 5000)

    assert answer.count(b"HTTP/1.1 200") < 5000
    assert memory_mb(served) - before < 20
    assert served.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "namespace=" + "n" * 301,
        "&".join(f"namespace=n{number}" for number in range(101)),
        "type=" + "t" * 5000,
        "at=" + "9" * 5000,
        "at=1e999",
        "at=-1",
        "at=NaN",
        "at=9999-12-31T23:59:59Z",
        "at=0001-01-01T00:00:00%2B23:59",
        "window=" + "9" * 5000 + "s",
        "namespace=%00%ff%fe",
        "namespace=",
        "&" * 5000,
        "a=b&" * 2000,
        "%zz=%",
    ],
)
@pytest.mark.parametrize("path", ["graph", "queries", "history", "distribution"])
def test_odd_parameters_are_refused_by_name(served: Served, path: str, query: str) -> None:
    with calm(served):
        answer = served.get(f"/api/v1/{path}?{query}")

    assert answer.status_code in (200, 400, 404, 503)
    assert answer.headers["Content-Type"] == "application/json"
    assert len(answer.content) < 2000 or answer.status_code == 200


BOMBS = {
    "deep lists": '{"name": "a", "places": {"a": ' + "[" * 900 + "]" * 900 + "}}",
    "deep objects": '{"name": "a", "places": ' + '{"a":' * 900 + "1" + "}" * 900 + "}",
    "deeper than anybody reads": "[" * 100_000,
    "huge number": '{"name": "a", "places": {"a": ' + "9" * 5000 + "}}",
    "beyond floats": '{"name": "a", "places": {"a": 1e99999}}',
    "not a number": '{"name": "a", "places": {"a": NaN}}',
    "half a character": '{"name": "\\ud800"}',
    "null character": '{"name": "a\\u0000b"}',
    "key twice": '{"name": "a", "name": ["b"]}',
    "list": "[1]",
    "many keys": json.dumps({f"k{number}": 1 for number in range(20_000)}),
    "nothing": "",
    "no text": "\xff\xfe\x00",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_json_bombs_are_refused(signed: Served, bomb: str) -> None:
    ada = Person(signed).sign_in("ada")
    token = ada.go("/api/v1/me").json()["csrf_token"]
    with calm(signed):
        answer = ada.post(
            f"{signed.url}/api/v1/saved-views",
            data=bomb.encode("latin-1"),
            headers={"X-CSRFToken": token, "Content-Type": "application/json"},
            timeout=PATIENCE_S,
        )

    assert answer.status_code in (201, 400), answer.text
    if answer.status_code == 201:  # what a browser may write too
        number = answer.json()["id"]
        assert ada.write("delete", f"/api/v1/saved-views/{number}").status_code == 204


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000, "-1", "1e3", "%00", "1%0a"])
def test_odd_numbers_of_views_are_not_there(signed: Served, number: str) -> None:
    ada = Person(signed).sign_in("ada")
    with calm(signed):
        answer = ada.go(f"/api/v1/saved-views/{number}")

    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/", "/login", "/api/docs", "/nothing", "/static/nothing"])
def test_pages_take_no_thousands_of_parameters_either(signed: Served, path: str) -> None:
    with calm(signed):
        answer = signed.get(f"{path}?{'a=b&' * 2000}", allow_redirects=False)

    assert answer.status_code < 500
    assert "Traceback" not in answer.text


def test_others_were_served_all_along(served: Served) -> None:
    frames_go_on(served)
