"""The scenes of docs/scenes.md, and the two pictures of the README."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import expect

from pictures.stages import Stage, Standing
from pictures.studio import Studio
from tests.e2e.view import View

_PATIENCE_MS = 60_000

Act = Callable[[View, Standing], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: of which mesh, by which address, in which clothes, after doing what."""

    stage: Stage
    query: str = ""
    theme: Literal["dark", "light"] = "dark"
    locale: str = "en-US"
    person: str = ""
    act: Act = lambda view, standing: None
    # Where nothing is drawn, nothing settles.
    is_drawn: bool = True

    def take(self, name: str, standing: Standing, camera: Studio) -> None:
        """Set the scene up in a browser, and keep what it shows."""
        with camera.page(standing.served.url, self.theme, self.locale, self.person) as view:
            if self.is_drawn:
                view.open(self.query)
            else:
                view.page.goto(f"{view.url}/{self.query}")
            self.act(view, standing)
            if self.is_drawn:
                view.settle()
            camera.keep(view, name)


def _card(view: View, standing: Standing) -> None:
    expect(view.page.locator(".card")).to_be_visible(timeout=_PATIENCE_MS)


def _failing_payments(view: View, standing: Standing) -> None:
    """Look at an edge, and at the query behind its share of errors."""
    view.click(view.edge("checkoutservice", "|", "paymentservice"))
    # What is not the point of the picture is folded.
    for section in ("spark", "sides"):
        view.page.locator(f".panel [data-section={section}] summary").click()
    view.page.locator(".panel .tiles .figure").nth(1).click()
    expect(view.page.locator(".panel .origin pre").first).to_be_visible(timeout=_PATIENCE_MS)
    view.page.locator(".panel").evaluate("panel => panel.scrollTo(0, 0)")


def _first_page(view: View, standing: Standing) -> None:
    """Wait until the worst of all are shown, which are shown in turn with others."""
    view.until(lambda: view.text(".wall-foot small").startswith("1 "), "the worst edges")


def _lose_prometheus(view: View, standing: Standing) -> None:
    standing.prometheus.kill()
    expect(view.page.locator(".canvas-old")).to_be_visible(timeout=_PATIENCE_MS)
    # Long enough for the age to mean something.
    view.until(lambda: "10" in view.text(".banner"), "numbers that are ten seconds old")


def _who_am_i(view: View, standing: Standing) -> None:
    """Look up what one may do and see, with the legend for what is drawn of the rest."""
    view.page.get_by_role("button", name="Legend").click()
    view.page.get_by_role("button", name="Signed in as").click()
    expect(view.page.locator(".account")).to_contain_text("boutique", timeout=_PATIENCE_MS)


_PAYMENTS = Stage("payments-503:full")
_LIMITED = Stage(
    "payments-503:full",
    access="""users:
  anybody: {role: admin, namespaces: ["*"]}
  ada@example.com: {role: editor, namespaces: [boutique, "shop-*"]}
""",
)
_SHOP = (
    ("storefront", "catalog"),
    ("storefront", "cart"),
    ("catalog", "search"),
    ("cart", "payments"),
)

# In the order in which they are taken: what breaks a stage comes last on it.
SCENES = {
    "demo": Scene(_PAYMENTS),
    "panel": Scene(_PAYMENTS, act=_failing_payments),
    "scenes/empty": Scene(Stage(), act=_card, is_drawn=False),
    "scenes/tiny": Scene(Stage(calls=_SHOP)),
    "scenes/bookinfo": Scene(Stage("ratings-delay:full"), "?namespace=bookinfo&labels=rps,p95"),
    "scenes/boutique": Scene(_PAYMENTS, "?namespace=boutique", theme="light"),
    "limited": Scene(_LIMITED, person="ada@example.com", act=_who_am_i),
    "scenes/kiosk": Scene(_PAYMENTS, "?kiosk=true", act=_first_page),
    "scenes/stale": Scene(_PAYMENTS, locale="ja-JP", act=_lose_prometheus),
    "scenes/300": Scene(Stage("steady", services=300, seconds=75)),
    "scenes/1000": Scene(Stage("steady", services=1000, seconds=100, scrape_interval_s=15)),
}
