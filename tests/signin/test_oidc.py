"""Signing in by OpenID Connect: with a provider that is good, and with one that lies."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.served import PATIENCE_S, Served
from tests.signin.people import KEY, RECORDING
from tests.signin.providers import BadProvider, GoodProvider, allow
from tests.stack import wait_until

ACCESS = """
groups:
  shop: {role: editor, namespaces: [bookinfo]}
users:
  root@example.com: {role: admin, namespaces: ["*"]}
"""
ADA = {"email": "ada@example.com", "email_verified": True, "groups": ["shop"]}
SECRET = "oidc-client-secret"


def settings(folder: Path, issuer: str, **more: str) -> dict[str, str]:
    (folder / "access.yaml").write_text(ACCESS)
    return {
        "sign_in": "oidc",
        "oidc_issuer": issuer,
        "oidc_client_id": "meshviz",
        "oidc_client_secret": SECRET,
        "oidc_scopes": "openid,email",
        "secret_key": KEY,
        "access_file": str(folder / "access.yaml"),
        "database_url": f"sqlite:///{folder}/mesh.sqlite3",
        **more,
    }


class Browser(requests.Session):
    """Somebody's browser."""

    def __init__(self, served: Served) -> None:
        super().__init__()
        self.served = served

    def go(self, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self.served.url + path
        return self.get(url, timeout=PATIENCE_S, allow_redirects=False, **options)

    def begun(self, then: str = "/") -> str:
        """Begin to sign in; return the provider's address."""
        answer = self.go("/login/oidc", params={"next": then})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    @property
    def me(self) -> dict[str, Any]:
        body: dict[str, Any] = self.go("/api/v1/me").json()
        return body


def has_database(served: Served) -> None:
    """Wait until it is made: before, nobody is let in."""
    wait_until(lambda: served.get("/readyz").status_code == 200, what="a database")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    people = [{"sub": "7", **ADA}, {"sub": "8", "email": "eve@example.com"}]
    with (
        GoodProvider(*people) as provider,
        Served(RECORDING, **settings(tmp_path_factory.mktemp("good"), provider.url)) as served,
    ):
        has_database(served)
        yield served


def test_somebody_signs_in_watches_and_signs_out(good: Served) -> None:
    browser = Browser(good)
    page = browser.go("/?type=app")
    assert (page.status_code, page.headers["Location"]) == (302, "/login?next=%2F%3Ftype%3Dapp")
    login = browser.go(page.headers["Location"])
    assert 'href="/login/oidc?next=%2F%3Ftype%3Dapp"' in login.text
    assert "<input" not in re.sub(r'<input type="hidden"[^>]*>', "", login.text)

    back = allow(browser, browser.begun("/?type=app"), "7")
    answer = browser.go(back)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/?type=app")
    me = browser.me
    assert (me["sign_in"], me["user"], me["role"]) == ("oidc", "ada@example.com", "editor")
    assert me["namespaces"] == [["bookinfo"]]
    assert browser.go("/api/v1/graph").json()["namespaces"] == ["bookinfo"]
    token = {"X-CSRFToken": me["csrf_token"]}
    browser.post(f"{good.url}/logout", headers=token, timeout=PATIENCE_S, allow_redirects=False)
    assert browser.go("/api/v1/graph").status_code == 401


def test_an_address_that_nobody_has_verified_is_nobodys(good: Served) -> None:
    browser = Browser(good)

    answer = browser.go(allow(browser, browser.begun(), "8"))

    assert answer.status_code == 403
    assert "not a verified one" in answer.text
    assert browser.go("/api/v1/graph").status_code == 401


@pytest.fixture(scope="module")
def bad() -> Iterator[BadProvider]:
    with BadProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(bad: BadProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("bad")
    origin = "https://mesh.example.com"
    hosts = {"extra_origins": origin, "allowed_hosts": "mesh.example.com"}
    with Served(RECORDING, **settings(folder, bad.url, **hosts)) as server:
        has_database(server)
        yield server


@pytest.fixture(autouse=True)
def honest(request: pytest.FixtureRequest) -> None:
    """Let every test begin with a provider that tells the truth."""
    if "bad" in request.fixturenames:
        bad = request.getfixturevalue("bad")
        bad.lie, bad.claims, bad.userinfo = "", dict(ADA), {}


def test_the_truth_lets_in(served: Served, bad: BadProvider) -> None:
    browser = Browser(served)

    answer = browser.go(bad.sign_in(browser.begun()))

    assert answer.status_code == 302, answer.text
    assert browser.me["user"] == "ada@example.com"
    assert bad.asked["code_challenge_method"] == "S256"
    assert bad.asked["scope"] == "openid email"
    assert len(bad.exchanged["code_verifier"]) >= 43
    assert SECRET not in answer.headers["Location"]


@pytest.mark.parametrize(
    "lie",
    [
        *("state", "denied", "refused", "no token", "issuer", "audience", "expired", "nonce"),
        *("unsigned", "shared secret", "signature", "changed"),
    ],
)
def test_no_lie_does(served: Served, bad: BadProvider, lie: str) -> None:
    bad.lie = lie
    browser = Browser(served)

    answer = browser.go(bad.sign_in(browser.begun()))

    assert answer.status_code in (403, 503)
    assert 'role="alert"' in answer.text
    assert browser.go("/api/v1/graph").status_code == 401
    for secret in (SECRET, "the-code", KEY):
        assert secret not in answer.text + served.log
    assert "Traceback" not in served.log


@pytest.mark.parametrize(
    ("claims", "userinfo", "status"),
    [
        ({"email": "ada@example.com", "email_verified": False}, {}, 403),
        ({"email": "ada@example.com"}, {}, 403),
        ({"email": ["root@example.com"], "email_verified": True}, {}, 403),
        ({"email": "a" * 151, "email_verified": True}, {}, 403),
        ({"email": "", "email_verified": True}, {}, 403),
        ({}, {"sub": "1", "email": "ada@example.com", "email_verified": True}, 302),
        ({}, {"sub": "2", "email": "ada@example.com", "email_verified": True}, 503),
        ({"email": "ada@example.com", "email_verified": True, "groups": {"a": 1}}, {}, 302),
    ],
)
def test_only_who_is_named_well_is_let_in(
    served: Served,
    bad: BadProvider,
    claims: dict[str, Any],
    userinfo: dict[str, Any],
    status: int,
) -> None:
    bad.claims, bad.userinfo = claims, userinfo
    browser = Browser(served)

    answer = browser.go(bad.sign_in(browser.begun()))
    assert answer.status_code == status, served.log[-600:]


def test_a_sign_in_belongs_to_the_browser_that_began_it(served: Served, bad: BadProvider) -> None:
    """Else somebody would lead others into an account of their own, or take theirs."""
    mine, theirs = Browser(served), Browser(served)
    back = bad.sign_in(mine.begun())

    assert theirs.go(back).status_code == 403
    theirs.begun()
    assert theirs.go(back).status_code == 403
    assert mine.go(back).status_code == 302
    assert mine.go(back).status_code == 403  # once


def test_the_session_is_a_new_one(served: Served, bad: BadProvider) -> None:
    browser = Browser(served)
    browser.cookies.set("meshviz_session", "k" * 32)

    browser.go(bad.sign_in(browser.begun()))

    keys = {one.value for one in browser.cookies if one.name == "meshviz_session"}
    assert browser.me["user"] == "ada@example.com"
    assert any(key != "k" * 32 for key in keys)


def test_who_only_knocks_leaves_nothing_behind(served: Served, bad: BadProvider) -> None:
    browser = Browser(served)
    for _ in range(3):
        browser.begun()

    assert {cookie.name for cookie in browser.cookies} == {"meshviz_oidc"}
    (cookie,) = browser.cookies
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.path == "/login/oidc/callback"


@pytest.mark.parametrize("then", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_it_never_leads_elsewhere(served: Served, bad: BadProvider, then: str) -> None:
    browser = Browser(served)

    assert browser.go(bad.sign_in(browser.begun(then))).headers["Location"] == "/"


def test_behind_a_proxy_it_leads_back_there(served: Served, bad: BadProvider) -> None:
    answer = Browser(served).go("/login/oidc", headers={"Host": "mesh.example.com"})

    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == ["https://mesh.example.com/login/oidc/callback"]


@pytest.mark.parametrize("lie", ["broken", "redirect", "metadata"])
def test_a_provider_that_is_away_is_told_and_tried_again(
    bad: BadProvider, tmp_path: Path, lie: str
) -> None:
    with Served(RECORDING, **settings(tmp_path, bad.url)) as served:
        has_database(served)
        bad.lie = lie
        away = Browser(served).go("/login/oidc")

        assert away.status_code == 503
        assert "does not answer" in away.text
        assert "Traceback" not in served.log
        bad.lie = ""
        browser = Browser(served)
        answer = browser.go(bad.sign_in(browser.begun()))
        assert answer.status_code == 302, served.log
