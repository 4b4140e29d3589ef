"""What counts as news, and what chance explains."""

import random

import pytest

from graph.core.noise import is_noise, is_noise_between_means
from tests.make import feed, request, view

WINDOW_S = 60


@pytest.mark.parametrize(
    ("name", "old", "new", "requests", "noise"),
    [
        ("rps", 100.0, 103.0, 6000, True),
        ("rps", 100.0, 107.0, 6000, False),
        ("rps", 1.0, 1.3, 60, True),
        ("rps", 1.0, 1.6, 60, False),
        ("p99", 100.0, 140.0, 60, True),
        ("p50", 100.0, 140.0, 6000, False),
        ("error_ratio", 0.30, 0.302, 100_000, True),
        ("error_ratio", 0.01, 0.03, 100_000, False),
        ("sent_bps", 1000.0, 1100.0, None, True),
        ("sent_bps", 1000.0, 1300.0, None, False),
        ("rps", 0.0, 0.01, 60, False),
        ("rps", 0.01, 0.0, 60, False),
        ("rps", 1.1, 1.0, 60, True),
        ("at", 1.0, 1.1, None, False),
    ],
)
def test_bands(name: str, old: float, new: float, requests: float | None, noise: bool) -> None:
    assert is_noise(name, old, new, requests) is noise


@pytest.mark.parametrize("name", ["rps", "avg", "p90", "sent_bps"])
def test_three_times_and_a_third_are_news_however_few_the_requests(name: str) -> None:
    few = 1

    assert is_noise(name, 100.0, 299.0, few)
    assert not is_noise(name, 100.0, 301.0, few)
    assert is_noise(name, 100.0, 34.0, few)
    assert not is_noise(name, 100.0, 33.0, few)


@pytest.mark.parametrize(
    "name", ["p95", "p99", "connections_per_s", "connections_closed_per_s", "outcome_rps"]
)
def test_ten_times_and_a_tenth_are_news_even_of_the_rarest(name: str) -> None:
    hardly_any = 0.1

    assert is_noise(name, 100.0, 999.0, hardly_any)
    assert not is_noise(name, 100.0, 1001.0, hardly_any)
    assert is_noise(name, 100.0, 11.0, hardly_any)
    assert not is_noise(name, 100.0, 9.0, hardly_any)


@pytest.mark.parametrize(
    ("old", "new", "requests", "noise"),
    [
        (1.0, 5.1, 1, True),  # 3 * 1.4 deviations of a single request
        (1.0, 5.3, 1, False),
        (1.0, 9.9, 0.1, True),  # and ten times at most
        (1.0, 10.1, 0.1, False),
        (1.0, 1.41, 100, True),
        (1.0, 1.43, 100, False),
        (0.0, 1.0, 1, False),
    ],
)
def test_rare_outcomes_are_told_apart_as_far_as_their_number_allows(
    old: float, new: float, requests: float, noise: bool
) -> None:
    assert is_noise("outcome_rps", old, new, requests) is noise


@pytest.mark.parametrize(
    ("new", "mean", "requests", "noise"),
    [
        (2.0 + 29.9, 100.0, 100, True),  # three deviations of a hundredth of the mean per request
        (2.0 + 30.1, 100.0, 100, False),
        (2.0 - 29.9, 100.0, 100, True),
        (2.0 - 30.1, 100.0, 100, False),
        (2.0 + 1.9, 100.0, 10**9, True),  # never closer than a fiftieth of the mean
        (2.0 + 2.1, 100.0, 10**9, False),
        (2.1, None, 100, False),
        (2.1, 100.0, None, False),
        (2.0, None, None, True),
    ],
)
def test_difference_of_means_is_as_uncertain_as_they_are(
    new: float, mean: float | None, requests: float | None, noise: bool
) -> None:
    assert is_noise_between_means(2.0, new, mean, requests) is noise


def test_fields_without_a_band_are_always_news() -> None:
    assert not is_noise("at", 1.0, 1.000001, requests=10)


def test_steady_random_traffic_is_nearly_silent_and_a_real_change_is_not() -> None:
    chance = random.Random(7)

    def counted(rps: float) -> float:
        return sum(chance.random() < rps / 1000 for _ in range(1000 * WINDOW_S)) / WINDOW_S

    first = counted(5.0)
    steady = [is_noise("rps", first, counted(5.0), first * WINDOW_S) for _ in range(60)]
    halved = [is_noise("rps", first, counted(2.5), first * WINDOW_S) for _ in range(20)]

    assert sum(steady) >= 55
    assert not any(halved)


def test_the_size_of_a_band_follows_the_window() -> None:
    from graph.core.frame import settle

    before = view(feed(requests=[request(1.0)])).picture
    after = view(feed(requests=[request(1.3)])).picture

    assert settle(before, after, 60).edges == before.edges
    assert settle(before, after, 3600).edges == after.edges
