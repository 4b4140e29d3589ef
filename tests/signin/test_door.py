"""Who may watch, and until when."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from websocket import WebSocket, WebSocketBadStatusException

from graph.live.consumers import TRY_LATER
from tests.served import PATIENCE_S, Served, Watcher
from tests.signin.people import PASSWORD, RECORDING, Person, manage, populate, signing_in
from tests.stack import wait_until

NOT_SIGNED_IN = 4401


def watch(served: Served, key: str | None, origin: str | None = None) -> Watcher:
    socket = WebSocket()
    socket.settimeout(PATIENCE_S)
    cookie = None if key is None else f"other=1; meshviz_session={key}"
    url = f"ws://127.0.0.1:{served.port}/ws/graph?type=app"
    socket.connect(url, cookie=cookie, origin=origin, suppress_origin=origin is None)
    return Watcher(socket)


def is_let_in(served: Served, key: str | None) -> bool:
    with watch(served, key) as watcher:
        opcode, data = watcher.socket.recv_data()
        if opcode == 8:
            assert int.from_bytes(data[:2], "big") == NOT_SIGNED_IN
        else:
            assert b'"snapshot"' in data
        return bool(opcode != 8)


@pytest.mark.parametrize("key", [None, "", "x" * 32, "'; DROP TABLE x", "\\073"])
def test_nobody_else_sees_a_frame(served: Served, key: str | None) -> None:
    assert not is_let_in(served, key)


def test_who_is_signed_in_watches(served: Served) -> None:
    key = Person(served).sign_in("ada").session_key()

    with watch(served, key) as watcher:
        assert watcher.next("snapshot")["graph_type"] == "app"


def test_origin_is_looked_at_first(served: Served) -> None:
    key = Person(served).sign_in("ada").session_key()

    with pytest.raises(WebSocketBadStatusException) as refused:
        watch(served, key, "https://evil.example")
    assert refused.value.status_code == 403


def test_signing_out_ends_all_tabs_of_the_session_and_no_other(served: Served) -> None:
    one, other = (Person(served).sign_in("ada") for _ in range(2))
    key = one.session_key()
    with (
        watch(served, key) as tab,
        watch(served, key) as twin,
        watch(served, other.session_key()) as elsewhere,
    ):
        for each in (tab, twin, elsewhere):
            each.next("snapshot")
        one.write("post", "/logout")

        assert (tab.close_code(), twin.close_code()) == (NOT_SIGNED_IN, NOT_SIGNED_IN)
        elsewhere.send({"type": "resync"})
        elsewhere.next("snapshot")
    assert not is_let_in(served, key)


@pytest.fixture
def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server that looks after its sessions all the time."""
    url = f"sqlite:///{tmp_path}/mesh.sqlite3"
    populate(url, "ada")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.hasty")
    with Served(RECORDING, **signing_in(url)) as served:
        yield served


def test_watching_ends_with_the_password_that_let_in(hasty: Served, tmp_path: Path) -> None:
    key = Person(hasty).sign_in("ada").session_key()
    with watch(hasty, key) as tab:
        tab.next("snapshot")
        url = f"sqlite:///{tmp_path}/mesh.sqlite3"
        assert manage(url, "adduser", "ada", typed=f"{PASSWORD}\n").returncode == 0

        assert tab.close_code() == NOT_SIGNED_IN


def test_broken_database_lets_nobody_in_and_throws_nobody_out(
    hasty: Served, tmp_path: Path
) -> None:
    person = Person(hasty).sign_in("ada")
    key = person.session_key()
    with watch(hasty, key) as tab:
        tab.next("snapshot")
        with sqlite3.connect(tmp_path / "mesh.sqlite3") as connection:
            connection.execute("ALTER TABLE django_session RENAME TO elsewhere")
        wait_until(lambda: "sessions cannot be looked up" in hasty.log, what="a look")

        tab.send({"type": "resync"})
        tab.next("snapshot")
        with watch(hasty, key) as late:
            assert late.close_code() == TRY_LATER
        answer = person.go("/api/v1/graph")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_database")
        assert person.go("/").status_code == 503
        form = Person(hasty).submit("ada", PASSWORD)
        assert form.status_code == 503
        assert "does not answer" in form.text
        with sqlite3.connect(tmp_path / "mesh.sqlite3") as connection:
            connection.execute("ALTER TABLE elsewhere RENAME TO django_session")
        assert person.go("/api/v1/graph").status_code == 200
