"""Health from thresholds, with hysteresis."""

import pytest

from graph.core.health import Success, judge, worst
from graph.core.wire import Health
from tests.make import feed, node_named, request, tcp, view


@pytest.mark.parametrize(
    ("errors", "client_errors", "health"),
    [
        (0.0, 0.0, "healthy"),
        (0.001, 0.0, "degraded"),
        (0.10, 0.0, "failing"),
        (0.0, 0.10, "healthy"),
        (0.0, 0.15, "degraded"),
        (0.0, 0.20, "failing"),
    ],
)
def test_thresholds(errors: float, client_errors: float, health: Health) -> None:
    assert judge(Success(1.0, errors, client_errors)) == health


def test_no_requests_is_idle_not_healthy() -> None:
    assert judge(Success(0.0, None, None)) == "idle"


def test_getting_better_takes_more_than_touching_the_line() -> None:
    on_the_line = Success(10.0, 0.095, 0.0)

    assert judge(on_the_line) == "degraded"
    assert judge(on_the_line, before="failing") == "failing"
    assert judge(Success(10.0, 0.08, 0.0), before="failing") == "degraded"


def test_worst_of_several() -> None:
    assert worst("healthy", "failing", "idle") == "failing"
    assert worst() == "unknown"


def test_a_node_is_judged_by_what_it_answers_not_by_what_it_calls() -> None:
    made = view(
        feed(
            requests=[
                request(10),
                request(10, source="reviews-v1", target="ratings-v1", response_code="500"),
            ]
        )
    )

    assert node_named(made, "ratings-v1")["health"] == "failing"
    assert node_named(made, "reviews-v1")["health"] == "healthy"


def test_an_entry_point_is_judged_by_what_it_gets() -> None:
    made = view(feed(requests=[request(10, source="istio-ingressgateway", response_code="503")]))

    assert node_named(made, "istio-ingressgateway")["health"] == "failing"


def test_tcp_alone_says_nothing_about_health() -> None:
    made = view(feed(tcp_sent=[tcp(100, target="mysql-v1")]))

    assert node_named(made, "mysql-v1")["health"] == "unknown"
