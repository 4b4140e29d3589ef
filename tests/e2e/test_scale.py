"""A mesh that is too large for one picture, a Prometheus that is slow, a server that is full."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.scripted import ScriptedServer, mesh_of, team
from tests.e2e.view import View
from tests.faultserver import FaultServer
from tests.served import Served

REST = {"reduced_motion": "reduce"}
PATIENCE_MS = 30_000
NAMESPACES = 30


@pytest.fixture(scope="module")
def shell() -> Iterator[Served]:
    """Serve the page; its websocket is played by the test."""
    with FaultServer() as prometheus, Served(prometheus.url, windows="15s,1m", window="15s") as it:
        yield it


@pytest.fixture
def large(open_view: OpenView, shell: Served) -> tuple[View, ScriptedServer]:
    """A page whose mesh is shown as namespaces, since one picture may have 50 nodes."""
    view = open_view(shell, **REST)
    server = ScriptedServer(view.page, mesh_of(NAMESPACES), most_nodes=50)
    return view.open(), server


def trail(view: View) -> str:
    return view.text(".trail nav").replace("\n", " ")


def order(view: View) -> list[str]:
    """Return the nodes from left to right."""
    spots = view.nodes().values()
    return [s["id"] for s in sorted(spots, key=lambda s: (round(s["x"]), round(s["y"])))]


def test_overview_says_why_and_opens_by_double_click(large: tuple[View, ScriptedServer]) -> None:
    view, _ = large
    assert len(view.nodes()) == NAMESPACES
    hint = view.page.locator(".trail")
    expect(hint).to_contain_text(
        "About 180 versioned apps with 179 edges are too many for one picture"
    )
    expect(hint).to_contain_text("at most 50 nodes")
    view.shoot("overview")

    spot = view.node(team(3))
    view.page.mouse.dblclick(spot["x"], spot["y"])

    view.until(lambda: len(view.nodes()) > 5 and len(view.nodes()) < NAMESPACES, "its inside")
    view.settle()
    assert trail(view) == f"All namespaces {team(3)}"
    assert f"namespace={team(3)}" in view.page.url
    expect(view.page.locator(".trail p")).to_have_count(0)
    expect(view.page.locator("[data-announcer]")).to_have_text(f"Showing {team(3)}")
    view.shoot("inside-namespace")


def test_browser_goes_back_and_forward_through_namespaces(
    large: tuple[View, ScriptedServer],
) -> None:
    view, _ = large
    before = order(view)
    spot = view.node(team(1))
    view.page.mouse.dblclick(spot["x"], spot["y"])
    view.until(lambda: len(view.nodes()) < NAMESPACES, "its inside")

    view.page.go_back()
    view.until(lambda: len(view.nodes()) == NAMESPACES, "the overview")
    # The first click of the two chose the namespace.
    expect(view.page.locator(".panel h2")).to_have_text(team(1))
    view.settle()
    # The whole is fitted anew, beside the panel by then: what stays is the order.
    assert order(view) == before

    view.page.go_forward()
    view.until(lambda: len(view.nodes()) < NAMESPACES, "its inside again")


def test_namespaces_are_gone_through_with_keys_alone(large: tuple[View, ScriptedServer]) -> None:
    view, _ = large
    view.page.locator(".canvas").focus()
    view.press("ArrowRight")
    expect(view.page.locator("[data-announcer]")).to_contain_text("selected")
    view.press("Enter")
    view.until(lambda: len(view.nodes()) < NAMESPACES, "the inside of the first")

    view.page.locator(".trail button").focus()
    view.press("Enter")

    view.until(lambda: len(view.nodes()) == NAMESPACES, "the overview")
    assert "namespace=" not in view.page.url


def test_neighbour_is_opened_from_its_panel(large: tuple[View, ScriptedServer]) -> None:
    view, _ = large
    view.page.goto(f"{view.url}/?namespace={team(1)}")
    view.settle().click(view.node(team(0)))

    view.page.locator(".panel").get_by_role("button", name=f"Open {team(0)}").click()

    view.until(lambda: trail(view) == f"All namespaces {team(0)}", "the neighbour")
    expect(view.page.locator(".panel")).to_have_count(0)


def test_namespace_is_opened_from_the_table(large: tuple[View, ScriptedServer]) -> None:
    view, _ = large
    view.press("t")
    row = view.page.locator(".tables tbody tr", has_text=team(7)).first
    view.shoot("overview-table")

    row.get_by_role("button", name=f"Open {team(7)}").click()

    view.until(lambda: team(7) in trail(view), "the namespace")


def test_graph_of_namespaces_chosen_by_hand_opens_and_comes_back(
    open_view: OpenView, shell: Served
) -> None:
    view = open_view(shell, **REST)
    ScriptedServer(view.page, mesh_of(5))
    view.open("?type=service")
    view.page.locator(".segment:has(input[value=namespace])").click()
    view.until(lambda: len(view.nodes()) == 5, "the namespaces")
    spot = view.settle().node(team(0))
    view.page.mouse.dblclick(spot["x"], spot["y"])
    view.until(lambda: len(view.nodes()) > 5, "the inside, as services")
    assert "type=service" in view.page.url

    view.page.locator(".trail button").click()

    view.until(lambda: len(view.nodes()) == 5, "the namespaces again")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_overview_reads_well_in_japanese(open_view: OpenView, shell: Served, theme: str) -> None:
    view = open_view(shell, **REST, locale="ja-JP", color_scheme=theme)
    ScriptedServer(view.page, mesh_of(NAMESPACES), most_nodes=50)
    view.open()

    expect(view.page.locator(".trail")).to_contain_text("180 個のバージョン別アプリ")
    view.shoot(f"overview-ja-{theme}")


def test_picker_copes_with_five_hundred_namespaces(open_view: OpenView, shell: Served) -> None:
    view = open_view(shell, **REST)
    ScriptedServer(view.page, mesh_of(500, 1), most_nodes=50)
    view.open()
    assert len(view.nodes()) == 500
    view.shoot("overview-500")
    view.page.get_by_role("button", name=re.compile("^Namespaces")).click()
    box = view.page.locator(".toolbar .popover-box")
    expect(box.locator("li")).to_have_count(100)
    expect(box).to_contain_text("400 more are not listed")

    box.locator("input[type=search]").fill("team-437")
    view.shoot("picker-500")
    box.get_by_label(team(437)).check()

    view.until(lambda: team(437) in trail(view), "the namespace")


def test_stretched_cadence_says_why_and_what_to_do(open_view: OpenView, shell: Served) -> None:
    view = open_view(shell, **REST)
    server = ScriptedServer(view.page, mesh_of(3))
    server.source = {
        "cadence_s": 12.4,
        "slow_cadence_s": 60.0,
        "slow_age_s": 34.0,
        "query_ms": 3100.0,
    }
    view.open()
    button = view.page.locator(".cadence button")
    expect(button).to_contain_text("Every 12 s instead of 5 s")

    button.click()

    box = view.page.locator(".cadence .popover-box")
    expect(box).to_contain_text("3.1 s")
    expect(box).to_contain_text("25 % of the time")
    expect(box).to_contain_text("recording rules")
    view.shoot("cadence")
    view.press("Escape")
    view.click(view.node(f"{team(0)}-w1"))
    expect(view.page.locator(".slow-note")).to_contain_text("renewed every 60 s")
    view.shoot("slow-lane")

    server.say(cadence_s=5.0)

    expect(view.page.locator(".cadence")).to_have_count(0)


@pytest.mark.parametrize("reason", ["no_worker", "no_redis", "overdue"])
def test_lost_workers_dim_the_picture_until_they_are_back(
    open_view: OpenView, shell: Served, reason: str
) -> None:
    view = open_view(shell, **REST)
    server = ScriptedServer(view.page, mesh_of(3))
    view.open()
    view.page.evaluate("window.stillTheSamePage = true")
    nodes = set(view.nodes())

    server.say(state="stale", reason=reason, age_s=17.0)
    banner = view.page.locator(f".banner[data-reason={reason}]")
    expect(banner).to_contain_text("17 s old")
    expect(view.page.locator(".canvas-old")).to_be_visible()
    expect(view.page.locator(".statusbar")).not_to_contain_text("Prometheus answers")
    assert set(view.nodes()) == nodes
    view.shoot(f"stale-{reason}")

    server.source = {}
    server.tick()

    expect(banner).to_have_count(0)
    expect(view.page.locator(".canvas-old")).to_have_count(0)
    assert view.page.evaluate("window.stillTheSamePage") is True


@pytest.mark.parametrize("reason", ["no_worker", "no_redis"])
def test_workers_that_never_were_have_their_card(
    open_view: OpenView, shell: Served, reason: str
) -> None:
    view = open_view(shell, **REST)
    server = ScriptedServer(view.page, mesh_of(0))
    server.source = {"state": "down", "reason": reason}
    view.page.goto(view.url)
    card = view.page.locator(f".card[data-reason={reason}]")
    expect(card).to_be_visible()
    expect(card).to_contain_text("What to do")
    view.shoot(f"empty-{reason}")

    server.source, server.mesh = {}, mesh_of(3)
    server.tick()

    expect(card).to_have_count(0)
    view.settle()


def test_full_server_is_not_called_lost_and_is_found_again(
    open_view: OpenView, shell: Served
) -> None:
    view = open_view(shell, **REST)
    server = ScriptedServer(view.page, mesh_of(3))
    server.full = "viewers"
    view.page.goto(view.url)
    card = view.page.locator(".card[data-reason=full]")
    expect(card).to_contain_text("already serves 64 viewers")
    expect(card).to_contain_text("MESHVIZ_MAX_VIEWERS")
    view.shoot("full-viewers")

    server.full = None
    view.page.get_by_role("button", name="Retry now").click()

    expect(card).to_have_count(0)
    view.settle()


def test_picture_that_is_one_too_many_leaves_the_one_on_screen(
    open_view: OpenView, shell: Served
) -> None:
    view = open_view(shell, **REST)
    server = ScriptedServer(view.page, mesh_of(3))
    view.open("?type=app")
    nodes = set(view.nodes())
    server.full = "views"

    view.page.locator(".segment:has(input[value=namespace])").click()

    banner = view.page.locator(".banner[data-reason=views]")
    expect(banner).to_contain_text("The one on screen stays")
    expect(view.page.locator("input[value=app]")).to_be_checked()
    assert "type=app" in view.page.url
    assert set(view.nodes()) == nodes
    view.shoot("full-views")
    banner.get_by_role("button", name="Close").click()
    expect(banner).to_have_count(0)
