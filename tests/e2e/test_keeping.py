"""What is taken along of the picture: files, links, and the wall."""

import csv
import json
import re
import struct
from io import StringIO
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.scripted import ScriptedServer, mesh_of
from tests.e2e.view import View
from tests.served import Served

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_picture_is_saved_twice_as_sharp(theme: str, open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce", color_scheme=theme).open()
    file = saved(view, "Picture (PNG)")

    data = file.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert (width, height) >= (1800, 1000)
    assert re.fullmatch(r"meshviz-versioned_app-15s-\d{8}T\d{6}Z\.png", file.name)


def test_drawing_has_every_name_and_no_script(view: View) -> None:
    drawing = saved(view, "Drawing (SVG)")
    root = ElementTree.parse(drawing).getroot()  # noqa: S314  # we wrote it ourselves

    assert root.tag == f"{SVG}svg"
    texts = {text.text for text in root.iter(f"{SVG}text")}
    assert {"productpage", "checkoutservice", "bookinfo", "All namespaces · Versioned app"} <= texts
    assert {"Failing", "Healthy", "TCP", "Mutual TLS"} <= texts
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "title", "path", "rect", "text"}


def test_data_is_the_picture_and_nothing_else(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce").open("?namespace=bookinfo")
    found = json.loads(saved(view, "Data (JSON)").read_text())

    assert found["type"] == "snapshot"
    assert {node["id"] for node in found["nodes"]} == set(view.nodes())
    assert {edge["id"] for edge in found["edges"]} == set(view.edges())
    assert set(found) == set(served.graph("namespace=bookinfo"))


def test_tables_are_read_by_a_spreadsheet(view: View) -> None:
    nodes = rows(saved(view, "Nodes as a table"))
    edges = rows(saved(view, "Edges as a table"))

    assert {row["id"] for row in nodes} == set(view.nodes())
    assert {row["id"] for row in edges} == set(view.edges())
    tcp = next(row for row in edges if row["protocol"] == "tcp")
    assert tcp["requests_per_s"] == ""
    assert float(tcp["received_bytes_per_s"]) > 0


def test_copied_link_shows_the_same_page(view: View, open_view: OpenView, served: Served) -> None:
    view.click(view.node("productpage"))
    expect(view.page.locator(".panel h2")).to_have_text("productpage v1")
    places = view.settle().places()
    copy = open_view(served, reduced_motion="reduce")
    copy.page.goto(copied_link(view))

    expect(copy.settle().page.locator(".panel h2")).to_have_text("productpage v1")
    assert copy.places().items() >= places.items()


def copied_link(view: View) -> str:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.page.get_by_role("button", name="Share and export").click()
    view.page.get_by_role("button", name="Copy a link").click()
    expect(view.page.locator(".menu-said")).to_have_text("Copied")
    return str(view.page.evaluate("navigator.clipboard.readText()"))


def test_copied_link_shows_nodes_where_they_were_put(
    view: View, open_view: OpenView, served: Served
) -> None:
    view.drag(view.node("productpage"), 90, -40)
    view.press("+")
    view.until(lambda: "camera=" in view.page.url, "a camera")
    before, places = view.settle().nodes(), view.places()
    link = copied_link(view)

    copy = open_view(served, reduced_motion="reduce")
    copy.page.goto(link.partition("#")[0])
    own = copy.settle().places()
    assert own != places
    copy.page.goto(link)

    copy.settle().until(lambda: copy.places().items() >= places.items(), "the same places")
    after = copy.nodes()
    assert all(abs(after[name][axis] - before[name][axis]) < 2 for name in before for axis in "xy")
    assert "#" not in copy.page.url
    copy.page.locator(".canvas").focus()
    copy.press("Control+z")
    copy.until(lambda: copy.places() == own, "one's own places back")
    copy.press("Control+Shift+z")
    copy.until(lambda: copy.places().items() >= places.items(), "the link's again")
    copy.page.reload()
    assert copy.settle().places().items() >= places.items()


def test_wall_shows_the_picture_and_nothing_to_touch(view: View) -> None:
    usual = view.nodes()
    view.press("k")

    expect(view.page.locator(".wall-head h1")).to_have_text("All namespaces")
    expect(view.page.locator(".wall-foot li").first).to_contain_text("Failing", timeout=30_000)
    for gone in (".toolbar", ".statusbar", ".camera", ".legend", ".overview"):
        expect(view.page.locator(gone)).to_be_hidden()
    assert "kiosk=true" in view.page.url
    view.until(lambda: view.nodes() != usual, "a picture of another size")
    view.settle().shoot("kiosk")
    assert all(0 < spot["x"] < 1440 and 0 < spot["y"] < 900 for spot in view.nodes().values())

    view.press("?")
    expect(view.page.get_by_role("dialog")).to_have_count(0)
    view.press("Escape")
    expect(view.page.locator(".toolbar")).to_be_visible()
    assert "kiosk" not in view.page.url


def test_wall_takes_its_buttons_and_the_pointer_away(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce").open("?kiosk=true")
    buttons = view.page.locator(".wall-buttons")

    view.until(lambda: shown(view) == "0", "buttons that are gone")
    # The page takes the pointer away just after the frame in which the buttons go.
    view.until(lambda: pointer(view) == "none", "a pointer that is gone")

    # A busy machine may let the moment pass for which one movement brings them back.
    steps = count(300)
    view.until(lambda: shown_at(view, next(steps)) == "1", "buttons")
    view.until(lambda: pointer_at(view, next(steps)) != "none", "a pointer")
    buttons.get_by_role("button", name="Leave kiosk mode").click()
    expect(view.page.locator(".toolbar")).to_be_visible()


def test_wall_says_that_its_numbers_are_old(open_view: OpenView, served: Served) -> None:
    view = open_view(served, reduced_motion="reduce")
    server = ScriptedServer(view.page, mesh_of(4))
    view.open("?kiosk=true")

    server.say(state="stale", reason="unreachable", age_s=75.0)

    expect(view.page.locator(".banner")).to_contain_text("Prometheus cannot be reached")
    expect(view.page.locator(".wall-age")).to_contain_text("old")


def shown(view: View) -> str:
    """Return how opaque the wall's buttons are."""
    expression = "getComputedStyle(document.querySelector('.wall-buttons')).opacity"
    return str(view.page.evaluate(expression))


def shown_at(view: View, x: int) -> str:
    """Move the pointer there, and return how opaque the wall's buttons are."""
    view.page.mouse.move(x, 300)
    return shown(view)


def pointer_at(view: View, x: int) -> str:
    """Move the pointer there, and return its form."""
    view.page.mouse.move(x, 300)
    return pointer(view)


def pointer(view: View) -> str:
    """Return the pointer's form over the picture."""
    return str(view.page.evaluate("getComputedStyle(document.querySelector('.canvas')).cursor"))


def saved(view: View, name: str) -> Path:
    """Choose a line of the menu and return the file that the browser was given."""
    button = view.page.get_by_role("button", name="Share and export")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    with view.page.expect_download() as download:
        view.page.get_by_role("button", name=name).click()
    path = Path(download.value.path()).with_name(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def rows(file: Path) -> list[dict[str, str]]:
    """Read a table, strictly as RFC 4180 has it."""
    text = file.read_bytes().decode()
    assert text.endswith("\r\n")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))
