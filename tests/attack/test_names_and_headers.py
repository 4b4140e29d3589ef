"""By which names meshviz may be called, which headers it believes, and which ones it sends."""

import re
from urllib.parse import quote

import pytest
from websocket import WebSocketBadStatusException

from meshviz.headers import HEADERS
from tests.attack.raw import calm, dial, heard, rest, status_of
from tests.served import Served
from tests.signin.people import Person

OURS = ("127.0.0.1:{port}", "localhost:{port}", "localhost", "[::1]:{port}", "127.0.0.1")
FOREIGN = (
    "rebound.example",
    "rebound.example:{port}",
    "127.0.0.1.rebound.example:{port}",
    "localhost.rebound.example",
    "evil@127.0.0.1:{port}",
    "127.0.0.1:{port}@evil.example",
    "127.0.0.1:{port}, evil.example",
    "127.0.0.1:{port}/evil",
    "127.0.0.1:{port}#evil",
    "127.0.0.1 evil",
    "0.0.0.0:{port}",
    "2130706433:{port}",
    "0x7f.1:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "",
    ".",
    "*",
    "localhost:{port}:80",
)
HANDSHAKE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def ask(served: Served, path: str, *lines: str, version: str = "1.1") -> bytes:
    head = "".join(f"{line.format(port=served.port)}\r\n" for line in lines)
    return heard(
        served, f"GET {path} HTTP/{version}\r\n{head}Connection: close\r\n\r\n".encode("latin-1")
    )


@pytest.mark.parametrize("host", OURS)
def test_our_names_are_answered(served: Served, host: str) -> None:
    assert status_of(ask(served, "/api/v1/status", f"Host: {host}")) == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_names_get_nothing(served: Served, host: str) -> None:
    for path in ("/", "/api/v1/graph", "/static/nothing", "/api/docs"):
        answer = ask(served, path, f"Host: {host}")
        assert status_of(answer) == 400, answer[:200]
        assert b"edges" not in answer
        assert b"evil" not in answer
    upgraded = heard(
        served,
        f"GET /ws/graph HTTP/1.1\r\nHost: {host.format(port=served.port)}\r\n"
        f"{HANDSHAKE}\r\n".encode("latin-1"),
    )
    assert status_of(upgraded) == 400, upgraded[:200]


@pytest.mark.parametrize(
    "lines",
    [
        ("Host: 127.0.0.1", "Host: evil.example"),
        ("Host: evil.example", "Host: 127.0.0.1"),
        ("X-Forwarded-Host: 127.0.0.1", "Host: evil.example"),
        ("Host: evil.example", "Forwarded: host=127.0.0.1"),
        (),
    ],
)
def test_host_is_one_header_and_no_other(served: Served, lines: tuple[str, ...]) -> None:
    assert status_of(ask(served, "/api/v1/graph", *lines)) == 400


def test_address_of_another_server_in_the_request_line_changes_nothing(served: Served) -> None:
    answer = ask(served, "http://evil.example/api/v1/status", "Host: 127.0.0.1")

    assert status_of(answer) in (200, 400)
    assert b"evil" not in answer


ORIGINS = {
    None: 101,
    "http://127.0.0.1:{port}": 101,
    "http://localhost:{port}": 403,
    "http://127.0.0.1": 403,
    "https://127.0.0.1:{port}": 403,
    "http://127.0.0.1:1": 403,
    "http://evil.example": 403,
    "http://127.0.0.1:{port}.evil.example": 403,
    "http://evil@127.0.0.1:{port}": 403,
    "http://127.0.0.1:{port}/": 403,
    "null": 403,
    "": 403,
    "file://": 403,
    "chrome-extension://abc": 403,
}


@pytest.mark.parametrize(("origin", "status"), ORIGINS.items(), ids=map(str, ORIGINS))
def test_websocket_is_for_pages_of_ours(served: Served, origin: str | None, status: int) -> None:
    page = None if origin is None else origin.format(port=served.port)
    lines = "" if page is None else f"Origin: {page}\r\n"
    answer = heard(
        served,
        f"GET /ws/graph HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
        f"{lines}{HANDSHAKE}\r\n".encode(),
    )

    assert status_of(answer) == status, answer[:200]


def test_two_origins_are_none(served: Served) -> None:
    answer = heard(
        served,
        f"GET /ws/graph HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
        f"Origin: http://127.0.0.1:{served.port}\r\nOrigin: http://evil.example\r\n"
        f"{HANDSHAKE}\r\n".encode(),
    )

    assert status_of(answer) in (400, 403)


PATHS = {
    "/": 200,
    "/api/docs": 200,
    "/api/schema": 200,
    "/api/v1/graph": 200,
    "/api/v1/graph?type=x": 400,
    "/api/v1/status": 200,
    "/api/v1/me": 200,
    "/api/v1/saved-views": 401,
    "/api/v1/doctor": 200,
    "/api/nothing": 404,
    "/nothing": 404,
    "/static/nothing.js": 404,
    "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css": 200,
    "/healthz": 200,
    "/metrics": 200,
    "/..%2f..%2fetc/passwd": 404,
    "/static/..%2f..%2fmeshviz/settings.py": 404,
    "/static/%2e%2e/%2e%2e/manage.py": 404,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=PATHS)
