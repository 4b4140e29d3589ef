"""What a real browser makes of our rules: foreign pages get nothing, our pages break none."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.faultserver import FaultServer
from tests.served import Served

WATCH = """
url => new Promise(done => {
  const socket = new WebSocket(url);
  socket.onmessage = event => done("got " + event.data.slice(0, 20));
  socket.onerror = () => done("refused");
})
"""
READ = "url => fetch(url).then(answer => 'got ' + answer.status, () => 'refused')"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_page()
    yield made
    made.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with FaultServer() as prometheus, Served(prometheus.url, interval="1s") as server:
        yield server


@pytest.fixture(scope="module")
def foreign() -> Iterator[int]:
    """Serve an empty page on another port of this machine."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_page_of_ours_may_watch_and_read(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/api/docs")

    assert page.evaluate(WATCH, f"ws://127.0.0.1:{served.port}/ws/graph").startswith("got")
    assert page.evaluate(READ, "/api/v1/graph") == "got 200"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "rebound.example"])
def test_foreign_page_neither_watches_nor_reads(
    page: Page, served: Served, foreign: int, host: str
) -> None:
    page.goto(f"http://{host}:{foreign}/")

    for name in ("127.0.0.1", "localhost", host):
        assert page.evaluate(WATCH, f"ws://{name}:{served.port}/ws/graph") == "refused"
        assert page.evaluate(READ, f"http://{name}:{served.port}/api/v1/graph") == "refused"


def test_rebound_name_shows_nothing(page: Page, served: Served) -> None:
    answer = page.goto(f"http://rebound.example:{served.port}/api/v1/graph")

    assert answer is not None
    assert answer.status == 400
    assert "edges" not in page.content()


def test_docs_page_works_under_its_own_policy(page: Page, served: Served) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    page.goto(f"{served.url}/api/docs")
    page.click("text=The service graph >> nth=-1")
    page.click("button.try-out__btn")
    page.click("button.execute")
    page.wait_for_selector(".live-responses-table .response-col_status:has-text('200')")

    assert complaints == []
