"""The walks of docs/tour.md: a question that a newcomer has, and the clicks that answer it.

The page is told by the words that the document has, so that neither can change alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.e2e.view import View

# Panels and charts ask Prometheus.
PATIENCE_MS = 30_000

Look = Callable[[View], object]


@dataclass(frozen=True, slots=True)
class Click:
    """One click: how the document calls it, what it is, and what is to be seen then."""

    says: str
    click: Look
    seen: Look
    # Its picture: docs/images/tour/NAME.png.
    picture: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A question, and the incident of the demo that it is asked in."""

    question: str
    scenario: str
    clicks: tuple[Click, ...]


def _press(selector: str, text: str) -> Look:
    return lambda view: view.page.locator(selector, has_text=text).first.click()


def _shows(selector: str, *texts: str) -> Look:
    def look(view: View) -> None:
        for text in texts:
            expect(view.page.locator(selector).first).to_contain_text(text, timeout=PATIENCE_MS)

    return look


def _scrolled_to(selector: str, text: str) -> Look:
    def look(view: View) -> None:
        _shows(selector, text)(view)
        view.page.locator(selector).first.scroll_into_view_if_needed()

    return look


def _double_click(*node: str) -> Look:
    def click(view: View) -> None:
        spot = view.node(*node)
        view.page.mouse.dblclick(spot["x"], spot["y"])

    return click


_ATTENTION = "Click *Edges that need attention*"

WALKS = (
    Walk(
        "Which service makes bookinfo slow?",
        "ratings-delay",
        (
            Click(
                _ATTENTION,
                _press(".overview-toggle", ""),
                _shows("[data-section=slowest]", "→ ratings v1", " s"),
                "slow-1",
            ),
            Click(
                "Click *reviews v2 → ratings v1* under *Slowest*",
                _press("[data-section=slowest] button", "→ ratings v1"),
                _shows(".panel [data-section=sides]", "7"),
                "slow-2",
            ),
            Click(
                "Click *ratings v1* in the heading",
                _press(".panel h2 button", "ratings"),
                _shows(".panel [data-section=latency]", "7"),
                "slow-3",
            ),
        ),
    ),
    Walk(
        "Which edge is plain text?",
        "plaintext-client",
        (
            Click(
                _ATTENTION,
                _press(".overview-toggle", ""),
                _shows("[data-section=unencrypted]", "→ details v1", "0 % mTLS"),
                "plain-1",
            ),
            Click(
                "Click *unknown → details v1* under *Not encrypted*",
                _press("[data-section=unencrypted] button", "→ details v1"),
                _scrolled_to(".panel .reasons", "The caller shows no identity"),
                "plain-2",
            ),
        ),
    ),
    Walk(
        "What changed during the canary?",
        "canary",
        (
            Click(
                "Double click *movies v2*",
                _double_click("movies", "v2"),
                _shows("[data-chart='Requests'] .chart-legend", "rps"),
                "canary-1",
            ),
            Click(
                "Choose *v1* under *Compare with*",
                lambda view: view.page.get_by_label("Compare with").select_option("v1"),
                _shows(".differences", "Requests"),
                "canary-2",
            ),
        ),
    ),
)
