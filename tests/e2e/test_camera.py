"""The camera: whose it is, and what moves it."""

from tests.e2e.conftest import OpenScripted
from tests.e2e.test_layouts import choose
from tests.e2e.view import Spot, View, is_near


def spread(view: View) -> dict[str, float]:
    """Return the rectangle round all nodes, as it is on the screen."""
    spots = view.nodes().values()
    xs, ys = [spot["x"] for spot in spots], [spot["y"] for spot in spots]
    return {"left": min(xs), "right": max(xs), "top": min(ys), "bottom": max(ys)}


def is_fit(view: View) -> bool:
    """Tell whether the picture is where the key for all of it puts it."""
    before = view.nodes()
    view.press("0")
    view.settle()
    after = view.nodes()
    return all(is_within(before[name], spot) for name, spot in after.items())


def is_within(a: Spot, b: Spot) -> bool:
    """Tell whether two spots are the same but for a step of an animation."""
    return bool(abs(a["x"] - b["x"]) < 1 and abs(a["y"] - b["y"]) < 1)


def turn_wheel(view: View) -> None:
    """Zoom in by the wheel, and wait for the address."""
    spot = view.node("team-000-w0")
    view.page.mouse.move(spot["x"], spot["y"])
    view.page.mouse.wheel(0, -200)
    view.until(lambda: "camera=" in view.page.evaluate("location.search"), "the wheel's zoom")
    view.settle()


def test_the_wheel_is_written_to_the_address(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    first = float(view.ask("zoom"))
    turn_wheel(view)

    zoom, spot = float(view.ask("zoom")), view.node("team-000-w0")
    assert zoom > first
    view.page.reload()
    view.settle()
    assert abs(float(view.ask("zoom")) / zoom - 1) < 0.01
    again = view.node("team-000-w0")
    assert abs(again["x"] - spot["x"]) < 8
    assert abs(again["y"] - spot["y"]) < 8


def test_a_camera_that_nobody_moved_shows_every_layout_whole(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    for layout in ("layered", "concentric", "grid", "force"):
        choose(view, layout)
        assert is_fit(view), layout


def test_what_made_room_for_a_panel_comes_back(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    before = view.nodes()
    rightmost = max(before.values(), key=lambda spot: spot["x"])
    view.click(rightmost)
    view.until(lambda: view.node(rightmost["id"])["x"] < rightmost["x"] - 20, "room for the panel")
    view.settle()
    view.press("Escape")
    view.until(lambda: is_within(view.node(rightmost["id"]), rightmost), "the picture as before")


def test_a_picture_that_was_opened_beside_a_panel_takes_its_place(
    open_scripted: OpenScripted,
) -> None:
    view, _ = open_scripted()
    name, whole = view.node("team-001-w2")["id"], spread(view)
    view.page.evaluate(
        "id => history.replaceState(null, '', `?node=${encodeURIComponent(id)}`)", name
    )
    view.page.reload()
    view.until(lambda: view.has(".panel"), "a panel")
    view.settle()
    view.press("0")
    view.until(lambda: spread(view)["right"] < whole["right"] - 20, "room for the panel")
    view.settle()
    view.press("Escape")
    view.until(lambda: abs(spread(view)["right"] - whole["right"]) < 1, "the whole picture")


def test_a_camera_that_is_somebodys_stays_when_the_panel_closes(
    open_scripted: OpenScripted,
) -> None:
    view, _ = open_scripted()
    view.click(view.node("team-001-w2"))
    view.until(lambda: view.has(".panel"), "a panel")
    turn_wheel(view)
    before = view.node("team-000-w0")
    view.press("Escape")
    view.until(lambda: not view.has(".panel"), "no panel")
    view.settle()
    assert is_near(view.node("team-000-w0"), before)


def test_dragging_a_node_moves_no_camera(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    before = view.nodes()
    lowest = max(before.values(), key=lambda spot: spot["y"])
    view.drag(lowest, 40, 880 - int(lowest["y"]))

    after = view.nodes()
    assert after[lowest["id"]]["y"] > lowest["y"] + 20
    others = set(before) - {lowest["id"]}
    assert all(is_within(before[name], after[name]) for name in others)
