"""The whole examination of servers that are well, ill or not there."""

import time
from collections.abc import Iterator
from typing import get_args

import pytest

from graph.core.wire import Check, CheckId
from graph.doctor import Habits, diagnose, examine
from graph.sources import open_source
from tests.doctor.conftest import Ward
from tests.faultserver import Fault, FaultServer

HABITS = Habits(window_s=20, windows_s=(20, 60), interval_s=5.0, budget=1.0)


def examined(url: str, habits: Habits = HABITS, timeout_s: float = 10.0) -> dict[str, Check]:
    """Return the checks of the server by their ids."""
    source = open_source(url, timeout_s=timeout_s)
    try:
        return {check["id"]: check for check in examine(source, habits, time.time())}
    finally:
        source.close()


@pytest.fixture(scope="module")
def ill(ward: Ward) -> dict[str, Check]:
    return examined(ward.ill)


def test_a_healthy_prometheus_is_green_in_every_line(ward: Ward) -> None:
    checks = examined(ward.healthy).values()

    assert [(c["id"], c["detail"]) for c in checks if c["state"] != "green"] == []
    assert all(check["advice"] == "" for check in checks)


def test_the_lines_come_in_the_order_of_the_wire(ward: Ward) -> None:
    assert tuple(examined(ward.empty)) == get_args(CheckId)


def test_a_job_at_istios_port_that_is_down_is_noticed_beside_a_healthy_one(ward: Ward) -> None:
    check = examined(ward.half_dead)["proxies"]

    assert check["state"] == "amber"
    assert "No target is up of ztunnels (2 targets)" in check["detail"]
    assert "database" not in check["detail"]


@pytest.mark.parametrize(
    ("id", "state", "words"),
    [
        ("reachability", "green", "answers"),
        ("scrape_interval", "amber", "1 s by job kubernetes-pods, 2 s by job podmonitor"),
        ("metrics", "amber", "duration_buckets (latency quantiles)"),
        ("labels", "amber", "series have cluster: equal names of two clusters become one node"),
        ("proxies", "amber", "their samples are thrown away"),
        ("double_scraping", "amber", "times over (jobs: "),
        ("rules", "red", "istio_requests_total"),
    ],
)
def test_an_ill_prometheus(ill: dict[str, Check], id: str, state: str, words: str) -> None:
    assert ill[id]["state"] == state, ill[id]
    assert words in ill[id]["detail"]
    assert bool(ill[id]["advice"]) == (state != "green")


def test_a_limit_that_lets_nothing_in_is_named(ward: Ward) -> None:
    checks = examined(ward.limited)

    assert checks["metrics"]["state"] == "red"
    assert "sample limit exceeded" in checks["metrics"]["detail"]


def test_without_a_mesh_its_lines_are_skipped(ward: Ward) -> None:
    checks = examined(ward.empty)

    assert checks["metrics"]["state"] == "red"
    states = {checks[id]["state"] for id in ("labels", "proxies", "double_scraping", "clock")}
    assert states == {"skipped"}
    assert checks["cost"]["state"] == checks["rules"]["state"] == "green"


def test_a_window_that_holds_no_two_scrapes_is_red(ward: Ward) -> None:
    habits = Habits(window_s=1, windows_s=(1,), interval_s=5.0, budget=1.0)

    checks = examined(ward.healthy, habits)

    assert checks["scrape_interval"]["state"] == "red"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as made:
        yield made


@pytest.mark.parametrize("fault", ["refuse", "500", "422", "html", "truncated", "slow", "drip"])
def test_what_cannot_be_reached_is_red_and_nothing_else_is_asked(
    server: FaultServer, fault: Fault
) -> None:
    server.fault = fault

    checks = examined(server.url, timeout_s=0.5)

    first, *others = checks.values()
    assert first["state"] == "red"
    assert first["advice"]
    assert {check["state"] for check in others} == {"skipped"}
    assert sum(server.asked.values()) <= 1


def test_a_locked_door_is_not_a_missing_house(server: FaultServer) -> None:
    server.fault = "401"

    checks = examined(server.url)

    states = [check["state"] for check in checks.values()]
    assert states == ["green", "red", *["skipped"] * 9]
    assert "401" in checks["authentication"]["detail"]


def test_a_server_that_breaks_down_half_way_is_told_where(server: FaultServer) -> None:
    source = open_source(server.url, timeout_s=0.5)
    states = {}
    for check in examine(source, HABITS, time.time()):
        states[check["id"]] = check["state"]
        if check["id"] == "version":
            server.fault = "500"
    source.close()

    assert states["reachability"] == states["version"] == "green"
    assert states["metrics"] == states["cost"] == "red"
    assert states["labels"] == "skipped"


def test_a_diagnosis_is_as_bad_as_its_worst_line(ward: Ward, server: FaultServer) -> None:
    worst = {}
    server.fault = "refuse"
    for url in (ward.healthy, ward.ill, server.url):
        source = open_source(url, timeout_s=10)
        worst[url] = diagnose(source, HABITS, time.time())["state"]
        source.close()

    assert worst == {ward.healthy: "green", ward.ill: "red", server.url: "red"}
