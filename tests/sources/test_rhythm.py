"""How often a mesh is looked at: a young or changing one more often."""

from collections.abc import Callable, Hashable

from graph.sources.rhythm import Rhythm
from graph.sources.survey import Survey


def looks(find: Callable[[int], Hashable], until_s: int) -> list[int]:
    """Return the seconds at which somebody who asks every second is told to look."""
    rhythm, found = Rhythm(), []
    for now in range(until_s):
        if rhythm.is_due(now):
            found.append(now)
            rhythm.looked(find(now), now)
    return found


def test_a_young_mesh_is_looked_at_every_ten_seconds_and_a_settled_one_every_minute() -> None:
    assert looks(lambda now: "same", 330) == [*range(0, 121, 10), 180, 240, 300]


def test_a_change_is_followed_until_it_is_over() -> None:
    # Three eras, one after the other, from the fifth minute on.
    times = looks(lambda now: min(max(now - 290, 0) // 10, 3), 420)

    assert times[-6:] == [240, 300, 310, 320, 330, 390]


def test_counts_that_grow_are_no_news() -> None:
    young = Survey(eras=({"era": "native", "series": 10},), jobs={"pods": 10.0})
    grown = Survey(eras=({"era": "native", "series": 20},), jobs={"pods": 20.0})
    updated = Survey(
        eras=({"era": "native", "series": 20}, {"era": "ztunnel", "series": 9}),
        jobs={"pods": 29.0},
    )

    assert young.gist == grown.gist
    assert grown.gist != updated.gist


def test_looks_that_take_long_come_less_often() -> None:
    rhythm = Rhythm()
    rhythm.looked("same", 0.0, 4.0)

    assert not rhythm.is_due(79.0)
    assert rhythm.is_due(80.0)
