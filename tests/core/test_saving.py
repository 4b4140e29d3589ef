"""Who restores a save carries on exactly where it was made; anything else is refused."""

import math
import zlib
from dataclasses import fields, replace
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.latency import Histograms
from graph.core.rules import MeshRules
from graph.core.samples import Fault
from graph.core.saving import BadSave, restored, restored_view, saved
from tests.core.meshes import WINDOW_S, Call, absorbed, answers, looks, meshes
from tests.make import AT, buckets, feed, harvest, request

RULES = MeshRules(groups=("web-*",))


def is_same(left: FeedState, right: FeedState) -> bool:
    """Tell whether two states are equal; numpy's arrays do not say so in a word."""
    ours, theirs = left.readings, right.readings
    if ours is None or theirs is None or ours.slow is None or theirs.slow is None:
        return left == right
    return (
        replace(left, readings=None) == replace(right, readings=None)
        and replace(ours, slow=None) == replace(theirs, slow=None)
        and list(ours.fast.accounts) == list(theirs.fast.accounts)
        and all(
            same_arrays(ours.slow.histograms, theirs.slow.histograms)
            if field.name == "histograms"
            else getattr(ours.slow, field.name) == getattr(theirs.slow, field.name)
            for field in fields(ours.slow)
        )
    )


def same_arrays(left: Histograms, right: Histograms) -> bool:
    return all(
        (one := getattr(left, field.name)).dtype == (other := getattr(right, field.name)).dtype
        and one.shape == other.shape
        and np.array_equal(one, other)
        for field in fields(left)
    )


@settings(max_examples=80)
@given(meshes, st.sampled_from([MeshRules(), RULES]))
def test_a_feed_comes_back_as_it_was(mesh: list[Call], rules: MeshRules) -> None:
    state = absorbed(answers(mesh), rules)

    assert is_same(restored(saved(state), rules), state)


@settings(max_examples=40)
@given(meshes, meshes, looks)
def test_another_process_sends_the_frame_that_the_first_would_have_sent(
    first: list[Call], second: list[Call], look: ViewSpec
) -> None:
    feed_state = absorbed(answers(first))
    seen, frame = engine.render(None, feed_state, look, "epoch")
    taken_over = restored_view(orjson.loads(orjson.dumps(frame)), look, seen.slow_at)
    assert taken_over == seen

    later = absorbed(answers(second), at=AT + 5)
    there = restored(saved(later))
    assert engine.render(taken_over, there, look, "epoch") == engine.render(
        seen, later, look, "epoch"
    )


def test_what_failed_is_remembered_too() -> None:
    fault = Fault("timeout", "It took too long.", "Ask less.", ("one",))
    young = engine.start_feed(300, 5.0)
    for state in (
        young,
        engine.absorb_fault(young, fault, 15.0, AT),
        engine.absorb_fault(feed(requests=[request(1.0)]), fault, None, AT),
    ):
        assert is_same(restored(saved(state)), state)


def test_a_feed_without_its_slow_lane_comes_back_without() -> None:
    state = engine.start_feed(60, 5.0)
    state = engine.absorb_fast(state, harvest(requests=[request(2.0)]), None, AT)

    back = restored(saved(state))

    assert back == state
    assert back.readings is not None
    assert back.readings.slow is None


def test_how_long_answers_usually_take_comes_back_lane_by_lane() -> None:
    state = replace(feed(requests=[request(1.0)]), slow_took_s=1.25, fast_took_s=0.5)

    back = restored(saved(state))

    assert (back.slow_took_s, back.fast_took_s) == (1.25, 0.5)


@pytest.mark.parametrize("collapsed", [(), ("bookinfo",), ("shop",)])
def test_a_snapshot_is_of_the_view_with_the_same_namespaces_folded(
    collapsed: tuple[str, ...],
) -> None:
    asked = ViewSpec("workload", 60, (), collapsed=("bookinfo",))
    _, frame = engine.render(None, feed(requests=[request(1.0)]), asked, "epoch")
    other = replace(asked, collapsed=collapsed)

    if other == asked:
        assert restored_view(frame, other, None).spec == asked
    else:
        with pytest.raises(BadSave, match="another view"):
            restored_view(frame, other, None)


