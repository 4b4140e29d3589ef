"""Fingers on the picture."""

import pytest

from tests.e2e.conftest import OpenScripted
from tests.e2e.fingers import Fingers
from tests.e2e.view import Spot, View, is_near

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture(params=["telephone", "tablet"])
def view(open_scripted: OpenScripted, request: pytest.FixtureRequest) -> View:
    size = TELEPHONE if request.param == "telephone" else {"has_touch": True}
    view, _ = open_scripted(namespaces=3, **size)
    return view


@pytest.fixture
def fingers(view: View) -> Fingers:
    return Fingers(view)


def in_the_middle(view: View) -> Spot:
    """Return the node that is nearest to the middle of the picture."""
    box = view.page.locator(".canvas").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    spots = view.nodes().values()
    return min(spots, key=lambda spot: abs(spot["x"] - middle[0]) + abs(spot["y"] - middle[1]))


def beside(view: View, spot: Spot) -> Spot:
    """Return a place on the picture near a node where nothing is."""
    for far in range(20, 200, 4):
        for dx, dy in ((0, far), (0, -far), (far, 0), (-far, 0), (far, far), (-far, -far)):
            x, y = spot["x"] + dx, spot["y"] + dy
            if view.ask(f"hit({x}, {y})") is None and view.ask(f"hit({x}, {y + 6})") is None:
                return {"x": x, "y": y}
    raise AssertionError("no room")


def test_pinch_that_starts_on_a_node_zooms_and_moves_no_node(view: View, fingers: Fingers) -> None:
    before, zoom = view.places(), float(view.ask("zoom"))
    spot = in_the_middle(view)
    fingers.put(1, spot["x"], spot["y"])
    fingers.put(2, spot["x"] + 60, spot["y"])

    fingers.move((1, -30, 0), (2, 30, 0))
    fingers.lift()
    view.settle()

    assert float(view.ask("zoom")) == pytest.approx(2 * zoom, rel=0.1)
    assert view.places() == before
    view.until(lambda: "camera=" in view.page.url, "a camera of one's own")
    assert view.ask("hover") is None
    assert "node=" not in view.page.url


def test_node_goes_back_where_a_second_finger_makes_it_a_pinch(
    view: View, fingers: Fingers
) -> None:
    before, zoom = view.places(), float(view.ask("zoom"))
    spot = in_the_middle(view)
    fingers.put(1, spot["x"], spot["y"])
    fingers.move((1, 24, 12))
    assert view.places() != before

    fingers.put(2, spot["x"] + 100, spot["y"] + 12)
    fingers.move((1, 20, 0), (2, -20, 0))
    fingers.lift(2, 1)
    view.settle()

    assert view.places() == before
    assert float(view.ask("zoom")) < 0.8 * zoom


def test_one_finger_drags_a_node_and_leaves_the_camera(view: View, fingers: Fingers) -> None:
    before = view.nodes()
    spot = in_the_middle(view)
    fingers.put(1, spot["x"], spot["y"])
    fingers.move((1, 30, 20))
    fingers.lift()
    view.settle()

    after = view.nodes()
    moved = {name for name in before if not is_near(before[name], after[name])}
    assert moved == {spot["id"]}
    view.page.locator(".canvas").focus()
    view.press("Control+z")
    view.until(lambda: all(is_near(view.nodes()[id], before[id]) for id in before), "undone")


def test_one_finger_beside_nodes_pans(view: View, fingers: Fingers) -> None:
    before = view.nodes()
    spot = in_the_middle(view)
    start = beside(view, spot)
    fingers.put(1, start["x"], start["y"])
    fingers.move((1, 40, 30))
    fingers.lift()
    view.settle()

    after = view.nodes()[spot["id"]]
    # The first few pixels may be taken to tell a drag from a tap.
    assert after["x"] - before[spot["id"]]["x"] == pytest.approx(40, abs=16)
    assert after["y"] - before[spot["id"]]["y"] == pytest.approx(30, abs=16)


def test_resting_finger_asks_like_a_pointer_and_selects_nothing(
    view: View, fingers: Fingers
) -> None:
    spot = in_the_middle(view)
    fingers.put(1, spot["x"], spot["y"])
    view.until(lambda: view.ask("hover") == {"kind": "node", "id": spot["id"]}, "the answer")
    fingers.lift()
    assert view.ask("hover") is not None
    assert "node=" not in view.page.url
    view.shoot("touch-rest")

    # The next touch is another question.
    free = beside(view, spot)
    fingers.put(1, free["x"], free["y"])
    fingers.lift()
    view.until(lambda: view.ask("hover") is None, "nothing asked")


def test_node_can_be_dragged_after_a_rest(view: View, fingers: Fingers) -> None:
    before = view.places()
    spot = in_the_middle(view)
    fingers.put(1, spot["x"], spot["y"])
    view.until(lambda: view.ask("hover") is not None, "the answer")
    fingers.move((1, 30, 40))
    fingers.lift()
    view.settle()
    assert view.places() != before

    view.page.locator(".canvas").focus()
    view.press("Control+z")

    view.until(lambda: view.places() == before, "undone")


def test_tap_selects(view: View, fingers: Fingers) -> None:
    spot = in_the_middle(view)
    fingers.put(1, spot["x"], spot["y"])
    fingers.lift()

    view.until(lambda: "node=" in view.page.url, "a selection")
