"""Few selectors for many links."""

from graph.sources.covering import cover, widened


def box(*values: str) -> tuple[frozenset[str], ...]:
    """Return a box of the values written with commas."""
    return tuple(frozenset(value.split(",")) for value in values)


def test_a_product_is_one_box() -> None:
    wanted = {(a, b) for a in "ab" for b in "xy"}

    assert cover(wanted, {("c", "x")}) == [box("a,b", "x,y")]


def test_a_product_that_nobody_else_is_in_need_not_be_complete() -> None:
    assert cover({("a", "x"), ("b", "y")}, {("c", "x")}) == [box("a,b", "x,y")]


def test_another_key_inside_the_product_splits_it() -> None:
    assert cover({("a", "x"), ("b", "y")}, {("a", "y")}) == [box("a", "x"), box("b", "y")]


def test_what_is_apart_is_not_joined() -> None:
    assert cover({("a", "x"), ("b", "x")}, (), apart=(0,)) == [box("a", "x"), box("b", "x")]


def test_a_label_that_tells_nothing_apart_is_left_out() -> None:
    assert widened(box("a,b", "x"), [0], {("c", "y")}) == (None, frozenset("x"))
    assert widened(box("a,b", "x"), [0], {("c", "x")}) == box("a,b", "x")


def test_however_many_boxes_it_takes_none_holds_another_key() -> None:
    wanted = {(str(n), str(n)) for n in range(20)}
    others = {(a, b) for a, _ in wanted for b, _ in wanted if a != b}

    assert sorted(cover(wanted, others), key=repr) == [
        box(*key) for key in sorted(wanted, key=lambda key: repr(box(*key)))
    ]
