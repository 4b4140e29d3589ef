"""What an operator reads when there is nothing to draw, or less than there could be."""

from dataclasses import replace

import pytest

from graph.core import engine, verdict
from tests.make import AT, feed, harvest, request, view


@pytest.mark.parametrize(("window_s", "refused"), [(29, True), (30, False), (31, False)])
def test_a_window_of_two_scrapes_is_just_long_enough(window_s: int, refused: bool) -> None:
    assert (verdict.window_fault(window_s, 15.0) is not None) is refused
    assert verdict.window_fault(window_s, None) is None


def test_a_refused_window_says_why_and_what_works() -> None:
    fault = verdict.window_fault(20, 15.0)
    assert fault is not None
    assert "two scrapes: Prometheus scrapes the proxies every 15 s." in fault.detail

    assert fault is not None
    assert "20 s" in fault.detail
    assert "15 s" in fault.detail
    assert "60 s" in fault.advice


def test_a_refused_window_names_the_jobs() -> None:
    fault = verdict.window_fault(20, 15.0, ["east", "west"])

    assert fault is not None
    assert "jobs east, west are scraped every 15 s" in fault.detail
    assert "The shortest window that works is 30 s, and from 60 s on" in fault.advice


@pytest.mark.parametrize(
    ("window_s", "words"),
    [
        (60, "its numbers are missing or flicker in a window of 1m; choose 4m or more."),
        (120, "its numbers may flicker in a window of 2m; choose 4m or more."),
        (None, "its numbers need a window of 4m or more."),
    ],
)
def test_slow_jobs_are_named_with_the_window_they_need(window_s: int | None, words: str) -> None:
    (warning,) = verdict.slow_job_warnings({"pods": 5.0, "movies": 60.0}, 5.0, window_s)

    assert warning.startswith("job movies is scraped every 60 s")
    assert warning.endswith(words)


def test_a_selector_that_fits_nothing_is_told_from_a_mesh_without_metrics() -> None:
    got = replace(harvest(AT), istio_series=0, left_out=1200)
    status = engine.absorb_fast(engine.start_feed(60, 5), got, 15.0, AT).status

    assert status["reason"] == "no_istio_metrics"
    assert "without it there are 1200" in status["detail"]
    assert "MESHVIZ_SELECTOR" in status["advice"]


def test_jobs_equally_slow_share_a_warning_and_long_windows_have_none() -> None:
    intervals = {"pods": 5.0, "films": 60.0, "movies": 60.0}

    (warning,) = verdict.slow_job_warnings(intervals, 5.0, 60)
    assert "jobs films, movies are scraped every 60 s: their numbers" in warning
    assert not verdict.slow_job_warnings(intervals, 5.0, 240)


@pytest.mark.parametrize(("seconds", "text"), [(45, "45s"), (90, "90s"), (60, "1m"), (7200, "2h")])
def test_windows_are_written_as_in_settings(seconds: int, text: str) -> None:
    assert verdict.span(seconds) == text


@pytest.mark.parametrize(("window_s", "warnings"), [(59, 1), (60, 0)])
def test_a_window_of_four_scrapes_needs_no_warning(window_s: int, warnings: int) -> None:
    assert len(verdict.window_warnings(window_s, 15.0)) == warnings
    assert verdict.window_warnings(window_s, None) == []


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (["a"], "inside a in"),
        (["a", "b", "c"], "inside a, b, c in"),
        (["a", "b", "c", "d"], "inside a, b, c and 1 more in"),
        (["a", "b", "c", "d", "e"], "inside a, b, c and 2 more in"),
    ],
)
def test_a_scope_without_traffic_names_its_namespaces(names: list[str], listed: str) -> None:
    status = view(feed(requests=[request(1)]), "workload", *names).status

    assert (status["state"], status["reason"]) == ("empty", "namespace_filter")
    assert listed in status["detail"]
    assert status["advice"] == "Choose other namespaces, or a longer window."


def test_the_age_goes_on_while_only_the_slow_lane_fails() -> None:
    fault = engine.Fault("timeout", "Too slow.", "")
    state = engine.note_slow_fault(feed(requests=[request(1)]), fault, AT + 60, AT + 30)

    assert (state.status["age_s"], state.status["slow_age_s"]) == (30, 30)


@pytest.mark.parametrize(
    ("window_s", "late_s", "interval_s", "is_gap"),
    [
        (60, 0.0, 5.0, False),
        (60, 3.0, 5.0, False),
        # Less than a scrape, and yet rates are more than 5 % too low.
        (60, 3.1, 5.0, True),
        (60, 4.0, 15.0, True),
        (60, 12.0, 15.0, True),
        (600, 30.0, 5.0, False),
        (600, 31.0, 5.0, True),
        (3600, 150.0, 15.0, False),
    ],
)
def test_what_rates_miss_at_the_ends_of_a_window_is_told_from_a_twentieth_of_it_on(
    window_s: int, late_s: float, interval_s: float, is_gap: bool
) -> None:
    covered_s = verdict.less_late(window_s, window_s, late_s, interval_s)

    assert (verdict.gap_in_scrapes(window_s, covered_s, interval_s) is not None) is is_gap
    if is_gap:
        assert covered_s <= window_s - late_s


def test_scrapes_that_are_missing_stay_missing_however_late_the_last_one_is() -> None:
    assert verdict.less_late(20.0, 60, 0.0, 5.0) == 20.0
    assert verdict.less_late(20.0, 60, 10.0, 5.0) == 20.0


@pytest.mark.parametrize(
    ("window_s", "covered_s", "interval_s", "is_gap"),
    [
        # A window of 70 s holds four scrapes of 15 s, whenever it begins.
        (70, 60.0, 15.0, False),
        (70, 45.0, 15.0, True),
        # Half an interval is bridged, but no more.
        (60, 52.5, 15.0, False),
        (60, 52.4, 15.0, True),
        # A twentieth of a long window does no harm: here 30 s, of which half an interval is chance.
        (600, 577.5, 15.0, False),
        (600, 577.4, 15.0, True),
        # Nobody knows how often it scrapes.
        (60, 57.0, None, False),
        (60, 56.9, None, True),
        (60, None, 15.0, False),
    ],
)
def test_a_gap_is_told_once_rates_are_wrong_by_a_twentieth(
    window_s: int, covered_s: float | None, interval_s: float | None, is_gap: bool
) -> None:
    assert (verdict.gap_in_scrapes(window_s, covered_s, interval_s) is not None) is is_gap


def test_what_is_late_is_taken_off_what_scrapes_can_account_for() -> None:
    assert verdict.less_late(60.0, 70, 4.0, 15.0) == 45.0
