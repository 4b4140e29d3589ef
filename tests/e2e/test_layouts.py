"""Layouts, places, camera and motion, on a small mesh that the test sends itself."""

import pytest

from tests.e2e.conftest import OpenScripted
from tests.e2e.scripted import mesh_of
from tests.e2e.view import View, is_near

LAYOUTS = ("force", "layered", "concentric", "grid")


def choose(view: View, layout: str) -> None:
    """Press L until the address says so."""
    for _ in LAYOUTS:
        if _layout(view) == layout:
            break
        view.press("l")
    assert _layout(view) == layout
    view.settle()


def _layout(view: View) -> str:
    found = view.page.evaluate("() => new URL(location.href).searchParams.get('layout')")
    return str(found or "force")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_two_viewers_see_the_same(open_scripted: OpenScripted, layout: str) -> None:
    one, _ = open_scripted(f"?layout={layout}")
    other, _ = open_scripted(f"?layout={layout}")

    assert one.places() == other.places()


def test_every_layout_has_places_of_its_own(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    seen = {}
    for layout in LAYOUTS:
        choose(view, layout)
        seen[layout] = view.places()

    assert len({tuple(sorted(each.items())) for each in seen.values()}) == len(LAYOUTS)
    for layout in LAYOUTS:
        choose(view, layout)
        assert view.places() == seen[layout]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_newcomers_move_nobody(open_scripted: OpenScripted, layout: str) -> None:
    view, server = open_scripted(f"?layout={layout}", namespaces=6)
    # A node that somebody placed: nothing is laid out anew, however young the picture is.
    view.drag(view.node("team-000-w1"), 10, 10)
    before = view.places()
    server.mesh = mesh_of(7)
    server.tick()
    view.until(lambda: len(view.nodes()) > len(before), "newcomers")
    view.settle()

    after = view.places()
    first = min(before)
    moved = {name: (x - after[first][0], y - after[first][1]) for name, (x, y) in after.items()}
    assert {name: moved[name] for name in before} == before


def test_moves_and_tidying_up_are_taken_back(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    start = view.places()
    view.drag(view.node("team-001-w2"), 60, 70)
    dragged = view.places()
    assert dragged != start
    view.page.get_by_role("button", name="Tidy up").click()
    view.until(lambda: bool(view.ask("settled")) and view.places() == start, "a tidy picture")

    view.press("Control+z")
    view.until(lambda: view.places() == dragged, "what was before tidying up")
    view.press("Control+z")
    view.until(lambda: view.places() == start, "what was before the move")
    view.press("Control+Shift+z")
    view.until(lambda: view.places() == dragged, "the move again")


def test_what_was_moved_stays_across_layouts_and_reloads(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    view.drag(view.node("team-001-w2"), 60, 70)
    dragged = view.places()
    choose(view, "grid")
    choose(view, "force")
    assert view.places() == dragged

    view.until(
        lambda: "team-001" in str(view.page.evaluate("Object.values(localStorage).join()")),
        "remembered places",
    )
    view.page.reload()
    view.settle()
    assert view.places() == dragged


def test_the_address_says_where_somebody_stands(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    assert "camera=" not in view.page.url
    view.press("+")
    view.until(lambda: "camera=" in view.page.url, "a camera in the address")
    view.settle()
    zoom, spot = float(view.ask("zoom")), view.node("team-000-w0")
    view.page.reload()
    view.settle()

    assert float(view.ask("zoom")) == pytest.approx(zoom, rel=0.01)
    again = view.node("team-000-w0")
    assert abs(again["x"] - spot["x"]) < 8
    assert abs(again["y"] - spot["y"]) < 8
    view.press("0")
    view.until(lambda: "camera=" not in view.page.url, "a free camera")


def test_ticks_never_move_a_camera_that_is_somebodys(open_scripted: OpenScripted) -> None:
    view, server = open_scripted()
    view.press("+")
    view.until(lambda: "camera=" in view.page.url, "a camera in the address")
    view.settle()
    spot = view.node("team-000-w0")
    server.mesh = mesh_of(5)
    server.tick()
    view.until(lambda: any("team-004" in name for name in view.nodes()), "newcomers")
    view.settle()

    assert is_near(view.node("team-000-w0"), spot)


def test_arrows_follow_the_calls(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    view.click(view.node("team-001-w1"))
    view.page.locator(".canvas").focus()

    view.press("ArrowRight")
    view.until(lambda: "team-001-w2" in view.page.url, "the callee")
    view.press("ArrowLeft")
    view.until(lambda: "team-001-w1" in view.page.url, "the caller")


def test_shift_and_arrow_move_the_picture(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    before = view.node("team-000-w0")
    view.page.locator(".canvas").focus()
    view.press("Shift+ArrowRight")
    view.until(lambda: view.node("team-000-w0")["x"] < before["x"] - 60, "a picture further left")


def test_the_picker_says_why_nothing_moves(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    view.page.get_by_role("button", name="Layout: Free").click()
    view.wait_for_text(".option-hint", "asks for less motion")
    view.page.get_by_role("radio", name="Rings").check()
    view.until(lambda: "layout=concentric" in view.page.url, "rings in the address")


def test_the_sign_at_a_box_makes_one_node_of_it(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted()
    sign = view.ask("sign('team-001')")
    assert sign is not None
    view.click(sign)
    view.until(lambda: "collapse=team-001" in view.page.url, "a collapsed namespace")


def test_a_finger_asks_and_taps(open_scripted: OpenScripted) -> None:
    view, _ = open_scripted(has_touch=True)
    spot = view.node("team-000-w0")
    view.page.touchscreen.tap(spot["x"], spot["y"])
    view.until(lambda: "team-000-w0" in view.page.url, "a selected node")
