"""The browser of the measurements: Debian's Chromium, which draws by software."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from tests.browser import FLAGS, find_chromium

_VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
_CLOCK = (Path(__file__).parent / "clock.js").read_text()
_SETTLED_MS = 300_000


@dataclass(frozen=True, slots=True)
class Motion:
    """What it takes to let a picture move. Shares are of a core, by the processor's clock."""

    # As the browser put them on the screen, whichever thread drew them.
    fps: float
    main_thread: float
    # With workers and painting.
    process: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser, and close it when the measurement is over."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def timed_tab(browser: Browser) -> Iterator[Page]:
    """Open a tab of its own, in which `clock.js` notes how long things take."""
    with browser.new_context(viewport=_VIEWPORT) as context:
        context.add_init_script(_CLOCK)
        yield context.new_page()


def settled_s(tab: Page, url: str) -> float:
    """Go to a page; return the seconds from there to its settled picture."""
    tab.goto(url)
    tab.wait_for_function("() => window.bench.settledMs !== null", timeout=_SETTLED_MS)
    return float(tab.evaluate("() => window.bench.settledMs")) / 1000


def watch(browser: Browser, tab: Page, watch_ms: float) -> Motion:
    """Look on while a page moves by itself."""
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable")
    browser.start_tracing(page=tab, categories=["viz"])
    before = _metrics(session)
    tab.wait_for_timeout(watch_ms)
    after = _metrics(session)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    begin_s, end_s = before["Timestamp"], after["Timestamp"]
    shares = (after[name] - before[name] for name in ("ThreadTime", "ProcessTime"))
    main_thread, process = (share / (end_s - begin_s) for share in shares)
    return Motion(frames_a_second(events, begin_s, end_s), main_thread, process)


def frames_a_second(events: list[dict[str, Any]], begin_s: float, end_s: float) -> float:
    """Return how often the screen showed something new; traces count microseconds."""
    shown = [
        event
        for event in events
        if event["name"] == "Display::FrameDisplayed" and begin_s <= event["ts"] / 1e6 <= end_s
    ]
    return len(shown) / (end_s - begin_s)


def _metrics(session: CDPSession) -> dict[str, float]:
    told: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: float(metric["value"]) for metric in told}
