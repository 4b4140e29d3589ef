"""The picture: what is drawn, in which colours, and that it holds still."""

from itertools import pairwise

from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View, is_near
from tests.served import Served


def test_whole_graph_of_the_api_is_drawn(view: View, served: Served) -> None:
    graph = served.graph("type=versioned_app")

    view.until(lambda: len(view.nodes()) == len(graph["nodes"]), "every node")
    assert set(view.nodes()) == {node["id"] for node in graph["nodes"]}
    assert set(view.edges()) == {edge["id"] for edge in graph["edges"]}
    view.shoot("first-light")


def test_whole_graph_is_in_sight(view: View) -> None:
    box = view.page.locator(".canvas").bounding_box()
    assert box is not None

    for spot in view.nodes().values():
        assert box["x"] < spot["x"] < box["x"] + box["width"]
        assert box["y"] < spot["y"] < box["y"] + box["height"]


def test_failing_edge_is_red_and_healthy_edge_is_green(open_view: OpenView, served: Served) -> None:
    # Without labels nothing covers the middle of a line.
    view = open_view(served, reduced_motion="reduce").open("?labels=")
    failing = view.edge("checkoutservice", "|", "paymentservice")
    healthy = view.edge("bombardier", "frontpage")

    reds = view.colours_near(failing, reach=10)
    greens = view.colours_near(healthy)

    assert any(r > 180 and r > 1.8 * g and r > 1.5 * b for r, g, b in reds)
    assert any(g > 130 and g > 1.5 * r for r, g, b in greens)
    assert not any(r > 180 and r > 1.8 * g for r, g, b in greens)


def test_dots_move_while_the_picture_is_not_redrawn(open_view: OpenView, served: Served) -> None:
    view = open_view(served).open()
    busy = view.edge("bombardier", "frontpage")

    def moved() -> bool:
        before = view.ask("frames")
        first = view.picture_round(busy)
        second = view.picture_round(busy)
        return view.ask("frames") == before and first != second

    view.until(moved, "dots that move on their own")


def test_nothing_moves_for_those_who_asked_for_rest(view: View) -> None:
    view.press("p")
    expect(view.page.locator(".banner-calm")).to_be_visible()

    def at_rest() -> bool:
        return view.picture() == view.picture()

    view.until(at_rest, "two equal pictures")


def test_labels_appear_and_go(view: View) -> None:
    view.press("p")
    view.page.get_by_role("button", name="Edge labels").click()
    with_labels = view.picture()
    for name in ("Request rate (RPS)", "Error %", "mTLS locks"):
        view.page.get_by_label(name).uncheck()

    view.until(lambda: view.picture() != with_labels, "a picture without labels")
    assert "labels=" in view.page.url
    view.page.get_by_label("Latency p95").check()
    assert "labels=p95" in view.page.url


def test_places_hold_still_across_ticks(view: View) -> None:
    before = view.nodes()

    view.wait_for_ticks(3)

    after = view.nodes()
    assert all(is_near(after[name], spot) for name, spot in before.items() if name in after)


def test_places_hold_still_across_a_reload(view: View) -> None:
    before = view.nodes()
    # Places are written down shortly after they are found.
    view.until(
        lambda: bool(
            view.page.evaluate("localStorage.getItem('meshviz.places.force.versioned_app')")
        ),
        "remembered places",
    )

    view.page.reload()
    view.settle()

    after = view.nodes()
    assert all(is_near(after[name], spot) for name, spot in before.items() if name in after)


def test_two_viewers_see_the_same_picture(view: View, open_view: OpenView, served: Served) -> None:
    other = open_view(served, reduced_motion="reduce").open()
    mine, theirs = view.nodes(), other.nodes()

    assert mine.keys() == theirs.keys()
    assert all(is_near(spot, theirs[name]) for name, spot in mine.items())


def test_dragged_node_stays_where_it_was_put(view: View) -> None:
    start = view.node("ratings/v1")
    others = {name: spot for name, spot in view.nodes().items() if name != start["id"]}
    view.page.mouse.move(start["x"], start["y"])
    view.page.mouse.down()
    view.page.mouse.move(start["x"] + 40, start["y"] + 60, steps=4)
    view.page.mouse.up()

    moved = view.settle().node("ratings/v1")
    assert abs(moved["x"] - start["x"] - 40) < 2
    assert abs(moved["y"] - start["y"] - 60) < 2
    view.wait_for_ticks(2)
    assert is_near(view.node("ratings/v1"), moved)
    assert all(is_near(view.nodes()[name], spot) for name, spot in others.items())


def test_parallel_edges_are_drawn_apart(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce").open("?type=namespace")
    loops = [s for name, s in view.edges().items() if _is_loop(name, "smm-demo")]

    assert len(loops) >= 2
    heights = sorted(spot["y"] for spot in loops)
    assert all(low + 4 < high for low, high in pairwise(heights))
    view.shoot("namespaces")


def _is_loop(edge: str, name: str) -> bool:
    source, target, _ = edge.split("|")
    return source == target and name in source
