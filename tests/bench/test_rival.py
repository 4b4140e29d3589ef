"""How the two pages' figures become rows of the table."""

from bench.rival import Told, figures, middle

OURS = Told(1.0, 1.0, 60.0, 0.05, 0.6, 20.0, 15.0)
THEIRS = Told(2.0, 20.0, 6.0, 0.9, 1.2, 800.0, 600.0)


def test_middle_takes_the_median_of_each_figure_alone():
    odd = Told(9.0, 9.0, 1.0, 0.05, 0.6, 20.0, 15.0)

    assert middle([OURS, odd, OURS]) == OURS


def test_every_ratio_is_below_one_where_meshviz_is_better():
    ratios = [figure.ratio for figure in figures("300 nodes", OURS, THEIRS, 1.0)]

    assert ratios == [0.1, 0.05 / 0.9, 0.5, 0.05, 0.5, 0.025, 0.025]


def test_a_rival_that_does_better_exceeds_the_budget():
    rows = figures("300 nodes", THEIRS, OURS, 1.0)

    assert [row.verdict for row in rows] == ["over", "", "", "over", "", "over", "over"]


def test_a_page_that_shows_no_frame_at_all_is_no_division_by_zero():
    stuck = Told(2.0, 20.0, 0.0, 0.9, 1.2, 800.0, 600.0)

    assert figures("300 nodes", stuck, OURS, 1.0)[0].verdict == "over"


def test_a_small_mesh_has_no_budget():
    assert not any(row.verdict for row in figures("60 nodes", THEIRS, OURS, None))
