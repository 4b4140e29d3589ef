"""Frames: apply(diff) is exact, noise stays off the wire, order does not matter."""

import copy
import math
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.core import engine
from graph.core.figures import digits
from graph.core.frame import apply, diff, settle
from graph.core.picture import Picture
from graph.core.samples import Sample
from graph.core.wire import Delta
from tests.make import AT, feed, harvest, request, tcp, unanswered, view

NAMES = ("a-v1", "b-v1", "b-v2", "c-v1")
rates = st.floats(0, 1000, allow_nan=False)
codes = st.sampled_from(["200", "404", "500", "0"])


@st.composite
def requests(draw: st.DrawFn) -> Sample:
    """Draw one series of requests between a few workloads."""
    return request(
        draw(rates),
        source=draw(st.sampled_from(NAMES)),
        target=draw(st.sampled_from(NAMES)),
        reporter=draw(st.sampled_from(["source", "destination"])),
        response_code=draw(codes),
    )


meshes = st.lists(requests(), max_size=12)


def picture_of(samples: list[Sample]) -> Picture:
    return view(feed(requests=samples)).picture


def delta(before: Picture, after: Picture) -> Delta:
    put, drop = diff(before, after)
    status = engine.start_feed(60, 5)
    return {
        "type": "delta", "epoch": "e", "seq": 2, "at": AT, "source": status.status,
        "namespaces": None, "put": put, "drop": drop,
    }  # fmt: skip


@given(meshes, meshes)
def test_applying_the_difference_gives_the_new_picture(
    before: list[Sample], after: list[Sample]
) -> None:
    old, new = picture_of(before), picture_of(after)

    got = apply(old, delta(old, new))

    assert got.nodes == new.nodes
    assert got.edges == new.edges


@given(meshes, meshes)
def test_applying_a_delta_twice_changes_nothing(before: list[Sample], after: list[Sample]) -> None:
    old, new = picture_of(before), picture_of(after)
    frame = delta(old, new)

    assert apply(apply(old, frame), frame) == apply(old, frame)


@given(st.lists(st.tuples(st.integers(1, 50), requests()), max_size=10), st.randoms())
def test_the_order_of_series_does_not_matter(
    drawn: list[tuple[int, Sample]], shuffler: random.Random
) -> None:
    # Whole numbers add up to the same sum in any order.
    samples = [Sample(sample.labels, float(rps)) for rps, sample in drawn]
    shuffled = list(samples)
    shuffler.shuffle(shuffled)

    assert picture_of(samples) == picture_of(shuffled)


@given(st.lists(st.tuples(st.integers(1, 50), requests()), max_size=10))
def test_splitting_series_into_pods_changes_no_number(drawn: list[tuple[int, Sample]]) -> None:
    whole = [Sample(sample.labels, 2.0 * rps) for rps, sample in drawn]
    split = [Sample(dict(s.labels), s.value / 2) for s in whole for _ in range(2)]

    assert picture_of(whole) == picture_of(split)


def test_noise_is_not_sent() -> None:
    before, after = picture_of([request(100)]), picture_of([request(102)])

    assert settle(before, after, 60).edges == before.edges
    put, drop = diff(before, settle(before, after, 60))
    assert put == {"nodes": [], "edges": []}
    assert drop == {"nodes": [], "edges": []}


def test_a_visible_change_is_sent_whole() -> None:
    before, after = picture_of([request(100)]), picture_of([request(110)])

    put, _ = diff(before, settle(before, after, 60))
    assert [edge["rps"] for edge in put["edges"]] == [110]


def test_noise_does_not_add_up_to_an_unseen_drift() -> None:
    shown = picture_of([request(100)])
    for rps in range(101, 150):
        shown = settle(shown, picture_of([request(rps)]), 60)
        edge = next(iter(shown.edges.values()))
        assert edge["rps"] is not None
        assert abs(edge["rps"] - rps) <= 0.06 * rps


def test_the_first_error_is_never_noise() -> None:
    before = picture_of([request(1000)])
    after = picture_of([request(1000), request(0.1, response_code="500")])

    put, _ = diff(before, settle(before, after, 60))
    assert put["edges"][0]["health"] == "degraded"


def test_an_unchanged_mesh_makes_an_empty_delta() -> None:
    state = feed(requests=[request(3)], tcp_sent=[tcp(5)])
    seen = view(state)
    again = engine.absorb_fast(
        state, harvest(AT + 5, requests=[request(3)], tcp_sent=[tcp(5)]), 15, AT + 5
    )

    _, frame = engine.render(seen, again, seen.spec, "epoch")

    assert frame["type"] == "delta"
    assert frame["seq"] == 2
    assert frame["put"] == {"nodes": [], "edges": []}
    assert frame["namespaces"] is None


@settings(max_examples=200)
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_numbers_have_three_digits_and_are_never_nan(value: float) -> None:
    got = digits(value)

    if got is None:
        assert not math.isfinite(value) or abs(value) > 1.79e308
    else:
        assert math.isclose(got, value, rel_tol=0.005)


def test_rendering_leaves_the_feed_as_it_was() -> None:
    state = feed(requests=[request(3), unanswered(1)])
    before = copy.deepcopy(state.status)

    view(state, "app")
    view(state, "service", "bookinfo")

    assert state.status == before
    assert view(state) == view(state)
