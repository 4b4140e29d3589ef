"""What is asked of the picture: Find, Hide, focus, quick filters and search, in a real browser."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View
from tests.served import Served


def _names(view: View) -> set[str]:
    return set(view.nodes())


def test_hide_takes_nodes_out_and_the_address_keeps_it(view: View) -> None:
    before = len(view.nodes())
    view.page.locator("#ask-hide").fill("ns = boutique or ns = bookinfo")
    view.press("Enter")
    view.until(lambda: len(view.nodes()) < before, "fewer nodes")
    expect(view.page.locator(".hidden-count")).to_contain_text("nodes")
    left = _names(view)
    assert not [name for name in left if "boutique" in name or "bookinfo" in name]

    view.page.reload()
    view.settle()

    assert _names(view) == left
    expect(view.page.locator("#ask-hide")).to_have_value("ns = boutique or ns = bookinfo")


def test_what_is_hidden_comes_back_to_its_place(view: View) -> None:
    spot = view.node("productpage")
    others = view.node("frontpage")
    view.page.locator("#ask-hide").fill("ns = bookinfo")
    view.press("Enter")
    view.until(lambda: not any("productpage" in name for name in view.nodes()), "no productpage")

    view.page.get_by_label("Clear Hide").click()
    view.until(lambda: any("productpage" in name for name in view.nodes()), "productpage again")
    view.settle()

    moved = (view.node("productpage")["x"] - view.node("frontpage")["x"]) - (
        spot["x"] - others["x"]
    )
    assert abs(moved) < 1


def test_find_lights_up_while_one_types_and_counts(view: View) -> None:
    plain = view.picture()
    view.page.locator("#ask-find").fill("name = reviews and version = v2")

    expect(view.page.locator(".ask-find .ask-count")).to_have_text(
        f"1 of {len(view.nodes())} nodes, 0 edges"
    )
    view.until(lambda: view.picture() != plain, "a picture that fades")
    view.shoot("find")


def test_completion_by_keyboard_alone(view: View) -> None:
    view.page.locator(".canvas").focus()
    view.press("q")
    field = view.page.locator("#ask-find")
    expect(field).to_be_focused()
    view.page.keyboard.type("nam")
    expect(view.page.locator("#ask-find[aria-expanded=true]")).to_have_count(1)
    view.press("Tab")
    view.press("Tab")
    expect(field).to_have_value("name ")

    view.page.locator("#ask-find").fill("ns ")
    view.page.keyboard.type("=")
    view.press("ArrowDown")
    view.press("Enter")

    assert field.input_value().startswith("ns = ")
    assert field.input_value() != "ns = "


def test_a_mistake_is_marked_and_mended(view: View) -> None:
    view.page.locator("#ask-find").fill("rps > 1 and helth = failing")
    view.press("Enter")
    expect(view.page.locator(".problem mark")).to_have_text("helth")
    view.shoot("mistake")

    view.page.locator(".problem .link").click()

    expect(view.page.locator("#ask-find")).to_have_value("rps > 1 and health = failing")
    expect(view.page.locator(".problem")).to_have_count(0)
    assert "helth" not in view.page.url


def test_focus_by_key_grows_and_ends(view: View) -> None:
    whole = _names(view)
    view.click(view.node("ratings"))
    view.page.locator(".canvas").focus()
    view.press("n")
    view.until(lambda: len(view.nodes()) < len(whole), "a focus")
    one = _names(view)
    assert any("ratings" in name for name in one)

    view.press("2")
    view.until(lambda: len(view.nodes()) > len(one), "one call more")
    view.settle().shoot("focus")
    assert one < _names(view) < whole
    view.page.locator(".focus-chip select").select_option("down")
    view.until(lambda: len(view.nodes()) < len(one) + 1, "only what it calls")

    view.page.get_by_label("Leave the focus").click()

    view.until(lambda: _names(view) == whole, "everything again")


def test_quick_filters_leave_what_is_in_trouble(view: View) -> None:
    nodes, edges = len(view.nodes()), len(view.edges())
    view.page.locator(".quick .control").click()
    view.page.locator("input[name=edge-mode][value=unhealthy]").check()
    view.until(lambda: len(view.edges()) < edges, "fewer edges")
    assert len(view.nodes()) == nodes
    view.page.locator("input[name=edge-mode][value=none]").check()
    view.until(lambda: not view.edges(), "no edges")

    view.page.locator("input[name=edge-mode][value=all]").check()
    view.page.locator("input[name=minRps]").press("End")
    view.until(lambda: 0 < len(view.edges()) < edges, "only busy edges")
    view.until(lambda: len(view.nodes()) < nodes, "only what they join")
    view.press("Escape")
    view.page.get_by_role("button", name="Clear all").click()

    view.until(lambda: len(view.nodes()) == nodes, "everything again")


def test_search_lists_and_goes(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("rev")
    rows = view.page.locator(".search [role=option]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("bookinfo")
    view.press("ArrowDown")
    chosen = rows.nth(1).inner_text().split("\n")[0].strip()
    view.press("Enter")

    expect(view.page.locator(".panel h2")).to_contain_text(chosen)


def test_help_comes_from_the_language(view: View) -> None:
    view.page.locator(".findbar > .icon-button").click()
    dialog = view.page.locator("dialog[open]")
    expect(dialog.locator("tbody tr").first).to_contain_text("name")
    view.shoot("query-help")

    dialog.get_by_role("button", name="Find ns = bookinfo").click()

    expect(view.page.locator("#ask-find")).to_have_value("ns = bookinfo")


def test_a_small_screen_keeps_the_room_for_the_picture(open_view: OpenView, served: Served) -> None:
    size = {"width": 390, "height": 780}
    view = open_view(served, viewport=size, reduced_motion="reduce").open()
    expect(view.page.locator(".findbar")).to_have_count(0)

    view.page.locator(".toolbar-fold").click()
    view.page.get_by_role("button", name="Find and hide").click()

    box = view.page.locator("#ask-find").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert view.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    view.shoot("asking-small")
