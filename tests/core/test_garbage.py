"""What a tick leaves behind is freed at once: nothing of it holds itself."""

import gc

from graph.core import engine
from graph.core.bounds import Limits
from graph.core.engine import ViewSpec
from tests.make import AT, buckets, feed, request


def leftovers(pairs: int) -> int:
    """Return how many objects only the garbage collector can free after a few ticks."""
    view = None
    gc.collect()
    for tick in range(3):
        state = feed(
            AT + tick,
            requests=[request(1.0 + i, target=f"cart{i}-v1") for i in range(pairs)],
            duration_buckets=buckets({"5": 1, "+Inf": 2}),
        )
        view, _ = engine.render(view, state, ViewSpec("workload", 60, ()), "epoch")
        engine.render(None, state, ViewSpec("app", 60, ("bookinfo",)), "epoch", Limits(5, 5))
    del view, state
    return gc.collect()


def test_nothing_that_was_drawn_waits_for_the_garbage_collector() -> None:
    leftovers(1)  # whatever is made only once
    gc.disable()
    try:
        few, many = leftovers(5), leftovers(200)
    finally:
        gc.enable()
    assert many <= few + 20
