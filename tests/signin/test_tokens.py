"""Programs use the API by tokens: for what they are for, and as long as they are good."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from websocket import WebSocket

from tests.served import PATIENCE_S, Served, Watcher
from tests.signin.people import RECORDING, Person, manage, populate, signing_in


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = f"sqlite:///{tmp_path_factory.mktemp('tokens')}/mesh.sqlite3"
    populate(made, "ada")
    return made


@pytest.fixture(scope="module")
def served(url: str) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        # Looks after those who watch all the time.
        patch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.hasty")
        with Served(RECORDING, **signing_in(url)) as server:
            yield server


def made(url: str, name: str, *words: str) -> str:
    ended = manage(url, "addtoken", name, *words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def ask(served: Served, token: str, path: str = "/api/v1/graph", **more: Any) -> requests.Response:
    return served.get(path, headers={"Authorization": f"Bearer {token}"}, **more)


def watch(served: Served, token: str) -> Watcher:
    socket = WebSocket()
    socket.settimeout(PATIENCE_S)
    header = [f"Authorization: Bearer {token}"]
    socket.connect(f"ws://127.0.0.1:{served.port}/ws/graph", header=header, suppress_origin=True)
    return Watcher(socket)


def test_a_token_sees_what_it_is_for(served: Served, url: str) -> None:
    token = made(url, "robot", "--namespace", "bookinfo")
    whole = made(url, "all", "--namespace", "*", "--expires", "never")

    assert ask(served, token).json()["namespaces"] == ["bookinfo"]
    assert "boutique" in ask(served, whole).json()["namespaces"]
    assert ask(served, token, "/api/v1/doctor").status_code == 403
    assert ask(served, whole, "/api/v1/doctor").status_code == 200
    me = ask(served, token, "/api/v1/me").json()
    assert (me["user"], me["role"], me["namespaces"]) == (None, "viewer", [["bookinfo"]])
    with watch(served, token) as watcher:
        assert watcher.next("snapshot")["namespaces"] == ["bookinfo"]


def test_a_token_is_nobodys_and_saves_nothing(served: Served, url: str) -> None:
    token = made(url, "editor", "--namespace", "*", "--role", "editor")
    headers = {"Authorization": f"Bearer {token}"}

    answer = ask(served, token, "/api/v1/saved-views")
    posted = requests.post(
        f"{served.url}/api/v1/saved-views", json={"name": "x"}, headers=headers, timeout=PATIENCE_S
    )

    for each in (answer, posted):
        assert (each.status_code, each.json()["error"]["code"]) == (403, "not_permitted")


def test_a_deleted_token_is_good_for_nothing_also_where_it_watches(
    served: Served, url: str
) -> None:
    token = made(url, "gone", "--namespace", "*")
    with watch(served, token) as watcher:
        watcher.next("snapshot")

        assert manage(url, "deltoken", "gone").stdout == "gone is gone.\n"

        assert watcher.close_code() == 4401
    assert ask(served, token).status_code == 401
    assert manage(url, "deltoken", "gone").returncode == 1


def test_an_expired_token_is_good_for_nothing(served: Served, url: str) -> None:
    token = made(url, "old", "--namespace", "*", "--expires", "1d")
    assert ask(served, token).status_code == 200

    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE signin_apitoken SET expires='2020-01-01' WHERE name='old'")
    database.close()

    assert ask(served, token).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "Token {}", "{}", "Bearer {}x"]
)
def test_nothing_else_is_a_token(served: Served, url: str, header: str) -> None:
    name = f"almost {header!r}"
    token = made(url, name, "--namespace", "*")
    given = {"Authorization": header.format(token)}

    assert served.get("/api/v1/graph", headers=given).status_code == 401


def test_a_wrong_token_beats_a_right_session(served: Served) -> None:
    """Who shows both means the token: else a leaked page could use the session of its reader."""
    ada = Person(served).sign_in("ada")

    answer = ada.go("/api/v1/graph", headers={"Authorization": "Bearer meshviz_wrong"})

    assert answer.status_code == 401
    assert ada.go("/api/v1/graph").status_code == 200


def test_tokens_are_listed_and_not_told(url: str, tmp_path: Path) -> None:
    token = made(url, "listed", "--namespace", "shop", "--namespace", "ui-*", "--expires", "30d")

    listed = manage(url, "tokens").stdout

    (line,) = (line for line in listed.splitlines() if line.startswith("listed\t"))
    assert line.split("\t")[1:3] == ["viewer", "shop,ui-*"]
    assert token not in listed
    assert token.encode() not in Path(url.removeprefix("sqlite:///")).read_bytes()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["x"], "--namespace"),
        (["x", "--namespace", "*", "--role", "owner"], "invalid choice"),
        (["x", "--namespace", "*", "--expires", "soon"], "no time to expire in"),
        (["x", "--namespace", "*", "--expires", "0d"], "no time to expire in"),
        (["x", "--namespace", 'boo kinfo"'], "no namespace and no pattern"),
        (["x", "--namespace", ""], "no namespace and no pattern"),
        (["", "--namespace", "*"], "name of 1 to"),
        (["robot", "--namespace", "*"], "already"),
    ],
)
def test_what_cannot_be_a_token_is_explained(url: str, words: list[str], reason: str) -> None:
    manage(url, "addtoken", "robot", "--namespace", "*")

    ended = manage(url, "addtoken", *words)

    assert ended.returncode != 0
    assert reason in ended.stderr
    assert "Traceback" not in ended.stderr
