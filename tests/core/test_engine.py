"""The engine: absorb answers, render frames, keep the last good graph."""

from dataclasses import replace

import pytest

from graph.core import engine, verdict
from graph.core.engine import ViewSpec, ViewState
from graph.core.readings import read_slow
from graph.core.samples import Fault
from tests.make import AT, feed, harvest, request, view

DOWN = Fault("unreachable", "Prometheus cannot be reached.", "Start it.")


def test_before_the_first_answer_the_graph_is_starting() -> None:
    status = engine.start_feed(60, 5).status

    assert (status["state"], status["reason"]) == ("empty", "starting")
    assert status["age_s"] is None


def test_a_fault_before_any_answer_is_down() -> None:
    state = engine.absorb_fault(engine.start_feed(60, 5), DOWN, None, AT)

    assert state.status["state"] == "down"
    assert state.status["reason"] == "unreachable"


def test_a_fault_after_an_answer_keeps_the_graph_and_tells_its_age() -> None:
    seen = view(feed(requests=[request(3)]))
    stale = engine.absorb_fault(feed(requests=[request(3)]), DOWN, 15.0, AT + 42)

    after, frame = engine.render(seen, stale, seen.spec, "epoch")

    assert frame["type"] == "status"
    assert frame["source"]["state"] == "stale"
    assert frame["source"]["age_s"] == 42
    assert after.picture == seen.picture
    assert after.seq == seen.seq


def test_recovery_continues_with_the_next_number() -> None:
    seen = view(feed(requests=[request(3)]))
    stale = engine.absorb_fault(feed(requests=[request(3)]), DOWN, 15.0, AT + 5)
    well = engine.absorb_fast(stale, harvest(AT + 10, requests=[request(30)]), 15.0, AT + 10)

    seen, _ = engine.render(seen, stale, seen.spec, "epoch")
    seen, frame = engine.render(seen, well, seen.spec, "epoch")

    assert frame["type"] == "delta"
    assert frame["seq"] == 2
    assert frame["source"]["state"] == "ok"


def test_the_age_never_comes_from_the_future() -> None:
    assert engine.with_age(feed(requests=[request(1)]), AT - 100)["age_s"] == 0


def test_no_istio_metrics() -> None:
    status = _absorb(series=0)

    assert (status["state"], status["reason"]) == ("empty", "no_istio_metrics")
    assert "scrapes" in status["advice"]


def _absorb(series: int | None = None, **answers: list[object]) -> engine.SourceStatus:
    got = harvest(AT, series, **answers)  # type: ignore[arg-type]
    return engine.absorb_fast(engine.start_feed(60, 5), got, 15.0, AT).status


def test_metrics_without_traffic() -> None:
    status = _absorb(requests=[request(0)])

    assert (status["state"], status["reason"]) == ("empty", "no_traffic")


def test_series_too_young_for_a_rate_are_no_traffic_yet() -> None:
    status = _absorb(series=12)

    assert (status["state"], status["reason"]) == ("empty", "no_traffic")
    assert "12" in status["detail"]


def test_a_scope_without_traffic_says_so_while_the_mesh_is_alive() -> None:
    made = view(feed(requests=[request(1)]), "workload", "empty-ns")

    assert (made.status["state"], made.status["reason"]) == ("empty", "namespace_filter")
    assert "empty-ns in the last 60 s" in made.status["detail"]
    assert made.namespaces == ("bookinfo",)


def test_a_window_shorter_than_two_scrapes_is_refused_with_one_that_works() -> None:
    fault = verdict.window_fault(20, 15.0)

    assert fault is not None
    assert fault.reason == "window_too_short"
    assert "60 s" in fault.advice


def test_a_window_shorter_than_four_scrapes_is_a_warning() -> None:
    assert verdict.window_fault(45, 15.0) is None
    got = harvest(AT, requests=[request(1)])
    state = engine.absorb_fast(engine.start_feed(45, 5), got, 15.0, AT)

    assert any("fewer than four scrapes" in text for text in state.status["warnings"])


