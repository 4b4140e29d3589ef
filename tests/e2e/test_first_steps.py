"""What a newcomer does first: the tour, the search, a word that cannot be read."""

import base64

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenView
from tests.e2e.view import View
from tests.served import Served

# The colour of a pixel of a picture of the page, as style sheets write it.
COLOUR = """async ([png, x, y]) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const sheet = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    sheet.drawImage(bitmap, 0, 0);
    const [red, green, blue] = sheet.getImageData(x, y, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
}"""


def _colour_inside(view: View, selector: str) -> str:
    """Return the colour just inside the upper left corner of something with round corners."""
    png = base64.b64encode(view.page.locator(selector).screenshot()).decode()
    return str(view.page.evaluate(COLOUR, [png, 12, 12]))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_tours_card_is_not_in_its_own_shade(
    open_view: OpenView, served: Served, scheme: str
) -> None:
    view = open_view(served, color_scheme=scheme, reduced_motion="reduce").open("?tour=1")
    surface = view.page.evaluate(
        "() => getComputedStyle(document.querySelector('.statusbar')).backgroundColor"
    )
    for step in range(2, 7):
        view.page.locator(".tour footer .button").click()
        expect(view.page.locator(".tour")).to_contain_text(f"{step} of 6")

        assert _colour_inside(view, ".tour") == surface


def test_the_keyboard_goes_with_what_was_searched(view: View) -> None:
    view.press("/")
    view.page.keyboard.type("ratings")
    view.press("Enter")
    view.press("n")

    expect(view.page.locator(".focus-chip")).to_contain_text("ratings")
    expect(view.page.locator(".panel h2")).to_contain_text("ratings")
    # It is found: the rest does not step back any longer.
    expect(view.page.locator("#search")).to_have_value("")


def test_what_cannot_be_read_lights_up_nothing_and_stays_in_its_field(view: View) -> None:
    view.page.locator("#ask-find").fill("ns = bookinfo")
    expect(view.page.locator(".ask-find .ask-count")).to_contain_text("nodes")
    expect(view.page.locator(".chips")).to_have_count(0)

    view.page.locator("#ask-find").fill("ns = bookinfo and health = fialing")

    expect(view.page.locator(".ask-find .ask-count")).to_contain_text("nothing is filtered")
    expect(view.page.locator(".problem mark")).to_have_text("fialing")
    expect(view.page.locator("#ask-find")).to_have_value("ns = bookinfo and health = fialing")
    view.until(lambda: "find=" not in view.page.url, "an address without the old expression")