def test_every_answer_carries_the_headers(served: Served, path: str, status: int) -> None:
    answer = ask(served, path, "Host: 127.0.0.1")
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    assert status_of(answer) == status
    for name, value in HEADERS.items():
        assert head.count(f"\r\n{name}: ") == 1, name
        assert f"\r\n{name}: {value.lower()}" in head
    assert "\r\nserver:" not in head
    assert "access-control-" not in head


def test_headers_are_these() -> None:
    csp = dict(
        part.split(" ", 1) for part in HEADERS["content-security-policy"].split("; ") if " " in part
    )

    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == csp["style-src"] == "'self'"
    assert csp["frame-ancestors"] == csp["base-uri"] == "'none'"
    assert "unsafe" not in HEADERS["content-security-policy"]
    assert HEADERS["x-frame-options"] == "DENY"
    assert HEADERS["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS"]
)
@pytest.mark.parametrize("path", ["/", "/api/v1/graph", "/api/v1/doctor", "/api/schema"])
def test_nothing_that_is_read_can_be_written(served: Served, method: str, path: str) -> None:
    with calm(served):
        answer = heard(
            served,
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            "Content-Length: 0\r\n\r\n".encode(),
        )

    assert status_of(answer) in (200, 400, 404, 405)
    assert method == "OPTIONS" or path == "/" or status_of(answer) != 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/graph?type=%0d%0aSet-Cookie:%20owned=1",
        "/login?next=/%0d%0aSet-Cookie:%20owned=1",
        "/?a=%0d%0aSet-Cookie:%20owned=1",
        "/%0d%0aSet-Cookie:%20owned=1",
        "/login?next=//evil.example/%0aSet-Cookie:owned=1",
    ],
)
def test_line_breaks_make_no_headers(signed: Served, path: str) -> None:
    with calm(signed):
        answer = ask(signed, path, "Host: 127.0.0.1")

    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nset-cookie: owned" not in head
    assert b"\nset-cookie:owned" not in head
    assert b"location: //" not in head
    assert b"evil.example\r\n" not in head


@pytest.mark.parametrize(
    "lines",
    [
        ("X-Forwarded-For: 10.0.0.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example"),
        ("X_Forwarded_User: ada", "Remote_User: ada", "REMOTE-USER: ada"),
        ("X-Forwarded-User: ada", "X-Forwarded-Groups: admins", "X-Remote-User: ada"),
        ("Remote-User: ada", "HTTP_REMOTE_USER: ada", "X-Forwarded_User: ada"),
        ("Authorization: Bearer ada", "Impersonate-User: ada", "X-Auth-Request-User: ada"),
        ("X-Original-URL: /healthz", "X-Rewrite-URL: /login", "X-HTTP-Method-Override: GET"),
        ("X-Script-Name: /login", "Script_Name: /login", "Path_Info: /login"),
    ],
)
def test_no_header_makes_somebody_of_nobody(signed: Served, lines: tuple[str, ...]) -> None:
    assert status_of(ask(signed, "/api/v1/graph", "Host: 127.0.0.1", *lines)) == 401
    with dial(signed) as connection:
        connection.sendall(
            f"GET /ws/graph HTTP/1.1\r\nHost: 127.0.0.1:{signed.port}\r\n"
            f"{''.join(line + chr(13) + chr(10) for line in lines)}{HANDSHAKE}\r\n".encode()
        )
        answer = rest(connection) + rest(connection)
    # Accepted, to be told why: closed with 4401, and no frame before.
    assert (4401).to_bytes(2, "big") in answer.partition(b"\r\n\r\n")[2]
    assert b"snapshot" not in answer


def test_names_that_only_look_like_a_proxys_are_taken_off(signed: Served) -> None:
    ada = Person(signed).sign_in("ada")
    cookie = f"meshviz_session={ada.session_key()}"
    secure = ask(signed, "/login", "Host: 127.0.0.1", "X_Forwarded_Proto: https")

    assert status_of(ask(signed, "/api/v1/graph", "Host: 127.0.0.1", f"Cookie: {cookie}")) == 200
    assert b"secure" not in re.findall(rb"(?i)set-cookie: [^\r]*", secure)[0].lower()


def test_address_of_the_request_is_never_repeated(served: Served) -> None:
    for path in ("/", "/api/", "/static/", "/api/v1/graph/"):
        answer = served.get(f"{path}<script>owned</script>{quote('<b>')}owned")
        assert answer.status_code == 404
        assert "owned" not in answer.text


def test_refused_websocket_has_the_headers_too(served: Served) -> None:
    with pytest.raises(WebSocketBadStatusException) as caught:
        served.watch(origin="http://evil.example")

    told = {name.lower() for name in caught.value.resp_headers}
    assert set(HEADERS) <= told
