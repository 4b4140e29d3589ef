"""What a real browser makes of hostile pages, names and frames."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from graph.core.samples import Sample
from tests.attack.conftest import SETTINGS
from tests.faultserver import FaultServer
from tests.make import request
from tests.served import Served
from tests.signin.people import PASSWORD, Person
from tests.stack import wait_until

# Whatever of it ran would leave this mark.
MARK = "window.owned=1"
CORPUS = (
    f"<script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f"<svg/onload={MARK}>",
    f"</title></style></script><script>{MARK}</script>",
    "\"><iframe srcdoc='<script>parent.owned=1</script>'>",
    f"javascript:{MARK}//",
    f"{{{{constructor.constructor('{MARK}')()}}}}",
    f"${{{MARK}}}",
    f"<a href=javascript:{MARK}>x</a>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}>",
    f"<style>@import 'javascript:{MARK}'</style>",
    f"\u202e<script>{MARK}</script>\u2066",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    f"<base href=//evil.example><meta http-equiv=refresh content=0;url=data:text/html,{MARK}>",
    f"=cmd|'/c calc'!A0 <x {MARK}>",
    f"__proto__<b onmouseover={MARK}>",
)


def _hostile(name: str) -> list[Sample]:
    here = {
        "destination_workload": name,
        "destination_canonical_service": name,
        "destination_canonical_revision": name,
        "destination_service": name,
        "destination_service_name": name,
        "destination_principal": name,
        "response_flags": name,
        "request_operation": name,
    }
    there = {
        "source_workload": name,
        "source_workload_namespace": name,
        "source_canonical_service": name,
        "source_principal": name,
        "source_cluster": name,
        "response_code": name,
    }
    return [request(3.0, **here), request(2.0, **there)]


@pytest.fixture(scope="module")
def hostile() -> Iterator[Served]:
    mesh = list(chain.from_iterable(map(_hostile, CORPUS)))
    with FaultServer(more=mesh) as prometheus, Served(prometheus.url, **SETTINGS) as server:
        wait_until(lambda: len(server.graph()["edges"]) > len(CORPUS), what="the hostile mesh")
        yield server


class Watched:
    """A page, with whatever it complains of and wherever it goes."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        context.add_init_script(
            "addEventListener('securitypolicyviolation', event =>"
            " console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI))"
        )
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._went(asked.url))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _went(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
            self.foreign.append(url)

    def is_clean(self) -> None:
        """Assert that nothing ran, nothing was blocked, and nobody else was asked."""
        assert self.page.evaluate("window.owned") is None
        assert self.complaints == []
        assert self.foreign == []


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(reduced_motion="reduce")
    yield Watched(context)
    context.close()


def settle(page: Page) -> None:
    page.wait_for_selector(".tables table, canvas", state="attached")
    page.wait_for_timeout(1000)


@pytest.mark.parametrize(
    "query", ["", "?type=app", "?type=versioned_app&operations=true", "?type=service&idle=true"]
)
def test_names_in_the_mesh_run_nowhere_on_the_page(
    watched: Watched, hostile: Served, query: str
) -> None:
    page = watched.page
    page.goto(f"{hostile.url}/{query}")
    settle(page)
    page.keyboard.press("t")
    page.wait_for_timeout(500)
    rows = page.locator(".tables tbody tr")
    for place in range(0, min(rows.count(), 24), 5):
        rows.nth(place).locator("th, td").first.click()
        page.wait_for_timeout(150)
    page.keyboard.press("Escape")

    watched.is_clean()
    assert page.locator("main img, main iframe, main script").count() == 0


def test_names_in_the_page_s_address_run_nowhere(watched: Watched, hostile: Served) -> None:
    for name in CORPUS[:6]:
        given = json.dumps(name)
        watched.page.goto(hostile.url)
        watched.page.evaluate(
            "name => { const q = new URLSearchParams();"
            " for (const key of ['type','window','namespace','focus','node','edge','find','at',"
            "'layout','q']) q.set(key, name); location.search = q; }",
            json.loads(given),
        )
        watched.page.wait_for_timeout(400)
        assert watched.page.evaluate("window.owned") is None
    assert watched.foreign == []
    assert not [text for text in watched.complaints if "CSP" in text]


def test_docs_and_login_pages_keep_to_the_policy(watched: Watched, signed: Served) -> None:
    page = watched.page
    page.goto(f"{signed.url}/login?next=/%3Ftype=app")
    page.fill("[name=name]", CORPUS[0])
    page.fill("[name=password]", CORPUS[1])
    page.click("button[type=submit]")
    page.fill("[name=name]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/?type=app")
    settle(page)
    page.goto(f"{signed.url}/api/docs")
    page.wait_for_selector(".opblock")

    # A browser says of the refused sign-in what it says of every 403.
    watched.complaints[:] = [text for text in watched.complaints if "403" not in text]
    watched.is_clean()


@pytest.fixture(scope="module")
def evil() -> Iterator[int]:
    """Serve a hostile page on another port: it frames, posts, fetches and opens what it is told."""

    class Page_(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><body>")

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page_)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def victim(browser: Browser, signed: Served) -> Iterator[Page]:
    """A browser in which Ada is signed in."""
    ada = Person(signed).sign_in("ada")
    context = browser.new_context()
    context.add_cookies(
        [{"name": "meshviz_session", "value": ada.session_key(), "url": signed.url}]
    )
    page = context.new_page()
    page.goto(f"{signed.url}/api/v1/me")
    assert '"ada"' in page.content()
    yield page
    context.close()


ORIGINS = ["http://127.0.0.1:{evil}", "http://localhost:{evil}", "http://rebound.example:{evil}"]
WATCH = """url => new Promise(done => {
  const socket = new WebSocket(url);
  socket.onmessage = event => done("got " + event.data.slice(0, 40));
  socket.onopen = () => setTimeout(() => done("open"), 1500);
  socket.onclose = event => done("closed " + event.code);
})"""


@pytest.mark.parametrize("origin", ORIGINS)
def test_hostile_page_watches_nothing_although_its_victim_is_signed_in(
    victim: Page, signed: Served, evil: int, origin: str
) -> None:
    victim.goto(origin.format(evil=evil))
    for name in ("127.0.0.1", "localhost", "rebound.example"):
        address = f"ws://{name}:{signed.port}/ws/graph"
        assert victim.evaluate(WATCH, address) == "closed 1006"


@pytest.mark.parametrize("origin", ORIGINS)
def test_hostile_page_reads_and_writes_nothing(
    victim: Page, signed: Served, evil: int, origin: str
) -> None:
    victim.goto(origin.format(evil=evil))
    for how in (
        {"credentials": "include"},
        {"credentials": "include", "mode": "no-cors"},
        {"method": "POST", "credentials": "include", "mode": "no-cors", "body": '{"name":"f"}'},
    ):
        told = victim.evaluate(
            "async ([url, how]) => { try { const a = await fetch(url, how);"
            " return a.type + ' ' + (await a.text()).length } catch { return 'refused' } }",
            [f"{signed.url}/api/v1/saved-views", how],
        )
        assert told in ("refused", "opaque 0")
    with victim.expect_navigation():
        victim.evaluate(
            """url => { const form = document.createElement("form");
            form.method = "post"; form.action = url; form.enctype = "text/plain";
            const field = document.createElement("input"); field.name = '{"name":"forged","x":"';
            field.value = '"}'; form.append(field); document.body.append(form); form.submit(); }""",
            f"{signed.url}/api/v1/saved-views",
        )
    victim.goto(f"{signed.url}/api/v1/saved-views")
    assert "forged" not in victim.content()
    assert '"views"' in victim.content()


@pytest.mark.parametrize("path", ["/", "/login", "/api/docs", "/api/v1/graph"])
def test_no_page_is_framed(victim: Page, signed: Served, evil: int, path: str) -> None:
    victim.goto(f"http://127.0.0.1:{evil}/")
    victim.evaluate(
        """url => new Promise(done => { const frame = document.createElement("iframe");
        frame.src = url; frame.onload = done; document.body.append(frame); })""",
        signed.url + path,
    )
    frames = [frame for frame in victim.frames if frame != victim.main_frame]

    assert len(frames) == 1
    assert frames[0].url.startswith("chrome-error:")


def test_page_that_opened_ours_has_no_hold_on_it(victim: Page, signed: Served, evil: int) -> None:
    victim.goto(f"http://127.0.0.1:{evil}/")
    with victim.context.expect_page() as opened:
        victim.evaluate("url => { window.theirs = window.open(url) }", f"{signed.url}/api/docs")
    opened.value.wait_for_load_state()

    assert opened.value.evaluate("window.opener") is None
    assert victim.evaluate("window.theirs.closed") is True


def test_rebound_name_gets_neither_page_nor_socket(victim: Page, signed: Served) -> None:
    answer = victim.goto(f"http://rebound.example:{signed.port}/api/v1/graph")

    assert answer is not None
    assert answer.status == 400
    assert victim.evaluate(WATCH, f"ws://rebound.example:{signed.port}/ws/graph") == "closed 1006"
