"""Clocks, ages and costs, in every colour."""

import pytest

from graph.core.samples import Harvest
from graph.doctor.clock import judge_times
from graph.doctor.cost import judge_cost
from graph.doctor.rules import MANY_SERIES
from graph.sources import Rejected, SourceError, TooSlow
from tests.doctor.papers import HABITS, facts, harvest
from tests.make import request

BIG = facts(eras=[{"era": "native", "series": MANY_SERIES}])


@pytest.mark.parametrize(
    ("offset_s", "newest_s", "stale", "colour", "words"),
    [
        (0.2, 3.0, 0, "green", "200 ms apart"),
        (-40.0, 3.0, 0, "amber", "40 s behind ours"),
        (40.0, 3.0, 0, "amber", "40 s ahead of ours"),
        (0.2, 100.0, 90, "red", "100 s old"),
        (0.2, 3.0, 30, "amber", "30 of 100 (30 %)"),
        (0.2, 3.0, 4, "green", "3 s old"),
        (None, None, 0, "green", ""),
    ],
    ids=["good", "behind", "ahead", "stopped", "partly-stopped", "a-few", "unknown"],
)
def test_times(
    offset_s: float | None, newest_s: float | None, stale: int, colour: str, words: str
) -> None:
    found = judge_times(offset_s, newest_s, stale, 100, 15.0)

    assert found.state == colour
    assert words in found.detail


FAST = harvest(query_ms=100, requests=[request(1)])


@pytest.mark.parametrize(
    ("fast", "slow", "colour", "words"),
    [
        (FAST, harvest(query_ms=400), "green", "100 ms for 9 queries"),
        (harvest(query_ms=3000), harvest(), "amber", "every 12 s"),
        (Rejected("too many samples", "raise"), harvest(), "red", "too many samples"),
        (FAST, TooSlow("10 s are over", "wait"), "red", "take too long"),
        (FAST, Rejected("too many samples", "raise"), "red", "no quantiles"),
    ],
    ids=["cheap", "over-budget", "fast-fails", "buckets-too-slow", "buckets-refused"],
)
def test_cost(
    fast: Harvest | SourceError, slow: Harvest | SourceError, colour: str, words: str
) -> None:
    found = judge_cost(fast, slow, HABITS, facts())

    assert found.state == colour
    assert words in found.detail
