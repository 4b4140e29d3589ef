"""Quantiles from buckets: merge before you divide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core import engine, latency
from tests.make import AT, buckets, feed, harvest, only_edge, request

INF = float("inf")


def quantiles_of(*series: dict[float, float]) -> list[float]:
    rows = [(i, le, rate) for i, s in enumerate(series) for le, rate in s.items()]
    made = latency.build(*(list(part) for part in zip(*rows, strict=True)), count=len(series))
    merged = latency.merge(made, [range(len(series))])
    return latency.quantiles(made.bounds_ms, merged)[0].tolist()


def test_quantiles_are_interpolated_inside_the_bucket() -> None:
    assert quantiles_of({10: 50, 20: 100, INF: 100}) == pytest.approx([10, 18, 19, 19.8])


def test_the_first_bucket_starts_at_zero() -> None:
    assert quantiles_of({0.5: 100, INF: 100})[0] == pytest.approx(0.25)


def test_what_is_past_the_last_finite_bound_is_reported_as_that_bound() -> None:
    assert quantiles_of({10: 1, INF: 100}) == [10, 10, 10, 10]


def test_an_empty_histogram_has_no_quantiles() -> None:
    assert np.isnan(quantiles_of({10: 0, INF: 0})).all()


def test_quantiles_of_a_merged_edge_come_from_merged_buckets() -> None:
    fast, slow = {"5": 90, "1000": 90, "+Inf": 90}, {"5": 0, "500": 0, "1000": 10, "+Inf": 10}
    state = feed(
        requests=[request(90), request(10, target="reviews-v2")],
        duration_buckets=[*buckets(fast), *buckets(slow, target="reviews-v2")],
    )

    assert only_edge(state, "app")["latency_ms"]["p95"] == 750


def test_bounds_are_compared_as_numbers_whatever_their_spelling() -> None:
    state = feed(
        requests=[request(2)],
        duration_buckets=[
            *buckets({"1": 1, "1800000": 1, "+Inf": 1}),
            *buckets({"1.0": 1, "1.8e+06": 1, "+Inf": 1}, source_version="v9"),
        ],
    )

    assert only_edge(state)["latency_ms"]["p50"] == 0.5


def test_buckets_left_out_because_they_are_zero_count_as_zero() -> None:
    assert quantiles_of({20: 100, INF: 100}, {10: 0, 20: 100, INF: 100})[0] == pytest.approx(15)


def test_a_series_without_a_bound_counts_at_the_next_higher_one_it_has() -> None:
    merged = quantiles_of({1: 0, 10: 100, INF: 100}, {1: 0, 5: 100, 10: 100, INF: 100})

    assert merged[0] == pytest.approx(5)


def test_bounds_of_others_do_not_divide_a_bucket() -> None:
    inf = float("inf")
    ours, theirs = {5.0: 10.0, 10.0: 20.0, inf: 40.0}, {1.0: 4.0, 5.0: 8.0, 500.0: 9.0, inf: 9.0}
    both = [(index, *row) for index, rows in enumerate((ours, theirs)) for row in rows.items()]
    made = latency.build(*(list(part) for part in zip(*both, strict=True)), count=2)
    groups = [[0], [1]]
    has = latency.merged_bounds(made, groups)

    found = latency.quantiles(made.bounds_ms, latency.merge(made, groups), has).tolist()

    assert found == [quantiles_of(ours), quantiles_of(theirs)]
    assert found[0] == [10.0, 10.0, 10.0, 10.0]


def test_a_bucket_starts_where_one_that_was_left_out_for_being_zero_ends() -> None:
    inf = float("inf")
    slow, fast = {5.0: 10.0, 500.0: 10.0, inf: 10.0}, {1.0: 4.0, 5.0: 8.0, 500.0: 9.0, inf: 9.0}
    both = [(index, *row) for index, rows in enumerate((slow, fast)) for row in rows.items()]
    made = latency.build(*(list(part) for part in zip(*both, strict=True)), count=2)

    found = latency.quantiles(made.bounds_ms, made.rows, made.has)

    assert found[0][0] == 3.0  # half-way from 1 to 5


def test_mean_latency_is_weighed_by_requests() -> None:
    from graph.core.samples import Sample
    from tests.make import labels

    state = feed(
        requests=[request(9), request(1, target="reviews-v2")],
        duration_sum=[Sample(labels(), 90), Sample(labels(target="reviews-v2"), 1000)],
        duration_count=[Sample(labels(), 9), Sample(labels(target="reviews-v2"), 1)],
    )

    assert only_edge(state, "app")["latency_ms"]["avg"] == 109


@given(st.lists(st.lists(st.integers(0, 50), min_size=4, max_size=4), min_size=1, max_size=6))
def test_splitting_a_histogram_into_series_changes_no_quantile(parts: list[list[int]]) -> None:
    bounds = [1.0, 5.0, 25.0, INF]
    series = [dict(zip(bounds, np.cumsum(part).tolist(), strict=True)) for part in parts]
    whole = {bound: sum(s[bound] for s in series) for bound in bounds}

    assert quantiles_of(*series) == pytest.approx(quantiles_of(whole), nan_ok=True)


def test_before_the_slow_lane_came_the_mean_is_known_and_quantiles_are_not() -> None:
    state = engine.start_feed(60, 5.0)
    got = harvest(requests=[request(1)], duration_sum=[request(50)], duration_count=[request(1)])

    edge = only_edge(engine.absorb_fast(state, got, 15.0, AT))

    assert edge["latency_ms"] == {"avg": 50.0, "p50": None, "p90": None, "p95": None, "p99": None}
