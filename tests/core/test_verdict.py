"""What an operator reads when there is nothing to draw, or less than there could be."""

import pytest

from graph.core import engine, verdict
from tests.make import AT, feed, request, view


@pytest.mark.parametrize(("window_s", "refused"), [(29, True), (30, False), (31, False)])
def test_a_window_of_two_scrapes_is_just_long_enough(window_s: int, refused: bool) -> None:
    assert (verdict.window_fault(window_s, 15.0) is not None) is refused
    assert verdict.window_fault(window_s, None) is None


def test_a_refused_window_says_why_and_what_works() -> None:
    fault = verdict.window_fault(20, 15.0)

    assert fault is not None
    assert "20 s" in fault.detail
    assert "15 s" in fault.detail
    assert "60 s" in fault.advice


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
