"""One browser and one living mesh for all browser tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import FLAGS, find_chromium
from tests.e2e.scripted import ScriptedServer, mesh_of
from tests.e2e.view import View
from tests.served import Served
from tests.stack import PrometheusServer, Simulator, wait_until

# Rates need a few scrapes; with one a second a short window fills quickly.
SETTINGS = {"windows": "15s,1m", "window": "15s", "interval": "1s", "query_timeout": "3s"}

OpenView = Callable[..., View]
OpenScripted = Callable[..., tuple[View, ScriptedServer]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", metavar="DIR", help="keep the browser tests' pictures here")


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = request.config.getoption("--screenshots", default=None)
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def mesh() -> Iterator[Simulator]:
    with Simulator("payments-503:full") as simulator:
        yield simulator


@pytest.fixture(scope="session")
def prometheus(
    mesh: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrometheusServer]:
    with PrometheusServer(mesh, tmp_path_factory.mktemp("e2e")) as server:
        server.wait_for_samples(16)
        yield server


@pytest.fixture(scope="session")
def served(prometheus: PrometheusServer) -> Iterator[Served]:
    with Served(prometheus.url, **SETTINGS) as server:
        wait_until(lambda: len(server.graph()["edges"]) > 30, what="the whole graph")
        yield server


@pytest.fixture
def open_view(browser: Browser, shots: Path) -> Iterator[OpenView]:
    """Return a function that opens a page in a browser of its own; nobody may complain."""
    opened: list[View] = []

    def open_at(server: Served, **context: Any) -> View:
        options = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}
        page = browser.new_context(**(options | context)).new_page()
        opened.append(View(page, server.url, shots))
        return opened[-1]

    yield open_at
    for view in opened:
        view.page.context.close()
    assert [complaint for view in opened for complaint in view.complaints] == []


@pytest.fixture
def view(open_view: OpenView, served: Served) -> View:
    """A page with the whole graph, dots standing still."""
    return open_view(served, reduced_motion="reduce").open()


@pytest.fixture
def open_scripted(open_view: OpenView, served: Served) -> Iterator[OpenScripted]:
    """Return a function that opens a page with a mesh that the server itself knows nothing of."""
    views: list[View] = []

    def opened(query: str = "", namespaces: int = 4, **context: Any) -> tuple[View, ScriptedServer]:
        view = open_view(served, **({"reduced_motion": "reduce"} | context))
        views.append(view)
        server = ScriptedServer(view.page, mesh_of(namespaces))
        return view.open(query), server

    yield opened
    for view in views:
        # Panels ask for queries behind the numbers of what only the test has made up.
        view.complaints[:] = [each for each in view.complaints if "404" not in each]
