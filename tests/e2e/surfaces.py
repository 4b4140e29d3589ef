"""Everything on the page that can be opened, and how, whatever language the page speaks."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.e2e.view import Spot, View

# A page of charts and a diagnosis ask Prometheus more than a picture does.
PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Surface:
    """A part of the page: how it is opened, what holds it, and how it is left."""

    name: str
    open: Callable[[View], object]
    # What has to be visible, and is looked at. Everything else is looked at with the bare page.
    root: str
    leave: Callable[[View], object] = lambda view: view.press("Escape")


def click(selector: str) -> Callable[[View], None]:
    return lambda view: view.page.locator(selector).first.click()


def press(key: str) -> Callable[[View], None]:
    """Press a key with the focus on the picture, where no field takes it."""

    def pressed(view: View) -> None:
        view.page.locator(".canvas, .page h1").first.focus()
        view.press(key)

    return pressed


def typed(field: str, text: str) -> Callable[[View], None]:
    def write(view: View) -> None:
        view.page.locator(field).fill("")
        view.page.locator(field).press_sequentially(text)

    return write


def emptied(field: str) -> Callable[[View], None]:
    """Empty a field and leave it."""

    def leave(view: View) -> None:
        view.page.locator(field).fill("")
        view.press("Enter")
        view.page.locator(".canvas").focus()

    return leave


def _node(*parts: str) -> Callable[[View], None]:
    return lambda view: view.click(view.node(*parts))


def _edge(*parts: str) -> Callable[[View], None]:
    return lambda view: view.click(view.edge(*parts))


def _full_panel(view: View) -> None:
    """Open a node's panel with everything in it that can be unfolded."""
    view.click(view.node("checkoutservice"))
    for section in ("distribution", "protocols"):
        view.page.locator(f".panel [data-section={section}] summary").click()
    expect(view.page.locator(".panel .distribution")).to_be_visible(timeout=PATIENCE_MS)
    expect(view.page.locator(".panel .spark")).to_be_visible(timeout=PATIENCE_MS)


def _traced_edge(view: View) -> None:
    """Open an edge's panel with the query behind one of its numbers."""
    view.click(view.edge("checkoutservice", "|", "paymentservice"))
    view.page.locator(".sides .figure").first.click()
    expect(view.page.locator(".panel .origin pre").first).to_be_visible(timeout=PATIENCE_MS)


def _namespace(view: View) -> None:
    view.click(view.node("productpage"))
    view.page.locator(".panel .facts button").first.click()
    expect(view.page.locator(".panel .node-list")).to_be_visible()


def _saved(view: View) -> None:
    """Save a view, and begin to rename it."""
    view.page.locator(".saved .control").click()
    view.page.locator(".saved-form .field").fill("メッシュ")
    view.press("Enter")
    expect(view.page.locator(".saved-row")).to_have_count(1)


def _renaming(view: View) -> None:
    _saved_list(view)
    view.page.locator(".saved-row button").nth(2).click()
    expect(view.page.locator(".saved-row .field")).to_be_visible()


def _saved_list(view: View) -> None:
    view.page.locator(".saved .control").click()
    expect(view.page.locator(".saved-row")).to_have_count(1)


def _leave_renaming(view: View) -> None:
    view.press("Escape")
    view.press("Escape")


def _find_in_focus(view: View) -> None:
    """Put a node in focus, and a limit on requests: chips for both."""
    view.click(view.node("checkoutservice"))
    press("n")(view)
    expect(view.page.locator(".focus-chip")).to_be_visible()


def _out_of_focus(view: View) -> None:
    view.page.locator(".focus-chip > button").last.click()
    view.press("Escape")
    expect(view.page.locator(".panel")).to_have_count(0)


def _overview(view: View) -> None:
    view.page.locator(".overview-toggle").click()
    expect(view.page.locator(".overview-body .spark")).to_be_visible(timeout=PATIENCE_MS)


def _mistake(view: View) -> None:
    typed("#ask-find", "helth = 1")(view)
    view.press("Enter")
    expect(view.page.locator(".ask-find .problem mark")).to_be_visible()


def _diagnosed(view: View) -> None:
    press("d")(view)
    expect(view.page.locator("[data-check]").first).to_be_visible(timeout=PATIENCE_MS)


def _page(view: View) -> None:
    """Open the page of a version, with another one beside it and all that unfolds."""
    spot = view.node("reviews", "v1")
    view.page.mouse.dblclick(spot["x"], spot["y"])
    page = view.page.locator(".page")
    expect(page.locator(".chart").first).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".page-compare select").last.select_option("v2")
    expect(page.locator(".differences")).to_be_visible(timeout=PATIENCE_MS)
    for more in page.locator(".chart").first.locator("summary").all():
        more.click()


def _edge_page(view: View) -> None:
    # The camera comes back by itself from what was open before: a click waits until it rests.
    spots: list[Spot] = []

    def rests() -> bool:
        spots.append(view.edge("checkoutservice", "|", "paymentservice"))
        return len(spots) > 4 and spots[-1] == spots[-5]

    view.until(rests, "the camera to rest")
    view.click(spots[-1])
    press("Enter")(view)
    expect(view.page.locator(".page .chart").first).to_be_visible(timeout=PATIENCE_MS)


def _left_page(view: View) -> None:
    view.press("Escape")
    expect(view.page.locator(".page")).to_have_count(0)
    view.press("Escape")
    expect(view.page.locator(".panel")).to_have_count(0)


