"""Who a proxy names is let in; who only says to be somebody is not."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from websocket import WebSocket

from tests.served import PATIENCE_S, Served, Watcher
from tests.signin.people import RECORDING

SECRET = "s" * 40
ADA = {"X-Forwarded-User": "ada"}
Headers = Mapping[str, str] | list[tuple[str, str]]


def settings(folder: Path, **more: str) -> dict[str, str]:
    return {"sign_in": "proxy", "database_url": f"sqlite:///{folder}/mesh.sqlite3", **more}


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose proxy is on this machine."""
    folder = tmp_path_factory.mktemp("near")
    with Served(RECORDING, **settings(folder, trusted_proxies="10.0.0.0/8, 127.0.0.1")) as server:
        yield server


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose proxy is elsewhere."""
    folder = tmp_path_factory.mktemp("far")
    with Served(RECORDING, **settings(folder, trusted_proxies="10.0.0.0/8")) as server:
        yield server


@pytest.fixture(scope="module")
def sworn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose proxy knows a word."""
    folder = tmp_path_factory.mktemp("sworn")
    with Served(RECORDING, **settings(folder, proxy_secret=SECRET)) as server:
        yield server


def asked(served: Served, headers: Headers, path: str = "/api/v1/graph") -> int:
    """Ask with these very headers; a name may come twice."""
    connection = requests.packages.urllib3.HTTPConnectionPool("127.0.0.1", served.port)
    pairs = requests.packages.urllib3.HTTPHeaderDict()
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        pairs.add(name, value)
    answer = connection.request("GET", path, headers=pairs, redirect=False, timeout=PATIENCE_S)
    connection.close()
    return int(answer.status)


def close_code(served: Served, headers: Mapping[str, str]) -> int | None:
    """Return the code that a socket is closed with; None when it gets a frame."""
    socket = WebSocket()
    socket.settimeout(PATIENCE_S)
    sent = [f"{name}: {value}" for name, value in headers.items()]
    socket.connect(f"ws://127.0.0.1:{served.port}/ws/graph", header=sent, suppress_origin=True)
    with Watcher(socket):
        opcode, data = socket.recv_data()
        return int.from_bytes(data[:2], "big") if opcode == 8 else None


def test_who_comes_by_the_proxy_is_known(near: Served) -> None:
    me = near.get("/api/v1/me", headers={**ADA, "X-Forwarded-Groups": "a, b,,a"}).json()

    assert (me["sign_in"], me["user"], me["role"]) == ("proxy", "ada", "editor")
    assert asked(near, ADA) == 200
    assert close_code(near, ADA) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-User": ""},
        {"X-Forwarded-User": "a" * 151},
        {"X-Forwarded-User": "a\tb"},
        {"X_Forwarded_User": "ada"},
        {"X-Forwarded_User": "ada"},
        {"Remote-User": "ada"},
        {"X-Remote-User": "ada"},
        [("X-Forwarded-User", "ada"), ("X-Forwarded-User", "root")],
        {"X-Forwarded-User": "ada", "Authorization": "Basic YWRhOmFkYQ=="},
        {"X-Forwarded-User": "ada", "Authorization": "Bearer meshviz_wrong"},
    ],
)
def test_nobody_else_is(near: Served, headers: Headers) -> None:
    assert asked(near, headers) == 401
    assert asked(near, headers, "/") == 401


def test_groups_that_come_twice_are_nobodys(near: Served) -> None:
    """A proxy that adds its header to the client's would let clients choose their groups."""
    told = [*ADA.items(), ("X-Forwarded-Groups", "staff")]

    assert asked(near, told) == 200
    assert asked(near, [*told, ("X-Forwarded-Groups", "platform")]) == 401


@pytest.mark.parametrize("forged", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_who_comes_from_elsewhere_is_not_believed(far: Served, forged: str) -> None:
    headers = {**ADA, forged: "for=10.0.0.1" if forged == "Forwarded" else "10.0.0.1"}

    assert asked(far, headers) == 401
    assert close_code(far, headers) == 4401


def test_the_word_tells_the_proxy_from_others(sworn: Served) -> None:
    assert asked(sworn, ADA) == 401
    assert asked(sworn, {**ADA, "X-Meshviz-Proxy-Secret": SECRET[:-1]}) == 401
    assert asked(sworn, {**ADA, "X-Meshviz-Proxy-Secret": ""}) == 401
    twice = [*ADA.items(), ("X-Meshviz-Proxy-Secret", SECRET), ("X-Meshviz-Proxy-Secret", "x")]
    assert asked(sworn, twice) == 401
    assert asked(sworn, {**ADA, "X-Meshviz-Proxy-Secret": SECRET}) == 200
    assert close_code(sworn, ADA) == 4401
    assert close_code(sworn, {**ADA, "X-Meshviz-Proxy-Secret": SECRET}) is None


def saved(served: Served, token: str | None, **cookies: Any) -> requests.Response:
    headers = {**ADA, **({"X-CSRFToken": token} if token else {})}
    url = f"{served.url}/api/v1/saved-views"
    body = {"name": "mine", "query": ""}
    return requests.post(url, json=body, headers=headers, cookies=cookies, timeout=PATIENCE_S)


def test_to_change_something_takes_the_token_of_the_browser(near: Served) -> None:
    """The proxy's own cookie goes with every request, also with those of other sites' pages."""
    session = requests.Session()
    me = session.get(f"{near.url}/api/v1/me", headers=ADA, timeout=PATIENCE_S).json()
    cookie = session.cookies["meshviz_csrf"]

    assert saved(near, None).status_code == 403
    assert saved(near, me["csrf_token"]).status_code == 403
    assert saved(near, None, meshviz_csrf=cookie).status_code == 403
    assert saved(near, me["csrf_token"], meshviz_csrf=cookie).status_code == 201
    views = near.get("/api/v1/saved-views", headers={"X-Forwarded-User": "ben"}).json()["views"]
    assert views == []


def test_there_is_nothing_to_sign_in_to(near: Served) -> None:
    answer = near.get("/login?next=/%3Ftype%3Dapp", headers=ADA, allow_redirects=False)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/?type=app")
    assert near.get("/logout", headers=ADA).status_code == 404


def test_names_are_what_they_are_in_any_script(near: Served) -> None:
    me = near.get("/api/v1/me", headers={"X-Forwarded-User": "山田".encode()}).json()

    assert me["user"] == "山田"
