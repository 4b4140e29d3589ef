"""Nobody takes more of Prometheus' time than they are granted, however they ask."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.live.purse import Purse, TooCostly
from tests.attack.conftest import SETTINGS
from tests.attack.raw import frames_go_on, turned_away
from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until

LATE_S = 0.2  # what every question takes in these tests


@pytest.fixture(scope="module")
def slow() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def thrifty(slow: FaultServer) -> Iterator[Served]:
    slow.fault = "none"
    settings = SETTINGS | {"query_seconds": "8", "query_seconds_per_user": "4"}
    with Served(slow.url, **settings) as server:
        wait_until(lambda: server.graph()["edges"] != [], what="a graph")
        slow.late_s, slow.fault = LATE_S, "late"
        yield server
    slow.fault = "none"


def moments(count: int) -> list[str]:
    """Return questions about as many moments of the past, none of them asked before."""
    now = time.time()
    return [f"/api/v1/graph?at={now - 1000 - number * 7:.3f}" for number in range(count)]


KINDS = {
    "moments": lambda number: moments(number + 1)[-1],
    "charts": lambda number: f"/api/v1/history?range=5m&end={time.time() - 600 - 60 * number:.0f}",
}


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_too_much_has_to_wait(thrifty: Served, slow: FaultServer, kind: str) -> None:
    said: Counter[int] = Counter()
    before = len(slow.queries)
    for number in range(40):
        answer = thrifty.get(KINDS[kind](number))
        said[answer.status_code] += 1
        if answer.status_code == 429:
            break

    error = answer.json()["error"]
    assert answer.status_code == 429, said
    assert error["code"] == "too_costly"
    assert int(answer.headers["Retry-After"]) >= 1
    assert turned_away(thrifty, "too_costly") == 1
    assert sum(said.values()) < 25
    assert len(slow.queries) > before
    # What costs nothing is still there for all.
    assert thrifty.get("/api/v1/graph").status_code == 200
    assert thrifty.get("/api/v1/status").status_code == 200
    frames_go_on(thrifty)


def test_asking_all_at_once_gets_no_more(thrifty: Served, slow: FaultServer) -> None:
    with ThreadPoolExecutor(40) as crowd:
        answers = list(crowd.map(thrifty.get, moments(80)))

    said = Counter(answer.status_code for answer in answers)
    assert said[429] > 30
    assert set(said) <= {200, 429, 503}
    assert said[200] < 20


def test_same_question_again_costs_nothing(thrifty: Served) -> None:
    (path,) = moments(1)

    assert {thrifty.get(path).status_code for _ in range(60)} == {200}


def test_everybody_together_is_limited_too() -> None:
    now = [0.0]
    purse = Purse(10, 15, clock=lambda: now[0])

    purse.take("ada", 9)
    purse.take("ben", 7)
    with pytest.raises(TooCostly) as caught:
        purse.check("cai")
    assert "everybody" in str(caught.value)

    now[0] = 5.0
    purse.check("cai")
    purse.check("ada")


def test_purse_is_refilled_steadily_and_overdrawn_by_a_minute_at_most() -> None:
    now = [0.0]
    purse = Purse(60, 100_000, clock=lambda: now[0])

    purse.take("ada", 10_000)
    with pytest.raises(TooCostly) as caught:
        purse.check("ada")
    assert caught.value.wait_s == 60
    purse.check("ben")

    now[0] = 61.0
    purse.check("ada")


def test_person_clicking_fast_never_meets_the_limit(served: Served) -> None:
    graph = served.graph()
    for node in graph["nodes"] * 3:
        for path in ("history", "queries", "distribution"):
            answer = served.get(f"/api/v1/{path}?node={node['id']}")
            assert answer.status_code == 200, answer.text
    assert served.get("/api/v1/doctor").status_code == 200
