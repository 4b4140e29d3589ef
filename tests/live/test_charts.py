"""How finely a chart is drawn, and that few of them are made at a time."""

import threading

import pytest

from graph.demo.ledger import FLUSH_S
from graph.live.chart_parameters import RANGES
from graph.live.charts import POINTS_MAX, default_step_s, look_back_s, points_of
from graph.live.turns import Busy, Turns


@pytest.mark.parametrize("range_s", RANGES.values(), ids=RANGES)
@pytest.mark.parametrize("scrape_interval_s", [1.0, 5.0, 15.0, 60.0])
def test_points_are_few_enough_and_no_closer_than_scrapes(
    range_s: int, scrape_interval_s: float
) -> None:
    step_s = default_step_s(range_s, scrape_interval_s)

    assert step_s >= scrape_interval_s
    assert 4 < range_s / step_s <= POINTS_MAX


def test_steps_are_round() -> None:
    steps = [default_step_s(range_s, 15.0) for range_s in RANGES.values()]

    assert steps == [15, 15, 15, 15, 15, 60, 120, 300, 600, 3600]


@pytest.mark.parametrize(
    ("step_s", "scrape_interval_s", "window_s"), [(5, 1.0, 15), (5, 5.0, 20), (60, 5.0, 60)]
)
def test_values_look_back_over_scrapes_and_over_what_proxies_hold_back(
    step_s: int, scrape_interval_s: float, window_s: int
) -> None:
    """With `rate` over one flush, histograms that grow between two windows stand still."""
    assert look_back_s(step_s, scrape_interval_s) == window_s
    assert look_back_s(1, 1.0) >= 3 * FLUSH_S


def test_a_whole_mesh_has_fewer_points_the_larger_it_is() -> None:
    assert points_of(0, ["rps"]) == points_of(2_000, ["rps"]) == POINTS_MAX
    assert POINTS_MAX > points_of(4_000, ["rps"]) > points_of(8_000, ["rps"]) > 20
    # Buckets are many.
    assert 20 < points_of(4_000, ["rps", "latency"]) < points_of(4_000, ["rps"]) / 2
    assert default_step_s(900, 5.0, points_of(2_000, ["latency"])) == 20


def test_who_waits_too_long_for_a_turn_is_sent_away() -> None:
    turns = Turns(1, 0.01)
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn():
            inside.set()
            leave.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert inside.wait(60)
        with pytest.raises(Busy), turns.turn():
            pass
    finally:
        leave.set()
        holder.join()
    with turns.turn():
        pass