def test_quantiles_stay_between_the_slow_lanes_turns() -> None:
    from tests.make import buckets, only_edge

    state = feed(requests=[request(1)], duration_buckets=buckets({"10": 1, "+Inf": 1}))
    later = engine.absorb_fast(state, harvest(AT + 5, requests=[request(1)]), 15.0, AT + 5)

    assert only_edge(later)["latency_ms"]["p50"] == 5
    assert later.status["age_s"] == 0
    assert later.status["slow_age_s"] == 5


def test_ages_count_from_the_moment_that_answers_are_about() -> None:
    got = harvest(requests=[request(1)])
    state = engine.absorb_fast(engine.start_feed(60, 5), got, 15.0, AT + 10, behind_s=4)
    state = engine.absorb_slow(state, got, read_slow(got), AT + 30, AT + 10, behind_s=3)

    assert (state.status["age_s"], state.status["slow_age_s"]) == (4, 3)
    assert state.slow_due_at == AT + 30


def test_slow_answer_before_any_fast_one_is_put_off() -> None:
    got = harvest(requests=[request(1)])
    before = engine.start_feed(60, 5)

    after = engine.absorb_slow(before, got, read_slow(got), AT + 30, AT)

    assert after == replace(before, slow_due_at=AT + 30)


def test_time_of_queries_is_that_of_both_lanes() -> None:
    got = replace(harvest(requests=[request(1)]), query_ms=1.26)
    state = engine.absorb_fast(engine.start_feed(60, 5), got, 15.0, AT)
    assert state.status["query_ms"] == 1.3
    state = engine.absorb_slow(state, got, read_slow(got), AT + 5, AT)

    assert state.status["query_ms"] == 2.6


def test_idle_edges_do_not_make_an_old_picture_fresh() -> None:
    seen = feed(requests=[request(3)])
    lost = engine.absorb_fault(seen, DOWN, 15.0, AT + 5)

    state, _ = engine.render(None, lost, ViewSpec("workload", 60, (), idle=True), "epoch")

    assert state.picture.edges
    assert (state.status["state"], state.status["reason"]) == ("stale", "unreachable")


def test_a_slow_lane_that_fails_leaves_the_rest_fresh() -> None:
    state = engine.note_slow_fault(feed(requests=[request(1)]), DOWN, AT + 20, AT + 10)

    assert state.status["state"] == "ok"
    assert any("not fresh" in text for text in state.status["warnings"])
    assert state.slow_due_at == AT + 20


def test_a_snapshot_is_the_sum_of_the_frames() -> None:
    from graph.core.frame import apply

    spec = ViewSpec("workload", 60, ())
    first = feed(requests=[request(3)])
    second = engine.absorb_fast(
        first, harvest(AT + 5, requests=[request(9), request(1, target="details-v1")]), 15, AT + 5
    )
    state, snap = engine.render(None, first, spec, "epoch")
    assert snap["type"] == "snapshot"
    state, delta = engine.render(state, second, spec, "epoch")
    assert delta["type"] == "delta"

    assert apply(apply(state.picture, snap), delta) == apply(
        state.picture, engine.snapshot(state, state.status)
    )


def test_warnings_of_the_server_are_passed_on() -> None:
    got = replace(harvest(AT, requests=[request(1)]), warnings=("partial response",))

    assert (
        "partial response"
        in engine.absorb_fast(engine.start_feed(60, 5), got, 15.0, AT).status["warnings"]
    )


