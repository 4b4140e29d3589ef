"""Crowds that want nothing: who wants something is served meanwhile."""

import contextlib
import resource
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from websocket import WebSocketBadStatusException

from meshviz import turnstile
from tests.attack.conftest import SETTINGS
from tests.attack.frames import shake_hands
from tests.attack.raw import dial, frames_go_on, heard, is_over, memory_mb, metric, turned_away
from tests.faultserver import FaultServer
from tests.served import Served
from tests.signin.people import Person
from tests.stack import wait_until

pytestmark = pytest.mark.alone

VIEWERS = 50
PLACES = VIEWERS + 512  # meshviz.lobby
OF_ADDRESS = PLACES - 256
FLOOD = 900


@pytest.fixture(scope="module", autouse=True)
def files() -> Iterator[None]:
    """Let this process have as many connections as it attacks with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def small(prometheus: FaultServer) -> Iterator[Served]:
    with Served(prometheus.url, **SETTINGS, max_viewers=str(VIEWERS)) as server:
        yield server


def test_idle_connections_make_room_for_who_asks(small: Served) -> None:
    before = memory_mb(small)
    with ExitStack() as stack, small.watch() as viewer:
        viewer.next("snapshot")
        idle = [stack.enter_context(dial(small)) for _ in range(FLOOD)]
        frames_go_on(small)
        for _ in range(20):
            assert small.get("/api/v1/graph").status_code == 200
        viewer.next("delta")

        wait_until(
            lambda: sum(map(is_over, idle)) >= FLOOD - OF_ADDRESS, what="the oldest to be gone"
        )
        assert not is_over(idle[-1])
        assert turned_away(small, "crowd") >= FLOOD - OF_ADDRESS
        assert memory_mb(small) - before < 30


def test_handshakes_without_end_take_no_more_than_the_viewers_places(small: Served) -> None:
    with ExitStack() as stack:
        for _ in range(VIEWERS + 20):
            stack.enter_context(shake_hands(small))
        assert small.status()["viewers"] == VIEWERS
        assert metric(small, 'meshviz_refused_total{cap="viewers"}') == 20
        assert small.get("/api/v1/graph").status_code == 200


def test_one_user_leaves_places_for_others(prometheus: FaultServer) -> None:
    with (
        Served(prometheus.url, **SETTINGS, max_viewers_per_user="3") as served,
        ExitStack() as stack,
    ):
        for _ in range(3):
            stack.enter_context(served.watch()).next("snapshot")
        with served.watch() as one_more:
            error = one_more.frame()
            assert one_more.close_code() == 1013
        assert "MESHVIZ_MAX_VIEWERS_PER_USER" in error["accepted"]


def test_one_user_leaves_pictures_for_others(prometheus: FaultServer) -> None:
    with Served(prometheus.url, **SETTINGS, max_views_per_user="2") as served, ExitStack() as stack:
        for kind in ("app", "service"):
            stack.enter_context(served.watch(f"type={kind}")).next("snapshot")
        with served.watch("type=namespace") as one_more:
            error = one_more.frame()
            assert one_more.close_code() == 1013
        assert "MESHVIZ_MAX_VIEWS_PER_USER" in error["accepted"]
        # What is open already costs nothing more.
        with served.watch("type=app") as companion:
            companion.next("snapshot")


def test_flood_of_requests_takes_few_threads_and_is_told_to_wait(
    prometheus: FaultServer,
) -> None:
    said: Counter[int] = Counter()
    threads = 0

    with Served(prometheus.url, **SETTINGS) as served:

        def ask(number: int) -> int:
            with contextlib.suppress(OSError):
                return served.get(f"/api/v1/doctor?x={number % 2}").status_code
            return 0

        done = threading.Event()

        def look() -> None:
            nonlocal threads
            while not done.wait(0.2):
                threads = max(threads, int(metric(served, "meshviz_threads")))

        looking = threading.Thread(target=look)
        looking.start()
        with served.watch() as viewer, ThreadPoolExecutor(200) as crowd:
            viewer.next("snapshot")
            said.update(crowd.map(ask, range(700)))
            viewer.next("delta", "status")
        done.set()
        looking.join()

    assert set(said) <= {200, 400, 503}
    assert said[400] > 0
    assert 0 < threads < turnstile.AT_ONCE + 60


def test_unknown_visitors_do_not_take_the_sockets_of_who_is_signed_in(signed: Served) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(shake_hands(signed))
        ada = Person(signed).sign_in("ada")
        assert ada.go("/api/v1/graph").status_code == 200


def test_flood_of_nonsense_does_not_fill_the_log(prometheus: FaultServer) -> None:
    with Served(prometheus.url, **SETTINGS) as served:
        before = len(served.log.splitlines())
        for _ in range(100):
            heard(served, b"no HTTP at all\r\n\r\n")
            with pytest.raises(WebSocketBadStatusException):
                served.watch(origin="http://evil.example")

        assert len(served.log.splitlines()) - before < 6
        assert turned_away(served, "malformed") >= 100
