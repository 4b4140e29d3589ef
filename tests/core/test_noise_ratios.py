"""Ratios: how much of a change chance explains depends on the requests behind them."""

import pytest

from graph.core.noise import is_noise


@pytest.mark.parametrize(
    ("old", "new", "requests", "noise"),
    [
        # Three deviations of the difference of two shares: 3 * sqrt(2 * 0.2 * 0.8 / n).
        (0.2, 0.2 + 0.053, 1000, True),
        (0.2, 0.2 + 0.054, 1000, False),
        (0.2, 0.2 - 0.053, 1000, True),
        (0.5, 0.5 + 0.021, 10_000, True),
        (0.5, 0.5 + 0.022, 10_000, False),
        (0.9, 0.9 + 0.012, 10_000, True),
        (0.9, 0.9 + 0.014, 10_000, False),
        # Never closer than half a percent, and no farther when nobody counted.
        (0.2, 0.2049, 10**9, True),
        (0.2, 0.2051, 10**9, False),
        (0.2, 0.2049, None, True),
        (0.2, 0.2051, None, False),
    ],
)
def test_bands_of_ratios(old: float, new: float, requests: float | None, noise: bool) -> None:
    assert is_noise("error_ratio", old, new, requests) is noise
