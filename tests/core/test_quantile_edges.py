"""Quantiles at the ends of the scale, and shares of few connections."""

import numpy as np

from graph.core.latency import quantiles
from tests.make import feed, only_edge, tcp


def test_what_lies_beyond_the_last_bound_is_that_bound() -> None:
    bounds = np.array([5.0, 10.0, np.inf])

    assert quantiles(bounds, np.array([[0.0, 0.0, 10.0]])).tolist() == [[10.0] * 4]


def test_without_an_infinite_bound_the_last_one_is_the_end() -> None:
    found = quantiles(np.array([5.0, 10.0]), np.array([[0.0, 10.0]]))

    assert found.tolist() == [[7.5, 9.5, 9.75, 9.95]]


def test_a_first_bound_below_zero_is_where_its_bucket_lies() -> None:
    bounds = np.array([-5.0, 10.0, np.inf])

    assert quantiles(bounds, np.array([[10.0, 10.0, 10.0]])).tolist() == [[-5.0] * 4]


def test_nothing_measured_has_no_quantiles() -> None:
    assert np.isnan(quantiles(np.array([5.0, np.inf]), np.zeros((1, 2)))).all()
    assert np.isnan(quantiles(np.array([np.inf]), np.ones((1, 1)))).all()


def test_few_connections_have_a_share_of_failures_too() -> None:
    state = feed(
        tcp_closed=[tcp(0.1, response_flags="UF"), tcp(0.3, response_flags="-")],
        tcp_sent=[tcp(100)],
    )

    assert only_edge(state)["error_ratio"] == 0.25