def test_numbers_keep_every_bit() -> None:
    largest = 1.7976931348623157e308
    odd = (0.1 + 0.2, 5e-324, largest)
    state = feed(requests=[request(value, response_code=f"20{i}") for i, value in enumerate(odd)])
    beyond = feed(requests=[request(largest), request(largest)])  # too large to be added

    assert rates(restored(saved(state))) == list(odd)
    assert rates(restored(saved(beyond))) == [math.inf]


def rates(state: FeedState) -> list[float]:
    assert state.readings is not None
    (account,) = state.readings.fast.accounts.values()
    return list(account.outcomes.values())


def test_bounds_that_only_some_series_have_come_back() -> None:
    told = [
        *buckets({"5": 1, "10": 2, "+Inf": 3}),
        *buckets({"1": 1, "50": 2, "+Inf": 3}, source="cart-v1"),
    ]
    state = feed(requests=[request(1.0)], duration_buckets=told)
    back = restored(saved(state))

    assert back.readings is not None
    assert back.readings.slow is not None
    assert not back.readings.slow.histograms.has.all()
    assert is_same(back, state)


def document(state: FeedState) -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(zlib.decompress(saved(state)))
    return made


def packed(content: object) -> bytes:
    return zlib.compress(orjson.dumps(content))


STATE = feed(
    requests=[request(1.0), request(2.0, target="cart-v1")],
    duration_buckets=buckets({"5": 1, "+Inf": 2}),
    request_bytes=[request(100.0)],
)


@pytest.mark.parametrize(
    "save",
    [b"", b"meshviz", packed([]), packed("meshviz"), packed({}), packed({"format": 1})],
    ids=["nothing", "text", "list", "word", "empty", "bare"],
)
def test_what_is_no_save_is_refused(save: bytes) -> None:
    with pytest.raises(BadSave):
        restored(save)


def test_the_save_of_another_version_is_refused_by_its_number() -> None:
    with pytest.raises(BadSave, match="format 99"):
        restored(packed({**document(STATE), "format": 99}))


def test_a_status_of_another_version_is_refused() -> None:
    content = document(STATE)
    del content["status"]["cadence_s"]
    with pytest.raises(BadSave, match="status"):
        restored(packed(content))


def test_a_save_that_was_cut_is_refused() -> None:
    whole = saved(STATE)
    with pytest.raises(BadSave):
        restored(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("lane", "lists"), [("fast", "names"), ("fast", "moved"), ("slow", "rows")]
)
@pytest.mark.parametrize("side", [0, 1])
def test_lists_that_belong_together_are_equally_long(lane: str, lists: str, side: int) -> None:
    content: Any = document(STATE)
    content[lane][lists][side] = [*content[lane][lists][side], 0]
    with pytest.raises(BadSave):
        restored(packed(content))


_JUNK: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**40), 2**40), st.text(max_size=3), st.just([])
)


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_save_is_refused_or_read_but_never_an_error_of_another_kind(
    data: st.DataObject,
) -> None:
    content: Any = document(STATE)
    place: Any = content
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not (isinstance(inner, dict | list) and inner) or data.draw(st.booleans()):
            break
        place = inner
    place[key] = data.draw(_JUNK)
    try:
        state = restored(packed(content))
    except BadSave:
        return
    assert isinstance(state, FeedState)


def test_the_picture_of_another_view_is_refused() -> None:
    spec = ViewSpec("workload", 60, ())
    seen, frame = engine.render(None, STATE, spec, "epoch")
    assert frame["type"] == "snapshot"
    assert restored_view(frame, spec, seen.slow_at) == seen
    others = [
        replace(spec, graph_type="app"),
        replace(spec, window_s=300),
        replace(spec, namespaces=("bookinfo",)),
        replace(spec, perspective="client"),
        replace(spec, idle=True),
    ]
    for other in others:
        with pytest.raises(BadSave, match="another view"):
            restored_view(frame, other, seen.slow_at)


def test_what_the_numbers_are_about_is_kept() -> None:
    part = replace(harvest(AT, requests=[request(1.0)]), span_s=20)
    state = engine.absorb_fast(engine.start_feed(WINDOW_S, 5.0), part, 5.0, AT)

    again = restored(saved(state))

    assert again == state
    assert again.readings is not None
    assert (again.window_s, again.readings.window_s) == (WINDOW_S, 20)


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(BadSave):
        restored_view({}, ViewSpec("workload", WINDOW_S, ()), 0.0)  # type: ignore[typeddict-item]
