"""Flags in company, codes beside them, and protocols by other names."""

import pytest

from graph.core import outcomes
from graph.core.identity import parse_protocol
from graph.core.outcomes import Outcome
from tests.make import feed, only_edge, request


@pytest.mark.parametrize("flags", ["DC", "UT,DC", "DC,UT"])
def test_a_flag_is_seen_among_others(flags: str) -> None:
    assert outcomes.has_flag(Outcome("200", "", flags), "DC")
    assert not outcomes.has_flag(Outcome("200", "", flags), "D")


@pytest.mark.parametrize(("code", "flags"), [("0", "-"), ("0", "DC"), ("499", "DC")])
def test_a_request_is_abandoned_without_code_or_with_the_flag(code: str, flags: str) -> None:
    edge = only_edge(
        feed(
            requests=[
                request(10, reporter="source"),
                request(8),
                request(2, response_code=code, response_flags=flags),
            ]
        )
    )

    assert edge["gap"] is not None
    assert edge["gap"]["abandoned_rps"] == 2


@pytest.mark.parametrize(
    ("seen", "retried"),
    # Chance explains 3 * sqrt(seen / (2 * 60 s)); 4 % of many is more than that.
    [(10.9, 0), (11.0, 1), (1040.0, 0), (1050.0, 50)],
)
def test_retries_are_what_chance_does_not_explain(seen: float, retried: float) -> None:
    sent = 10.0 if seen < 100 else 1000.0
    edge = only_edge(feed(requests=[request(sent, reporter="source"), request(seen)]))

    assert edge["gap"] is not None
    assert edge["gap"]["retried_rps"] == retried


def test_zeros_of_an_old_circuit_breaker_leave_the_edge_to_the_server() -> None:
    edge = only_edge(
        feed(
            requests=[
                request(9),
                request(9, reporter="source"),
                request(0, reporter="source", response_code="503", response_flags="UO"),
            ]
        )
    )

    assert edge["reporter"] == "destination"


@pytest.mark.parametrize(
    ("value", "protocol"),
    [
        ("http", "http"),
        ("HTTP/1.1", "http"),
        ("https", "http"),
        ("grpc", "grpc"),
        ("GRPC", "grpc"),
        ("tcp", "tcp"),
        ("mongo", "tcp"),
        ("mysql", "tcp"),
        ("redis", "tcp"),
        ("tls", "tcp"),
        ("", "http"),
    ],
)
def test_protocols_by_the_names_that_proxies_give_them(value: str, protocol: str) -> None:
    assert parse_protocol({"request_protocol": value}) == protocol
    assert parse_protocol({}, "tcp") == "tcp"
