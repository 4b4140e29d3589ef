"""Layouts, places, camera and motion, on a small mesh that the test sends itself."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.conftest import OpenView
from tests.e2e.scripted import ScriptedServer, mesh_of
from tests.e2e.view import Spot, View, is_near
from tests.served import Served

LAYOUTS = ("force", "layered", "concentric", "grid")
REST = {"reduced_motion": "reduce"}

Open = Callable[..., tuple[View, ScriptedServer]]


@pytest.fixture
def open_scripted(open_view: OpenView, served: Served) -> Iterator[Open]:
    """Return a function that opens a page with a mesh that the server itself knows nothing of."""
    views: list[View] = []

    def opened(query: str = "", namespaces: int = 4, **context: Any) -> tuple[View, ScriptedServer]:
        view = open_view(served, **(REST | context))
        views.append(view)
        server = ScriptedServer(view.page, mesh_of(namespaces))
        return view.open(query), server

    yield opened
    for view in views:
        # Panels ask for queries behind the numbers of what only the test has made up.
        view.complaints[:] = [each for each in view.complaints if "404" not in each]


def places(view: View) -> dict[str, tuple[float, float]]:
    """Return where nodes stand to each other, whatever the camera does."""
    zoom = float(view.ask("zoom"))
    spots = view.nodes()
    first = spots[min(spots)]
    return {
        name: (round((spot["x"] - first["x"]) / zoom), round((spot["y"] - first["y"]) / zoom))
        for name, spot in spots.items()
    }


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


def drag(view: View, spot: Spot, dx: int, dy: int) -> None:
    mouse = view.page.mouse
    mouse.move(spot["x"], spot["y"])
    mouse.down()
    mouse.move(spot["x"] + dx, spot["y"] + dy, steps=4)
    mouse.up()
    view.settle()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_two_viewers_see_the_same(open_scripted: Open, layout: str) -> None:
    one, _ = open_scripted(f"?layout={layout}")
    other, _ = open_scripted(f"?layout={layout}")

    assert places(one) == places(other)


def test_every_layout_has_places_of_its_own(open_scripted: Open) -> None:
    view, _ = open_scripted()
    seen = {}
    for layout in LAYOUTS:
        choose(view, layout)
        seen[layout] = places(view)

    assert len({tuple(sorted(each.items())) for each in seen.values()}) == len(LAYOUTS)
    for layout in LAYOUTS:
        choose(view, layout)
        assert places(view) == seen[layout]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_newcomers_move_nobody(open_scripted: Open, layout: str) -> None:
    view, server = open_scripted(f"?layout={layout}", namespaces=6)
    # A node that somebody placed: nothing is laid out anew, however young the picture is.
    drag(view, view.node("team-000-w1"), 10, 10)
    before = places(view)
    server.mesh = mesh_of(7)
    server.tick()
    view.until(lambda: len(view.nodes()) > len(before), "newcomers")
    view.settle()

    after = places(view)
    first = min(before)
    moved = {name: (x - after[first][0], y - after[first][1]) for name, (x, y) in after.items()}
    assert {name: moved[name] for name in before} == before


def test_moves_and_tidying_up_are_taken_back(open_scripted: Open) -> None:
    view, _ = open_scripted()
    start = places(view)
    drag(view, view.node("team-001-w2"), 60, 70)
    dragged = places(view)
    assert dragged != start
    view.page.get_by_role("button", name="Tidy up").click()
    view.until(lambda: bool(view.ask("settled")) and places(view) == start, "a tidy picture")

    view.press("Control+z")
    view.until(lambda: places(view) == dragged, "what was before tidying up")
    view.press("Control+z")
    view.until(lambda: places(view) == start, "what was before the move")
    view.press("Control+Shift+z")
    view.until(lambda: places(view) == dragged, "the move again")


def test_what_was_moved_stays_across_layouts_and_reloads(open_scripted: Open) -> None:
    view, _ = open_scripted()
    drag(view, view.node("team-001-w2"), 60, 70)
    dragged = places(view)
    choose(view, "grid")
    choose(view, "force")
    assert places(view) == dragged

    view.until(
        lambda: "team-001" in str(view.page.evaluate("Object.values(localStorage).join()")),
        "remembered places",
    )
    view.page.reload()
    view.settle()
    assert places(view) == dragged


def test_the_address_says_where_somebody_stands(open_scripted: Open) -> None:
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


def test_ticks_never_move_a_camera_that_is_somebodys(open_scripted: Open) -> None:
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


def test_arrows_follow_the_calls(open_scripted: Open) -> None:
    view, _ = open_scripted()
    view.click(view.node("team-001-w1"))
    view.page.locator(".canvas").focus()

    view.press("ArrowRight")
    view.until(lambda: "team-001-w2" in view.page.url, "the callee")
    view.press("ArrowLeft")
    view.until(lambda: "team-001-w1" in view.page.url, "the caller")


def test_shift_and_arrow_move_the_picture(open_scripted: Open) -> None:
    view, _ = open_scripted()
    before = view.node("team-000-w0")
    view.page.locator(".canvas").focus()
    view.press("Shift+ArrowRight")
    view.until(lambda: view.node("team-000-w0")["x"] < before["x"] - 60, "a picture further left")


def test_the_picker_says_why_nothing_moves(open_scripted: Open) -> None:
    view, _ = open_scripted()
    view.page.get_by_role("button", name="Layout: Free").click()
    view.wait_for_text(".option-hint", "asks for less motion")
    view.page.get_by_role("radio", name="Rings").check()
    view.until(lambda: "layout=concentric" in view.page.url, "rings in the address")


def test_the_sign_at_a_box_makes_one_node_of_it(open_scripted: Open) -> None:
    view, _ = open_scripted()
    sign = view.ask("sign('team-001')")
    assert sign is not None
    view.click(sign)
    view.until(lambda: "collapse=team-001" in view.page.url, "a collapsed namespace")


def test_a_finger_asks_and_taps(open_scripted: Open) -> None:
    view, _ = open_scripted(has_touch=True)
    spot = view.node("team-000-w0")
    view.page.touchscreen.tap(spot["x"], spot["y"])
    view.until(lambda: "team-000-w0" in view.page.url, "a selected node")
