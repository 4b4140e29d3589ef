"""The page in a real browser, drawn by software: frames, time to a picture, and what moves.

The browser is sent real frames of simulated meshes by `bench.page`; no server and no Prometheus
compete with it for the machine. A task's length is told by the clock and by the processor: on a
busy machine the first is mostly waiting.
"""

import json
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from bench.chromium import VIEWPORT, chromium
from bench.figures import Figure
from bench.page import Page
from bench.painted import Painted, painted
from bench.stack import note

_SETTLED_MS = 120_000
_WATCH_S = 6.0
_TICKS = 6
_TICK_MS = 1_000
# Budgets: frames a second at least, settled and longest task at most.
_LEAST_FPS = 30.0
_MOST_SETTLED_S = 3.0
_MOST_TASK_MS = 100.0
_BUDGETED = 1000

_FRAMES = """seconds => new Promise((done) => {
  let frames = 0;
  const began = performance.now();
  const step = (now) => {
    frames += 1;
    if (now - began < seconds * 1000) requestAnimationFrame(step);
    else done(frames / ((now - began) / 1000));
  };
  requestAnimationFrame(step);
})"""
_FIRST_PICTURE = """() =>
  performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"""
# A picture of less than a minute may still be put right as a whole; later nothing moves it.
_LATER = "() => { const now = Date.now; Date.now = () => now() + 90_000; }"
# Where nodes are to each other, whatever the camera does.
_PLACES = """() => {
  const {zoom} = window.meshviz.graph;
  const spots = window.meshviz.graph.nodes();
  return Object.fromEntries(spots.map(({id, x, y}) => [id, [x / zoom, y / zoom]]));
}"""


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Return how a browser copes with meshes of so many services."""
    figures: list[Figure] = []
    for services in sizes:
        mesh = painted(services)
        with chromium() as browser, Page(mesh.snapshot) as page:
            figures += _measured(browser, page, mesh, services)
    return figures


def _measured(browser: Browser, page: Page, mesh: Painted, services: int) -> list[Figure]:
    tab = browser.new_context(viewport=VIEWPORT).new_page()
    tab.goto(f"{page.url}?type=workload&motion=on")
    tab.wait_for_function("() => window.meshviz?.graph.settled", timeout=_SETTLED_MS)
    settled_s = float(tab.evaluate("() => performance.now()")) / 1000
    first_s = float(tab.evaluate(_FIRST_PICTURE)) / 1000
    note(f"browser: {mesh.nodes} nodes and {mesh.edges} edges settled after {settled_s:.1f} s")
    fps = float(tab.evaluate(_FRAMES, _WATCH_S))
    tasks = _watched(browser, tab, page, mesh)
    drift = _drift(tab, page, mesh)
    tab.context.close()
    size = f"{mesh.nodes:,} nodes, {mesh.edges:,} edges"
    clock_ms, cpu_ms = (max(each) for each in zip(*tasks, strict=True))
    has_budget = services <= _BUDGETED
    return [
        _figure(f"frame, dots moving: {size}", f"{fps:.0f} fps", _LEAST_FPS / fps, has_budget),
        _figure("first picture", f"{first_s:.2f} s", first_s / 1.5, False),
        _figure("settled", f"{settled_s:.2f} s", settled_s / _MOST_SETTLED_S, has_budget),
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
