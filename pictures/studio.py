"""A browser that keeps what it shows under docs/images."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from pictures.png import smaller
from tests.browser import FLAGS, find_chromium
from tests.e2e.limited import named
from tests.e2e.view import View

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
# A click may become a double click, and the camera waits until it has not.
_CALM_MS = 1_000
_ASKING = re.compile("Asking Prometheus|Prometheus に問い合わせ")
_SIZE: ViewportSize = {"width": 1440, "height": 900}


class Studio:
    """Opens pages of one size, with dots that stand still, and takes pictures of them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @contextmanager
    def page(
        self, url: str, theme: str = "dark", locale: str = "en-US", person: str = ""
    ) -> Iterator[View]:
        """Open a browser of its own, of this person if any; nothing is loaded yet."""
        context = self._browser.new_context(
            viewport=_SIZE,
            color_scheme="light" if theme == "light" else "dark",
            locale=locale,
            reduced_motion="reduce",
            extra_http_headers=named(person) if person else {},
        )
        yield View(context.new_page(), url, IMAGES)
        context.close()

    def keep(self, view: View, name: str) -> None:
        """Take the picture once nothing moves any more, and write it down."""
        # Nothing lies under the pointer.
        view.page.mouse.move(0, 0)
        view.page.wait_for_timeout(_CALM_MS)
        asking = view.page.get_by_text(_ASKING)
        view.until(lambda: asking.count() == 0, "answers from Prometheus")
        file = IMAGES / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(smaller(view.page.screenshot()))


@contextmanager
def studio() -> Iterator[Studio]:
    """Start the browser; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield Studio(browser)
        browser.close()
