"""Asking keeps to its share of the time, and nobody waits longer than that takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.cadence import period_s, planned, share_of, usual_s

TIMES = st.floats(0.0, 120.0)
SHARES = st.floats(0.01, 1.0, allow_subnormal=False)
INTERVALS = st.sampled_from([1.0, 5.0, 15.0])


@pytest.mark.parametrize(
    ("fast_s", "slow_s", "expected"),
    [
        (0.0, 0.0, (5.0, 5.0)),
        (0.5, 0.5, (5.0, 5.0)),
        (1.25, 1.25, (5.0, 5.0)),
        (0.5, 1.25, (5.0, 5.0)),
        # The 0.1 s on top take 2 % of the time, not half of it.
        (0.9, 1.0, (5.0, 5.0)),
        # 0.4 s of 5 s are 8 %; the 1.8 s on top have the other 17 %, which is every 10.6 s.
        (0.4, 2.2, (5.0, 15.0)),
        # Just under a deadline of 29 s, both at once.
        (29.0, 29.0, (116.0, 116.0)),
        # Both need more than half: each gets half of the share.
        (5.0, 30.0, (40.0, 200.0)),
        (2.0, 2.0 + 1e-15, (8.0, 8.0)),
    ],
    ids=[
        "free",
        "cheap",
        "at-the-share",
        "fits",
        "hardly-slower",
        "slow-lane",
        "deadline",
        "both",
        "a-hair",
    ],
)
def test_ticks_stretch_instead_of_piling_up(
    fast_s: float, slow_s: float, expected: tuple[float, float]
) -> None:
    assert planned(5.0, fast_s, slow_s, 0.25) == pytest.approx(expected)


@given(INTERVALS, TIMES, TIMES, SHARES)
def test_asking_never_takes_more_than_its_share(
    interval_s: float, fast_took_s: float, slow_took_s: float, share: float
) -> None:
    fast_s, slow_s = planned(interval_s, fast_took_s, slow_took_s, share)

    asking = fast_took_s / fast_s + max(0.0, slow_took_s - fast_took_s) / slow_s
    assert asking <= share * 1.00001
    assert fast_s >= interval_s
    assert slow_s / fast_s == pytest.approx(round(slow_s / fast_s))


@given(INTERVALS, TIMES, TIMES, SHARES)
def test_neither_lane_starves_the_other(
    interval_s: float, fast_took_s: float, slow_took_s: float, share: float
) -> None:
    fast_s, slow_s = planned(interval_s, fast_took_s, slow_took_s, share)

    more_s = max(0.0, slow_took_s - fast_took_s)
    assert fast_s <= period_s(interval_s, fast_took_s, share / 2) * 1.00001
    assert slow_s <= (period_s(interval_s, more_s, share / 2) + fast_s) * 1.00001


@given(st.lists(TIMES, min_size=1, max_size=8), SHARES)
def test_windows_together_keep_to_the_budget(took_s: list[float], budget: float) -> None:
    share = share_of(budget, len(took_s))
    busy = sum(each / planned(5.0, each, each, share).fast_s for each in took_s)
    assert busy <= budget * 1.00001


@given(st.lists(st.floats(0.05, 20.0), min_size=20, max_size=60), st.sampled_from([0.1, 0.25, 0.5]))
def test_the_share_is_kept_in_the_long_run_though_single_ticks_may_exceed_it(
    took_s: list[float], share: float
) -> None:
    usually_s = wall_s = 0.0
    for took in took_s:
        usually_s = usual_s(usually_s, took)
        wall_s += max(took, planned(1.0, usually_s, usually_s, share).fast_s)

    # What the last ticks took is paid for by those that follow.
    assert sum(took_s) <= share * wall_s + 4 * max(took_s)


def test_what_stays_slow_is_soon_known_to_be() -> None:
    usually_s = usual_s(0.0, 0.2)
    assert usually_s == 0.2
    for _ in range(8):
        usually_s = usual_s(usually_s, 8.0)
    assert 7.0 < usually_s < 8.0


def test_no_window_at_all_has_the_whole_budget() -> None:
    assert share_of(0.25, 0) == 0.25