@pytest.mark.parametrize(
    ("window_s", "interval_s", "covered_s", "is_gap"),
    [
        (60, 15.0, 20.0, True),
        (60, 15.0, 45.0, True),  # a quarter of what the window should hold
        (60, 15.0, 60.0, False),
        (60, 14.999, 3 * 14.999, True),
        (60, 15.001, 3 * 15.001, True),
        (60, 15.001, 4 * 15.001, False),
        (50, 15.0, 45.0, False),  # wherever it begins, only three scrapes are sure to be in it
        # Of a long window one scrape is nothing, and 5 % are something.
        (600, 15.0, 585.0, False),
        (600, 10.0, 570.0, True),
        (600, 10.0, 580.0, False),
        (3600, 5.0, 3425.0, False),
        (3600, 5.0, 3420.0, True),
        (60, None, 56.0, True),
        (60, None, 58.0, False),
        (60, 15.0, None, False),
    ],
)
def test_numbers_that_a_gap_in_the_scrapes_makes_too_low_are_told(
    window_s: int, interval_s: float | None, covered_s: float | None, is_gap: bool
) -> None:
    got = replace(harvest(AT, requests=[request(1)]), covered_s=covered_s)
    status = engine.absorb_fast(engine.start_feed(window_s, 5), got, interval_s, AT).status

    assert status["state"] == "ok"
    assert (status["reason"] == "gap") is is_gap
    if is_gap:
        assert f"only {covered_s:.0f} s of the last {window_s} s" in status["detail"]
        assert status["advice"] == "Wait, or choose a longer window."


def test_nothing_to_see_is_told_rather_than_a_gap() -> None:
    got = replace(harvest(AT, requests=[request(0)]), covered_s=20.0)
    status = engine.absorb_fast(engine.start_feed(60, 5), got, 15.0, AT).status

    assert (status["state"], status["reason"]) == ("empty", "no_traffic")


def test_plan_is_told_with_the_status() -> None:
    state = engine.start_feed(60, 5)

    planned = engine.with_cadence(state, 7.26, 21.06).status
    assert planned == {**state.status, "cadence_s": 7.3, "slow_cadence_s": 21.1}
    assert engine.with_cadence(state, 5.0, None).status["slow_cadence_s"] is None


def test_numbers_of_a_part_of_the_window_say_so_and_are_no_gap() -> None:
    got = replace(harvest(AT, requests=[request(1)]), span_s=20)
    state = engine.absorb_fast(engine.start_feed(60, 5), got, 5.0, AT)

    assert (state.status["state"], state.status["reason"]) == ("ok", None)
    assert state.status["warnings"] == [
        "Prometheus was not scraping for a part of the last 60 s: numbers are about the last 20 s "
        "until it has scraped for the whole window."
    ]
    assert state.readings is not None
    assert state.readings.window_s == 20
    assert state.window_s == 60


def test_part_of_the_window_may_have_a_gap_itself() -> None:
    got = replace(harvest(AT, requests=[request(1)]), span_s=20, covered_s=10.0)
    status = engine.absorb_fast(engine.start_feed(60, 5), got, 5.0, AT).status

    assert status["reason"] == "gap"
    assert "only 10 s of the last 20 s" in status["detail"]


def test_whole_window_is_what_numbers_are_about_otherwise() -> None:
    got = harvest(AT, requests=[request(1)])
    state = engine.absorb_fast(engine.start_feed(60, 5), got, 5.0, AT)

    assert state.status["warnings"] == []
    assert state.readings is not None
    assert state.readings.window_s == 60


def test_numbers_that_were_too_low_do_not_stay_for_being_close() -> None:
    def drawn(rps: float, covered_s: float, before: ViewState | None) -> ViewState:
        got = replace(harvest(AT + rps, requests=[request(rps)]), covered_s=covered_s)
        state = engine.absorb_fast(engine.start_feed(60, 5), got, 5.0, AT)
        return engine.render(before, state, ViewSpec("workload", 60, ()), "epoch")[0]

    def shown(view: ViewState) -> float | None:
        return next(iter(view.picture.edges.values()))["rps"]

    low, right = drawn(1.0, 40.0, None), drawn(1.0, 60.0, None)

    assert shown(drawn(1.3, 60.0, low)) == 1.3
    assert shown(drawn(1.3, 60.0, right)) == 1.0
