"""meshviz against PatternFly's topology, which Kiali draws with: one mesh, one browser, in turns.

Its page is in `bench/rival`. Both are sent the same frames over a websocket, and both are asked
the same by the same script. What is compared, and what was switched on: docs/performance.md.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from statistics import median

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from bench.chromium import chromium, settled_s, timed_tab, watch
from bench.figures import Figure
from bench.page import MESHVIZ, STATIC, Page, Site
from bench.painted import Painted, painted
from bench.stack import ROOT, note

_BUILT = ROOT / ".cache" / "rival"
_BUILD_S = 900.0
_UPDATE_MS = 60_000
# What comes after a picture has settled, such as a camera that glides, is not what is measured.
_CALM_MS = 2_000
_WATCH_MS = 5_000
_UPDATES = 6
_BUDGETED = 300

RIVAL = Site(
    _BUILT,
    lambda: (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<link rel="stylesheet" href="{STATIC}main.css">'
        f'<script type="module" src="{STATIC}main.js"></script></head><body></body></html>'
    ),
)
# Kiali's default, dagre, makes a thin line of hundreds of nodes: only its time is of use.
_PAGES: Mapping[str, tuple[Site, str]] = {
    "meshviz": (MESHVIZ, "?type=workload"),
    "PatternFly": (RIVAL, "?layout=grid"),
}
_BY_DAGRE = "?layout=dagre&motion=on"


@dataclass(frozen=True, slots=True)
class Told:
    """What a browser told of one page."""

    settled_s: float
    # By the layout that people see who choose none.
    usually_settled_s: float
    # With everything in motion that can move.
    fps: float
    main_thread: float
    process: float
    update_ms: float
    still_update_ms: float


def measure(services: int, rounds: int) -> list[Figure]:
    """Return how meshviz's page and its rival's cope with one mesh of so many services."""
    _build()
    mesh = painted(services)
    rounds_told: dict[str, list[Told]] = {name: [] for name in _PAGES}
    with chromium() as browser:
        for number in range(rounds):
            for name in _PAGES:
                told = _visit(browser, mesh, name)
                note(f"rival: round {number + 1} of {rounds}: {name}: {told}")
                rounds_told[name].append(told)
    shown = f"{len(mesh.snapshot['nodes']):,} nodes, {len(mesh.snapshot['edges']):,} edges"
    ours, theirs = (middle(rounds_told[name]) for name in _PAGES)
    # What a whole page costs beside a bare picture is more than a small picture itself.
    return figures(shown, ours, theirs, 1.0 if services >= _BUDGETED else None)


def middle(told: list[Told]) -> Told:
    """Return the median of each figure."""
    return Told(*(median(getattr(each, name) for each in told) for name in Told.__slots__))


def figures(shown: str, ours: Told, theirs: Told, budget: float | None) -> list[Figure]:
    """Return the table's rows: below 1 where meshviz is the better one."""
    return [
        Figure(
            f"frame, all in motion: {shown}",
            f"{ours.fps:.1f} fps",
            f"PatternFly: {theirs.fps:.1f} fps",
            theirs.fps / ours.fps if ours.fps else inf,
            budget,
        ),
        _share("main thread meanwhile", ours.main_thread, theirs.main_thread),
        _share("all of the page's process", ours.process, theirs.process),
        _settled("dagre", ours.usually_settled_s, theirs.usually_settled_s, budget),
        _settled("grid", ours.settled_s, theirs.settled_s, None),
        _updated("in motion", ours.update_ms, theirs.update_ms, budget),
        _updated("still", ours.still_update_ms, theirs.still_update_ms, budget),
    ]


def _share(what: str, ours: float, theirs: float) -> Figure:
    told = f"PatternFly: {theirs:.0%} of a core"
    return Figure(what, f"{ours:.0%} of a core", told, ours / theirs)


def _settled(layout: str, ours: float, theirs: float, budget: float | None) -> Figure:
    told = f"PatternFly, {layout}: {theirs:.2f} s"
    return Figure("settled", f"{ours:.2f} s", told, ours / theirs, budget)


def _updated(how: str, ours: float, theirs: float, budget: float | None) -> Figure:
    told = f"PatternFly: {theirs:.0f} ms"
    return Figure(f"every edge updated, {how}", f"{ours:.0f} ms", told, ours / theirs, budget)


def _build() -> None:
    note("rival: installing and building PatternFly's page")
    try:
        subprocess.run(["scripts/build-rival"], cwd=ROOT, check=True, timeout=_BUILD_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise RuntimeError("PatternFly's page could not be built: is npm in reach?") from error


def _visit(browser: Browser, mesh: Painted, name: str) -> Told:
    """Measure a page in motion, and then the same page without."""
    site, query = _PAGES[name]
    with Page(mesh.snapshot, site) as page, timed_tab(browser) as tab:
        settled = settled_s(tab, f"{page.url}{query}&motion=on")
        tab.wait_for_timeout(_CALM_MS)
        motion = watch(browser, tab, _WATCH_MS)
        update_ms = _update_ms(tab, page, mesh)
    with Page(mesh.snapshot, site) as page, timed_tab(browser) as tab:
        settled_s(tab, f"{page.url}{query}&motion=off")
        tab.wait_for_timeout(_CALM_MS)
        still_update_ms = _update_ms(tab, page, mesh)
    usually = settled if site is MESHVIZ else _by_dagre(browser, mesh)
    shares = motion.main_thread, motion.process
    return Told(settled, usually, motion.fps, *shares, update_ms, still_update_ms)


def _by_dagre(browser: Browser, mesh: Painted) -> float:
    with Page(mesh.snapshot, RIVAL) as page, timed_tab(browser) as tab:
        return settled_s(tab, f"{page.url}{_BY_DAGRE}")


def _update_ms(tab: Tab, page: Page, mesh: Painted) -> float:
    """Return what an update of everything takes from its message to the frame that shows it."""
    for update in range(_UPDATES):
        page.send(mesh.upheavals[update % 2])
        tab.wait_for_function(
            "count => window.bench.updatesMs.length > count", arg=update, timeout=_UPDATE_MS
        )
    updates_ms: list[float] = tab.evaluate("() => window.bench.updatesMs")
    return median(updates_ms)
