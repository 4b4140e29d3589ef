"""While there is a gap in the scrapes, numbers are about the time since."""

from collections.abc import Callable

import pytest

from graph.core.engine import ViewSpec, render, snapshot
from graph.core.origins import origins
from graph.core.verdict import gap_in_scrapes
from graph.poll import look
from graph.sources import explain, promql
from graph.sources.spans import Spans, whole_span_s
from tests.sources.conftest import Stored
from tests.sources.scenes import WINDOW_S

Open = Callable[..., Stored]


def covering(**covered_s: float | None) -> Callable[[int], float | None]:
    """Return what is known of spans, by "sSECONDS"."""
    return lambda span_s: covered_s[f"s{span_s}"]


@pytest.mark.parametrize(
    ("covered", "span_s"),
    [
        ({"s30": 30.0}, 30),
        ({"s30": 20.0, "s20": 20.0}, 20),
        ({"s30": 20.0, "s20": 15.0, "s15": 15.0}, 15),
        ({"s30": 10.0, "s20": 10.0, "s15": 10.0}, None),
        ({"s30": None}, None),
    ],
)
def test_longest_part_without_a_gap_is_looked_at(
    covered: dict[str, float | None], span_s: int | None
) -> None:
    assert whole_span_s(60, 5.0, covering(**covered)) == span_s


def test_parts_of_too_few_scrapes_are_not_looked_at() -> None:
    # Half of a minute holds two scrapes, which is too few to tell anything by.
    assert whole_span_s(60, 15.0, covering()) is None
    assert whole_span_s(60, 10.0, covering(s30=30.0)) == 30


def test_look_at_the_past_changes_nothing_about_the_present() -> None:
    spans = Spans()
    spans.note(60, 1000.0, None)
    spans.note(60, 400.0, 30)

    assert spans.near(60, 1002.0) is None
    assert spans.near(60, 400.0) == 30
    assert spans.near(60, 430.0) == 30
    assert spans.near(60, 461.0) is None
    assert spans.near(120, 400.0) is None


def test_what_was_looked_at_long_ago_is_forgotten() -> None:
    spans = Spans()
    spans.note(60, 0.0, 30)
    for second in range(1, 65):
        spans.note(120, float(second), 60)

    assert spans.near(60, 0.0) is None
    assert spans.near(120, 1.0) == 60


@pytest.mark.prometheus
def test_rates_after_a_restart_are_of_the_time_since(stored: Open) -> None:
    # One request per second, and data of the last 75 s of two minutes: over all of them, 0.7.
    scene = stored("prometheus-restart")
    harvest = scene.fetch("fast", 2 * WINDOW_S)

    assert harvest.span_s == WINDOW_S
    assert sum(row.value for row in harvest.answers["requests"]) == pytest.approx(1, rel=0.05)
    # The slow lane follows, and what has no gap in it is looked at as a whole.
    assert scene.fetch("slow", 2 * WINDOW_S).span_s == WINDOW_S
    assert scene.fetch("fast", WINDOW_S).span_s is None
    assert scene.fetch("slow", WINDOW_S).span_s is None


@pytest.mark.prometheus
def test_query_of_a_number_is_about_the_same_time(stored: Open) -> None:
    scene = stored("prometheus-restart")
    state = look(scene.source, 2 * WINDOW_S, scene.at, 5.0)
    view = render(None, state, ViewSpec("workload", 2 * WINDOW_S, ()), "epoch")[0]
    assert state.readings is not None
    span_s = state.readings.window_s
    (edge,) = view.picture.edges.values()
    shown = snapshot(view, view.status)
    found = origins(state.readings, view.spec.look)

    told = explain(scene.source, shown, found, node=None, edge=edge["id"], span_s=span_s)

    assert (state.status["state"], state.status["reason"]) == ("ok", None)
    assert any(f"the last {WINDOW_S} s until" in text for text in state.status["warnings"])
    assert told["window_s"] == span_s == WINDOW_S
    rates = [one["promql"] for one in told["queries"] if one["field"] == "rps"]
    asked = sum(row.value for promql in rates for row in scene.source.ask(promql, scene.at))
    assert asked == pytest.approx(edge["rps"], rel=0.01)


@pytest.mark.prometheus
def test_gap_that_lasts_leaves_nothing_to_look_at_instead(stored: Open) -> None:
    scene = stored("prometheus-restart")
    # Thirty seconds after the last scrape before the gap, Prometheus was still away.
    harvest = scene.source.fetch("fast", WINDOW_S, scene.at - 120)

    assert harvest.span_s is None
    assert harvest.covered_s is not None
    assert harvest.covered_s < WINDOW_S


@pytest.mark.prometheus
@pytest.mark.parametrize(("late_s", "is_gap"), [(0, False), (1, False), (2, True), (25, True)])
def test_scrape_is_late_once_rates_do_not_reach_over_it(
    stored: Open, late_s: float, is_gap: bool
) -> None:
    # Scraped every 15 s: the next one is due 15 s after the last, and rates bridge 16.5 s of it.
    scene = stored("new-edge")
    harvest = scene.source.fetch("fast", WINDOW_S, scene.at + 15 + late_s)

    gap = gap_in_scrapes(WINDOW_S, harvest.covered_s, scene.source.scrape_interval_s)
    assert (gap is not None) is is_gap


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("begin_s", "late_s"), [(-165, 0.0), (-151, 0.0), (-149, 22.5), (-106, 22.5), (-104, 0.0)]
)
def test_a_hole_where_a_window_begins_is_lost_and_one_inside_is_not(
    stored: Open, begin_s: float, late_s: float
) -> None:
    # Nothing for 75 s, from 150 s before the end of the data on. A first sample within half a
    # minute of the window's beginning is good enough.
    scene = stored("prometheus-restart")
    mine = (("scene", "=", "prometheus-restart"),)
    _, of_the_beginning = promql.late(scene.source.jobs, 15, 60, mine).split(" + ")
    end = scene.at + begin_s + 60

    assert sum(row.value for row in scene.source.ask(of_the_beginning, end)) == late_s