def _wall(view: View) -> None:
    press("k")(view)
    expect(view.page.locator(".wall-foot li").first).to_be_visible()


def _tour_step(number: int) -> Callable[[View], None]:
    def step(view: View) -> None:
        if number == 1:
            press("?")(view)
            view.page.locator(".help-foot .text-button").click()
        expect(view.page.locator(".tour")).to_contain_text(str(number))

    return step


def _next_step(view: View) -> None:
    view.press("Enter")


def _telephone(view: View) -> None:
    view.page.set_viewport_size({"width": 390, "height": 780})
    view.page.locator(".toolbar-fold").click()
    expect(view.page.locator(".toolbar .segments")).to_be_visible()


BAR = ".toolbar > .popover"
SURFACES = (
    Surface("namespaces", click(f"{BAR} >> nth=0 >> .control"), ".popover-box"),
    Surface("labels", click(f"{BAR} >> nth=1 >> .control"), ".popover-box"),
    Surface("view options", click(f"{BAR} >> nth=2 >> .control"), ".popover-box"),
    Surface("quick filters", click(".quick .control"), ".popover-box"),
    Surface("saving a view", _saved, ".popover-box"),
    Surface("renaming a view", _renaming, ".popover-box", _leave_renaming),
    Surface("share and export", click(".share .control"), ".popover-box"),
    Surface("layouts and motion", click(".camera .popover .control"), ".popover-box"),
    Surface("source of the numbers", click(".statusbar .about .control"), ".popover-box"),
    Surface("legend", click(".legend-toggle"), ".legend-body", click(".legend-toggle")),
    Surface("overview", _overview, ".overview-body"),
    Surface("search", typed("#search", "rev"), ".search .offers"),
    Surface("fields to find by", typed("#ask-find", "lat"), ".ask-find", emptied("#ask-find")),
    Surface("values to find by", typed("#ask-find", "ns = "), ".ask-find", emptied("#ask-find")),
    Surface("what may follow", typed("#ask-find", "rps > 1 "), ".ask-find", emptied("#ask-find")),
    Surface("a mistake", _mistake, ".ask-find", emptied("#ask-find")),
    Surface("fields to hide by", typed("#ask-hide", "na"), ".ask-hide", emptied("#ask-hide")),
    Surface("help on the language", click(".findbar > .icon-button"), "dialog[open]"),
    Surface("focus", _find_in_focus, ".focus-chip", _out_of_focus),
    Surface("pause", press("p"), ".banner-calm", press("p")),
    Surface("node", _full_panel, ".panel"),
    Surface("edge", _traced_edge, ".panel"),
    Surface("plain text", _edge("u/", "details"), ".panel .reasons"),
    Surface("TCP", _edge("ratings", "|", "mongodb"), ".panel"),
    Surface("namespace", _namespace, ".panel"),
    Surface("tables", press("t"), ".tables", press("t")),
    Surface("keys", press("?"), "dialog[open]"),
    Surface("diagnosis", _diagnosed, "dialog[open]"),
    Surface("page of a node", _page, ".page", _left_page),
    Surface("page of an edge", _edge_page, ".page", _left_page),
    *(Surface(f"tour, {n} of 6", _tour_step(n), ".tour", _next_step) for n in range(1, 7)),
    Surface("wall", _wall, "body"),
    Surface("a telephone's controls", _telephone, "body", lambda view: None),
)


# What is English on every page: units, protocols, products, gRPC's statuses, Envoy's flags, and
# the name of a language in itself.
WORD = re.compile(r"(?<![\w.+])[A-Za-z]{2,}")
TERMS = frozenset(
    WORD.findall(
        "RPS rps mTLS TLS HTTP http gRPC grpc GRPC TCP tcp ms kB MB GB ID JSON CSV PNG SVG "
        "PromQL Prometheus Istio native Envoy meshviz English OK INTERNAL UNAVAILABLE UF UH UO"
    )
)
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")

# Every text under a node and in its attributes, but code, and what itself says that it is English.
_TEXTS = """root => {
  const isForeign = (e) => e.closest("[lang=en], pre, code, kbd, script, style") !== null;
  const found = new Set();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: owner, data } = walker.currentNode;
    if (!isForeign(owner) && owner.checkVisibility()) found.add(data.trim());
  }
  for (const e of [root, ...root.querySelectorAll("*")]) {
    if (isForeign(e)) continue;
    // An expression is an expression in every language.
    const hint = e.matches(".ask input") ? [] : ["placeholder"];
    for (const name of ["aria-label", "title", "aria-valuetext", ...hint]) {
      const text = e.getAttribute(name);
      if (text !== null) found.add(text.trim());
    }
  }
  return [...found];
}"""


def untranslated(view: View, root: str, names: frozenset[str]) -> list[str]:
    """Return what of a part of the page is English words and nothing else.

    A text with Japanese in it has been translated, whatever terms it keeps. ``names`` are words
    of the mesh itself.
    """
    texts: list[str] = view.page.locator(root).first.evaluate(_TEXTS)
    return [
        text
        for text in texts
        if not JAPANESE.search(text)
        and any(_is_english(word, names) for word in WORD.findall(text))
    ]


def _is_english(word: str, names: frozenset[str]) -> bool:
    return word not in TERMS and word not in names
