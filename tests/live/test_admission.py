"""Who is let in to the websocket, and what those hear who are not."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websocket import WebSocketBadStatusException

from graph.live.consumers import ASKED_NONSENSE, TRY_LATER
from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until


@pytest.fixture(scope="module")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(prometheus: FaultServer) -> Iterator[Served]:
    origins = "https://mesh.example.com"
    with Served(prometheus.url, interval="1s", extra_origins=origins, max_viewers="60") as server:
        yield server


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("type=pod", "type"),
        ("window=2m", "window"),
        ("namespace=", "namespace"),
        ("namespcae=shop", "namespcae"),
        ("at=5", "at"),
        ("type=app&type=app", "type"),
    ],
)
def test_bad_address_is_explained_before_the_socket_closes(
    served: Served, query: str, parameter: str
) -> None:
    with served.watch(query) as viewer:
        error = viewer.frame()
        code = viewer.close_code()

    assert (error["type"], error["parameter"]) == ("error", parameter)
    assert code == ASKED_NONSENSE


def test_too_many_viewers_are_told_to_come_later(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(served.watch())
        with served.watch() as one_more:
            error = one_more.frame()
            code = one_more.close_code()

    assert (error["parameter"], code) == ("viewers", TRY_LATER)
    assert "MESHVIZ_MAX_VIEWERS" in error["accepted"]
    wait_until(lambda: served.status()["viewers"] == 0, what="the viewers to be gone")
    with served.watch() as viewer:
        viewer.next("snapshot")


def test_too_many_views_are_refused_and_the_old_one_goes_on(prometheus: FaultServer) -> None:
    shop = {"type": "view", "graph_type": "workload", "window": "1m", "namespaces": ["shop"]}
    with (
        Served(prometheus.url, interval="1s", max_views="1") as served,
        served.watch() as viewer,
        served.watch() as companion,
    ):
        companion.next("snapshot")
        with served.watch("type=app") as third:
            assert third.frame()["parameter"] == "views"
            assert third.close_code() == TRY_LATER
        viewer.send(shop)
        assert viewer.next("error")["parameter"] == "views"
        viewer.next("delta")


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        (None, True),
        ("http://127.0.0.1:{port}", True),
        ("https://mesh.example.com", True),
        ("http://127.0.0.1:1", False),
        ("http://localhost:{port}", False),
        ("https://127.0.0.1:{port}", False),
        ("http://evil.example", False),
        ("null", False),
    ],
)
def test_only_pages_of_ours_may_watch(served: Served, origin: str | None, welcome: bool) -> None:
    page = origin.format(port=served.port) if origin else None
    if welcome:
        with served.watch(origin=page) as viewer:
            assert viewer.frame()["type"] == "snapshot"
        return

    with pytest.raises(WebSocketBadStatusException) as caught:
        served.watch(origin=page)

    assert caught.value.status_code == 403
    assert b"MESHVIZ_EXTRA_ORIGINS" in caught.value.resp_body


def test_rebound_name_is_refused(served: Served) -> None:
    evil = f"evil.example:{served.port}"
    with pytest.raises(WebSocketBadStatusException) as caught:
        served.watch(host=evil, origin=f"http://{evil}")

    assert caught.value.status_code == 400


def test_unknown_socket_address_is_not_found(served: Served) -> None:
    with pytest.raises(WebSocketBadStatusException) as caught:
        served.connect("/ws/other", origin=None)

    assert caught.value.status_code == 404
