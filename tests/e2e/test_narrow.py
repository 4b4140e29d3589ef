"""The page on a telephone: what takes room from the picture."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenScripted

TELEPHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
@pytest.mark.parametrize("has_touch", [True, False])
def test_status_bar_takes_two_rows_and_keeps_its_words(
    open_scripted: OpenScripted, locale: str, has_touch: bool
) -> None:
    view, _ = open_scripted(viewport=TELEPHONE, locale=locale, has_touch=has_touch)

    rows = view.page.locator(".statusbar").evaluate(
        """bar => {
          const boxes = [...bar.children]
            .map(child => child.getBoundingClientRect())
            .filter(box => box.width > 1)
            .sort((a, b) => a.top + a.bottom - b.top - b.bottom);
          // What stands beside the one before begins before that ends.
          const breaks = boxes.filter((box, i) => i > 0 && box.top >= boxes[i - 1].bottom);
          return 1 + breaks.length;
        }"""
    )

    assert rows <= 2
    diagnosis = "Diagnosis" if locale == "en-US" else "診断"
    expect(view.page.locator(".statusbar").get_by_role("button", name=diagnosis)).to_be_visible()
    view.shoot(f"narrow-{locale}-{'touch' if has_touch else 'mouse'}")


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
@pytest.mark.parametrize("width", [1001, 1024, 1152, 1241, 1280, 1440])
def test_status_bar_cuts_nothing_off(open_scripted: OpenScripted, locale: str, width: int) -> None:
    size = {"width": width, "height": 768}
    view, server = open_scripted(viewport=size, locale=locale)
    # All that the bar can say at once, and many digits of it.
    server.say(cadence_s=12.5, interval_s=2.0, query_ms=12_345.0, age_s=7.0, warnings=["odd"])
    expect(view.page.locator(".cadence")).to_be_visible()

    cut_off = view.page.locator(".statusbar").evaluate(
        """bar => [...bar.querySelectorAll("*:not(.visually-hidden)")]
          .filter(part => part.scrollWidth > part.clientWidth && part.clientWidth > 1)
          .map(part => part.textContent)"""
    )

    assert cut_off == []
    view.shoot(f"status-{width}-{locale}")
