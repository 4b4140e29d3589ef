"""Being let in: credentials, certificates and headers, against servers that check them."""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from graph.sources import Access, Denied, Rejected, Unavailable, open_source
from graph.sources.transport import Transport

TLS = Path(__file__).parents[1] / "tls"
SECRET = "hunter2-hunter2"  # what must never be shown


class Guarded(ThreadingHTTPServer):
    """A server that remembers what it was asked, and asks for what it is told to."""

    daemon_threads = True
    authorization: str | None = None
    methods: tuple[str, ...] = ("GET", "POST")

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Guarded

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(parse_qs(body.decode()))

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def _answer(self, form: dict[str, list[str]]) -> None:
        parts = urlsplit(self.path)
        asked = {"path": parts.path, "query": parse_qs(parts.query), "form": form}
        self.server.seen.append({**asked, "method": self.command, "headers": dict(self.headers)})
        wanted = self.server.authorization
        status = 200
        if self.command not in self.server.methods:
            status = 405
        elif wanted is not None and self.headers.get("Authorization") != wanted:
            status = 401
        answer = {"status": "success" if status == 200 else "error", "data": 1, "error": "no"}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Guarded]:
    with _running(Guarded()) as made:
        yield made


@contextmanager
def _running(server: Guarded) -> Iterator[Guarded]:
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def secure(request: pytest.FixtureRequest) -> Iterator[Guarded]:
    """Return a server behind TLS; parametrised with whether it wants a client's certificate."""
    server = Guarded()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem", TLS / "server-key.pem")
    if getattr(request, "param", False):
        context.load_verify_locations(TLS / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # refused handshakes
    with _running(server) as made:
        yield made


Call = Callable[..., Any]


@pytest.fixture
def call() -> Iterator[Call]:
    """Return a function that asks a server for a query with some access."""
    made: list[Transport] = []

    def ask(server: Guarded, scheme: str = "http", **access: Any) -> Any:
        url = f"{scheme}://127.0.0.1:{server.server_port}/prefix"
        made.append(Transport(url, timeout_s=5.0, connections=2, access=Access(**access)))
        return made[-1].call("/api/v1/query", {"query": "up"})

    yield ask
    for transport in made:
        transport.close()


def test_a_bearer_token_is_sent(server: Guarded, call: Call) -> None:
    server.authorization = f"Bearer {SECRET}"

    assert call(server, bearer_token=SECRET).content() == 1


def test_a_token_that_rotates_is_picked_up_without_a_restart(
    server: Guarded, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")
    access = Access(bearer_token_file=token)
    transport = Transport(
        f"http://127.0.0.1:{server.server_port}", timeout_s=5, connections=1, access=access
    )
    try:
        for text in ("first", "other"):
            # As Kubernetes does it: a new file takes the old one's place.
            fresh = tmp_path / "fresh"
            fresh.write_text(f"{text}\n")
            fresh.replace(token)
            server.authorization = f"Bearer {text}"
            assert transport.call("/api/v1/query", {"query": "up"}).content() == 1
        token.unlink()
        with pytest.raises(Rejected, match="MESHVIZ_PROMETHEUS_TOKEN_FILE cannot be used"):
            transport.call("/api/v1/query", {"query": "up"})
    finally:
        transport.close()


def test_basic_authentication(server: Guarded, call: Call, tmp_path: Path) -> None:
    server.authorization = "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")

    assert call(server, user="me", password=SECRET).content() == 1
    assert call(server, user="me", password_file=file).content() == 1


def test_wrong_credentials_are_denied_and_never_shown(
    server: Guarded, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    server.authorization = "Bearer other"
    with caplog.at_level("DEBUG"), pytest.raises(Denied) as caught:
        call(
            server,
            bearer_token=SECRET,
            headers=(("X-Key", SECRET),),
            parameters=(("key", SECRET),),
        )

    assert "although it was shown a bearer token (MESHVIZ_PROMETHEUS_TOKEN)" in caught.value.detail
    said = f"{caught.value.detail} {caught.value.advice} {caught.value!r}"
    assert SECRET not in said
    assert SECRET not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("graph")
    )


@pytest.mark.parametrize(
    ("access", "kind"),
    [
        ({"user": "me", "password": SECRET}, "a user and a password (MESHVIZ_PROMETHEUS_USER)"),
        (
            {"headers": (("authorization", SECRET),)},
            "an Authorization header (MESHVIZ_PROMETHEUS_HEADERS)",
        ),
        ({}, "refused access (HTTP 401): no."),
    ],
    ids=["user", "header", "nothing"],
)
def test_what_was_refused_is_named(
    server: Guarded, call: Call, access: dict[str, Any], kind: str
) -> None:
    server.authorization = "Bearer other"
    with pytest.raises(Denied) as caught:
        call(server, **access)

    assert kind in caught.value.detail
    assert ("wants credentials" in caught.value.advice) is not bool(access)
    assert SECRET not in caught.value.detail + caught.value.advice


def test_headers_and_parameters_go_with_every_call(server: Guarded, call: Call) -> None:
    call(server, headers=(("X-Scope-OrgID", "a, b"),), parameters=(("dedup", "true"),))
    (seen,) = server.seen

    assert seen["path"] == "/prefix/api/v1/query"
    assert seen["headers"]["X-Scope-OrgID"] == "a, b"
    assert seen["query"] == {"dedup": ["true"]}
    assert seen["form"] == {"query": ["up"]}


def test_a_server_that_only_lets_get_through_is_asked_so_from_then_on(
    server: Guarded, call: Call
) -> None:
    server.methods = ("GET",)
    transport = Transport(f"http://127.0.0.1:{server.server_port}", timeout_s=5, connections=1)
    try:
        for _ in range(2):
            assert transport.call("/api/v1/query", {"query": "up"}).content() == 1
    finally:
        transport.close()

    assert [seen["method"] for seen in server.seen] == ["POST", "GET", "GET"]
    assert server.seen[-1]["query"] == {"query": ["up"]}


def test_a_certificate_of_an_own_authority_is_trusted_when_told(
    secure: Guarded, call: Call
) -> None:
    with pytest.raises(Unavailable, match="certificate is not trusted") as caught:
        call(secure, "https")

    assert "MESHVIZ_PROMETHEUS_CA_FILE" in caught.value.advice
    assert "MESHVIZ_PROMETHEUS_VERIFY" in caught.value.advice
    assert call(secure, "https", ca_file=TLS / "ca.pem").content() == 1


def test_verification_can_be_switched_off_and_is_warned_of(secure: Guarded, call: Call) -> None:
    assert call(secure, "https", verify=False).content() == 1
    source = open_source("https://127.0.0.1:1", timeout_s=1, access=Access(verify=False))
    try:
        (warning,) = source.facts()["warnings"]
    finally:
        source.close()

    assert "not verified" in warning


@pytest.mark.parametrize("secure", [True], indirect=True)
def test_a_client_certificate_is_shown(secure: Guarded, call: Call) -> None:
    with pytest.raises(Unavailable):
        call(secure, "https", ca_file=TLS / "ca.pem")

    answer = call(
        secure,
        "https",
        ca_file=TLS / "ca.pem",
        client_cert=TLS / "client.pem",
        client_key=TLS / "client-key.pem",
    )
    assert answer.content() == 1
