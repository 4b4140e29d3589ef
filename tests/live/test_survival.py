"""Hard times of a server that polls by itself, with real processes and against the truth.

Whatever happens: an old number is never shown as a fresh one, and two ticks after it is over the
numbers are right again.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.demo.prometheus import free_port
from tests.faultserver import Fault, FaultServer
from tests.live.observer import Observer, check
from tests.served import Served
from tests.stack import PrometheusServer, Simulator, wait_until

pytestmark = [pytest.mark.prometheus, pytest.mark.alone]

WINDOW_S = 20
SETTINGS = {
    "windows": f"{WINDOW_S}s",
    "window": f"{WINDOW_S}s",
    "interval": "1s",
    "query_timeout": "2s",
    "query_budget": "1",
}
# What is drawn stays while chance explains a change (ADR 7): six deviations of what a window holds,
# in the terms of `check_rates`, which allows four for each unseen second.
UNSEEN_S = 2.25 * WINDOW_S

# The same for a quarter of the window, which is looked at while there is a gap: chance is twice as
# large there, and what is drawn stays within as much of it again.
UNSEEN_PART_S = 12 * WINDOW_S


@pytest.fixture(scope="module")
def mesh() -> Iterator[Simulator]:
    with Simulator("steady", load=4.0) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def prometheus(
    mesh: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrometheusServer]:
    with PrometheusServer(mesh, tmp_path_factory.mktemp("survival")) as server:
        server.wait_for_samples(WINDOW_S + 2)
        yield server


@pytest.fixture(scope="module")
def proxy(prometheus: PrometheusServer) -> Iterator[FaultServer]:
    with FaultServer(prometheus.url) as server:
        yield server


@pytest.fixture(scope="module")
def served(proxy: FaultServer) -> Iterator[Served]:
    with Served(proxy.url, **SETTINGS) as server:
        wait_until(lambda: bool(server.graph()["edges"]), what="a graph")
        yield server


def ticks_until_right(proxy: FaultServer, observer: Observer, over: float) -> int:
    """Return how many times the fast lane was asked until new numbers were on the screen."""
    before = proxy.ticks
    observer.wait_for("ok", after=over)
    return proxy.ticks - before


def asked_for_pictures(proxy: FaultServer, observer: Observer, count: int) -> int:
    """Return how many times the fast lane was asked for so many new pictures."""
    began, before = time.time(), proxy.ticks
    wait_until(
        lambda: len({one.at for one in list(observer.seen) if one.moment > began}) >= count,
        what=f"{count} pictures",
    )
    return proxy.ticks - before


FAULTS: list[tuple[Fault, str]] = [
    ("500", "unreachable"),
    ("html", "garbled"),
    ("truncated", "unreachable"),
    ("slow", "timeout"),
    ("drip", "timeout"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=[fault for fault, _ in FAULTS])
def test_source_that_fails_never_makes_old_numbers_fresh(
    mesh: Simulator, proxy: FaultServer, served: Served, fault: Fault, reason: str
) -> None:
    with Observer(served) as observer:
        observer.wait_for("ok")
        began = time.time()
        proxy.fault = fault
        try:
            observer.wait_for("stale", reason, after=began)
            time.sleep(2)
        finally:
            proxy.fault = "none"
        ticks = ticks_until_right(proxy, observer, time.time())
        time.sleep(1)

    assert check(observer.seen, mesh, WINDOW_S, unseen_s=UNSEEN_S) >= 2
    # The one in flight, and two more.
    assert ticks <= 3
    assert observer.connections == 1


def test_answers_just_before_the_deadline_are_shown_with_their_age(
    mesh: Simulator, proxy: FaultServer, served: Served
) -> None:
    with Observer(served) as observer:
        observer.wait_for("ok")
        proxy.late_s, proxy.fault = 1.6, "late"
        began = time.time()
        try:
            wait_until(
                lambda: len({s.at for s in observer.seen if s.moment > began + 4}) >= 2,
                what="ticks that are slow",
            )
        finally:
            proxy.fault = "none"
        slow = [sight for sight in observer.seen if sight.moment > began]

    assert {sight.source["state"] for sight in slow} == {"ok"}
    assert max(sight.source["age_s"] for sight in slow) > 1.6
    check(observer.seen, mesh, WINDOW_S, unseen_s=UNSEEN_S)


def test_answers_just_after_the_deadline_are_none(
    mesh: Simulator, proxy: FaultServer, served: Served
) -> None:
    with Observer(served) as observer:
        observer.wait_for("ok")
        proxy.late_s, proxy.fault = 2.4, "late"
        try:
            observer.wait_for("stale", "timeout", after=time.time())
        finally:
            proxy.fault = "none"
        ticks = ticks_until_right(proxy, observer, time.time())

    check(observer.seen, mesh, WINDOW_S, unseen_s=UNSEEN_S)
    assert ticks <= 3


def test_killed_server_is_right_again_for_those_who_come_back(
    mesh: Simulator, proxy: FaultServer
) -> None:
    port = str(free_port())
    with Served(proxy.url, port=port, **SETTINGS) as served, Observer(served) as observer:
        observer.wait_for("ok")
        served.process.kill()
        with Served(proxy.url, port=port, **SETTINGS):
            ticks = ticks_until_right(proxy, observer, time.time())
            time.sleep(1)

    epochs = check(observer.seen, mesh, WINDOW_S, unseen_s=UNSEEN_S)
    assert epochs >= 2
    assert observer.connections >= 2
    assert ticks <= 3


@pytest.mark.parametrize("step_s", [3600, -3600])
def test_clock_that_is_set_changes_no_age_and_no_pace(
    mesh: Simulator, proxy: FaultServer, tmp_path: Path, step_s: int
) -> None:
    offset = tmp_path / "offset"
    offset.write_text("0")
    command = [sys.executable, "-m", "tests.stepped", str(offset)]
    with (
        Served(proxy.url, command=command, **SETTINGS) as served,
        Observer(served) as observer,
    ):
        observer.wait_for("ok")
        asked_before = asked_for_pictures(proxy, observer, 5)
        offset.write_text(str(step_s))
        stepped = time.time()
        asked = asked_for_pictures(proxy, observer, 5)
        slow = [sight.source["slow_age_s"] for sight in observer.seen if sight.moment > stepped]

    assert check(observer.seen, mesh, WINDOW_S, unseen_s=UNSEEN_S) >= 5
    # No storm, and no lane that waits for an hour.
    assert asked <= 1.5 * asked_before + 3
    assert all(age is not None and 0 <= age < 15 for age in slow)


# Last, as windows hold the gap in the scrapes for a while.
def test_prometheus_that_crashed_and_came_back_is_believed_again(
    mesh: Simulator, prometheus: PrometheusServer, proxy: FaultServer, served: Served
) -> None:
    with Observer(served) as observer:
        observer.wait_for("ok")
        prometheus.kill()
        observer.wait_for("stale", "unreachable", after=time.time())
        prometheus.restart()
        over, before = time.time(), proxy.ticks
        observer.wait_for("ok", after=over)
        ticks = proxy.ticks - before
        time.sleep(2)

    # While the gap makes numbers too low, that is said; what is not excused in this way is right.
    check(observer.seen, mesh, WINDOW_S, unseen_s=UNSEEN_PART_S)
    # Sooner than the window is whole again, which takes as many ticks as it has seconds.
    assert ticks < WINDOW_S
