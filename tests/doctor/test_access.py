"""Reachability, authentication and version, in every colour."""

import pytest

from graph.doctor import access
from graph.sources import Denied, Garbled, SourceError, TooSlow, Unavailable
from graph.sources.access import NOT_VERIFIED
from tests.doctor.papers import facts

DENIED = Denied("Prometheus refused access (HTTP 401).", "It wants credentials.")


@pytest.mark.parametrize(
    ("answer", "colour"),
    [
        (0.02, "green"),
        (4.0, "amber"),
        (DENIED, "green"),
        (Unavailable("connection refused", "start it"), "red"),
        (TooSlow("no answer", "wait"), "red"),
        (Garbled("a login page", "look"), "red"),
    ],
    ids=["quick", "slow", "denied", "refused", "timeout", "html"],
)
def test_reachability(answer: float | SourceError, colour: str) -> None:
    found = access.judge_reachability(answer, "http://prometheus:9090")

    assert found.state == colour
    assert bool(found.advice) == (colour != "green")


def test_a_refused_entry_is_a_matter_of_authentication() -> None:
    found = access.judge_authentication(DENIED, facts())

    assert (found.state, found.detail, found.advice) == ("red", DENIED.detail, DENIED.advice)


def test_an_unsafe_way_in_is_said() -> None:
    found = access.judge_authentication(0.1, facts(warnings=[NOT_VERIFIED]))

    assert found.state == "amber"
    assert "is not verified" in found.detail


def test_how_proxies_are_scraped_is_no_matter_of_authentication() -> None:
    found = access.judge_authentication(0.1, facts(warnings=["Proxies are scraped twice."]))

    assert (found.state, found.detail) == ("green", "Queries are allowed.")


def test_an_open_door_is_good() -> None:
    assert access.judge_authentication(0.1, facts()).state == "green"


@pytest.mark.parametrize(
    ("flavor", "version", "colour"),
    [
        ("Prometheus", "2.42.0+ds", "green"),
        (None, "3.1.0", "green"),
        ("Thanos", "0.34.1", "green"),
        ("Prometheus", "2.41.9", "amber"),
        ("Prometheus", None, "amber"),
        (None, None, "amber"),
        ("Prometheus", "", "amber"),
        ("Prometheus", "main", "green"),
    ],
)
def test_version(flavor: str | None, version: str | None, colour: str) -> None:
    found = access.judge_version(facts(flavor=flavor, version=version))

    assert found.state == colour
    assert (version or "does not tell") in found.detail
