"""The page in a real browser, drawn by software: frames, time to a picture, and what moves.

The browser is sent real frames of simulated meshes by `bench.page`; no server and no Prometheus
compete with it for the machine. A task's length is told by the clock and by the processor: on a
busy machine the first is mostly waiting.
"""

import json
from collections.abc import Sequence
from math import inf
from statistics import median
from typing import Any

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from bench.chromium import chromium, settled_s, timed_tab, watch
from bench.figures import Figure
from bench.page import Page
from bench.painted import Painted, painted
from bench.stack import note

_SETTLED_MS = 120_000
# The first tab of a browser warms it up.
_VISITS = 3
_WATCH_MS = 6_000
_TICKS = 6
_TICK_MS = 1_000
# The zoom from which dots are drawn, as in the front end's player.ts.
_DOTS_FROM = 0.18
# Budgets: frames a second at least, the others at most.
_LEAST_FPS = 30.0
_MOST_SETTLED_S = 3.0
_MOST_FIRST_S = 1.5
_MOST_TASK_MS = 100.0
_BUDGETED = 1000

_FIRST_BYTE = "() => performance.getEntriesByType('navigation')[0].responseStart"
# A picture of less than a minute may still be put right as a whole; later nothing moves it.
_LATER = "() => { const now = Date.now; Date.now = () => now() + 90_000; }"
# Where nodes are to each other, whatever the camera does.
_PLACES = """() => {
  const {zoom} = window.meshviz.graph;
  const spots = window.meshviz.graph.nodes();
  return Object.fromEntries(spots.map(({id, x, y}) => [id, [x / zoom, y / zoom]]));
}"""


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Return how a browser copes with the demo mesh, and with meshes of so many services."""
    meshes = {services: painted(services) for services in (0, *sizes)}
    with chromium() as browser:
        figures = [_first_picture(browser, meshes.pop(0))]
        for services, mesh in meshes.items():
            with Page(mesh.snapshot) as page, timed_tab(browser) as tab:
                figures += _measured(browser, tab, page, mesh, services)
    return figures


def _first_picture(browser: Browser, mesh: Painted) -> Figure:
    """Return how soon the demo mesh is there for whoever opens the page."""
    times = []
    for _ in range(_VISITS):
        with Page(mesh.snapshot) as page, timed_tab(browser) as tab:
            times.append(settled_s(tab, page.url) - float(tab.evaluate(_FIRST_BYTE)) / 1000)
    took_s = median(times)
    what = f"first picture after the first byte: {len(mesh.snapshot['nodes'])} nodes"
    return Figure(what, f"{took_s:.2f} s", "1.5 s", took_s / _MOST_FIRST_S, 1.0)


def _measured(browser: Browser, tab: Tab, page: Page, mesh: Painted, services: int) -> list[Figure]:
    settled = settled_s(tab, f"{page.url}?type=workload&motion=on")
    note(f"browser: {mesh.nodes} nodes and {mesh.edges} edges settled after {settled:.1f} s")
    tasks = _watched(browser, tab, page, mesh)
    _approach(tab)
    motion = watch(browser, tab, _WATCH_MS)
    tasks += _watched(browser, tab, page, mesh)
    drift = _drift(tab, page, mesh)
    size = f"{mesh.nodes:,} nodes, {mesh.edges:,} edges"
    clock_ms, cpu_ms = (max(each) for each in zip(*tasks, strict=True))
    has_budget = services <= _BUDGETED
    return [
        _figure(
            f"frame, dots moving: {size}",
            f"{motion.fps:.0f} fps ({motion.main_thread:.0%} of the main thread)",
            _LEAST_FPS / motion.fps if motion.fps else inf,
            has_budget,
        ),
        _figure("settled", f"{settled:.2f} s", settled / _MOST_SETTLED_S, has_budget),
        _figure(
            "longest task while watching, processor",
            f"{cpu_ms:.0f} ms (by the clock {clock_ms:.0f})",
            cpu_ms / _MOST_TASK_MS,
            has_budget,
        ),
        Figure("drift of survivors, 5 % join", f"{drift:.2f} units", "0", drift, 0.5),
    ]


def _figure(what: str, measured: str, ratio: float, has_budget: bool) -> Figure:
    return Figure(what, measured, "its budget", ratio, 1.0 if has_budget else None)


def _approach(tab: Tab) -> None:
    """Zoom in until dots are drawn: a large mesh is settled so far away that they are not."""
    zoom = "() => window.meshviz.graph.zoom"
    while float(tab.evaluate(zoom)) < _DOTS_FROM:
        tab.get_by_role("button", name="Zoom in").click()
        tab.wait_for_function("() => window.meshviz.graph.settled")


def _watched(browser: Browser, tab: Tab, page: Page, mesh: Painted) -> list[tuple[float, float]]:
    """Return the tasks of the page's main thread while ticks come: ms by clock and processor."""
    browser.start_tracing(page=tab, categories=["toplevel"])
    for tick in range(_TICKS):
        page.send(mesh.ticks[tick % 2])
        tab.wait_for_timeout(_TICK_MS)
    return _tasks(json.loads(browser.stop_tracing()))


def _tasks(trace: dict[str, Any]) -> list[tuple[float, float]]:
    events: list[dict[str, Any]] = trace["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        (event["dur"] / 1000, event.get("tdur", 0) / 1000)
        for event in events
        if (event["pid"], event["tid"]) in mains and event["ph"] == "X"
    ]
    if not tasks:
        raise RuntimeError("the browser told of no tasks")
    return tasks


def _drift(tab: Tab, page: Page, mesh: Painted) -> float:
    """Return how far the nodes that stay have moved from each other once others have joined."""
    before: dict[str, list[float]] = tab.evaluate(_PLACES)
    tab.evaluate(_LATER)
    page.send(mesh.newcomers)
    tab.wait_for_function(
        "count => window.meshviz.graph.nodes().length > count && window.meshviz.graph.settled",
        arg=len(before),
        timeout=_SETTLED_MS,
    )
    after: dict[str, list[float]] = tab.evaluate(_PLACES)
    first = min(before)
    return max(
        max(
            abs((after[name][axis] - after[first][axis]) - (place[axis] - before[first][axis]))
            for axis in (0, 1)
        )
        for name, place in before.items()
    )
