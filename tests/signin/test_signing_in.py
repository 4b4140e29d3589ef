"""Who gets in, who does not, and what the browser is told to keep."""

import subprocess
import sys

import pytest
import requests

from meshviz.headers import HEADERS
from tests.served import ROOT, Served, environment
from tests.signin.people import KEY, PASSWORD, RECORDING, Person, manage, signing_in

API = [
    "graph",
    "graph?type=nonsense",
    "status",
    "queries?node=x",
    "doctor",
    "me",
    "saved-views",
    "saved-views/1",
    "nowhere",
]


@pytest.mark.parametrize("path", [*(f"/api/v1/{name}" for name in API), "/api/schema", "/api/docs"])
def test_api_answers_nobody_else(served: Served, path: str) -> None:
    answer = served.get(path)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "sign_in"
    assert answer.headers["Cache-Control"] == "no-store"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_probes_and_files_need_nobody(served: Served) -> None:
    assert served.get("/healthz").text == "ok\n"
    assert served.get("/metrics").status_code == 200
    assert served.get("/static/meshviz/docs.js").status_code == 200


def test_page_leads_to_the_form_and_back_to_itself(served: Served) -> None:
    person = Person(served)
    turned = person.go("/?type=app&namespace=a%26b")
    assert turned.status_code == 302
    assert turned.headers["Location"] == "/login?next=%2F%3Ftype%3Dapp%26namespace%3Da%2526b"

    form = person.go(turned.headers["Location"])
    assert 'name="next" value="/?type=app&amp;namespace=a%26b"' in form.text
    entered = person.submit("ada", PASSWORD, "/?type=app&namespace=a%26b")

    assert (entered.status_code, entered.headers["Location"]) == (302, "/?type=app&namespace=a%26b")
    page = person.go("/")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert 'data-user="ada"' in page.text
    assert person.go("/api/v1/graph").status_code == 200
    assert person.go("/login").headers["Location"] == "/"


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "///evil.example",
        "/login?next=/login",
        "/logout",
        "/?" + "x" * 9000,
    ],
)
def test_form_leads_to_no_other_place(served: Served, then: str) -> None:
    person = Person(served)
    asked = person.go("/login", params={"next": then})
    answer = person.submit("ada", PASSWORD, then)

    assert 'name="next" value="/"' in asked.text
    assert answer.headers["Location"] == "/"


def test_session_is_new_after_signing_in_and_ends_with_signing_out(served: Served) -> None:
    person = Person(served)
    person.cookies.set("meshviz_session", "x" * 32, domain="127.0.0.1", path="/")
    person.sign_in("ada")
    first = person.session_key()
    person.write("post", "/logout")
    assert person.go("/api/v1/me").status_code == 401
    thief = Person(served)
    thief.cookies.set("meshviz_session", first)
    assert thief.go("/api/v1/me").status_code == 401

    second = person.sign_in("ada").session_key()

    assert len({"x" * 32, first, second}) == 3


def test_second_person_at_the_browser_takes_nothing_over(served: Served) -> None:
    person = Person(served).sign_in("ada")
    first = person.session_key()
    token = person.go("/api/v1/me").json()["csrf_token"]
    answer = requests.post(
        f"{served.url}/login",
        data={"name": "ben", "password": PASSWORD, "csrfmiddlewaretoken": token},
        cookies=person.cookies.get_dict(),
        timeout=30,
        allow_redirects=False,
    )

    assert answer.status_code == 302
    assert answer.cookies["meshviz_session"] != first
    assert person.go("/api/v1/me").status_code == 401


def test_cookies_are_kept_from_scripts_and_other_sites(served: Served) -> None:
    answer = Person(served).submit("ada", PASSWORD)
    cookies = answer.headers["Set-Cookie"].split(", meshviz_")

    assert len(cookies) == 2
    assert all("HttpOnly" in each and "SameSite=Lax" in each for each in cookies)
    assert all("Secure" not in each for each in cookies)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://mesh.example.com"}, {"X-Forwarded-Proto": "https"}],
    ids=["origin", "proxy"],
)
def test_cookies_of_https_stay_with_https(served: Served, headers: dict[str, str]) -> None:
    answer = Person(served).submit("ada", PASSWORD, headers=headers)

    assert answer.status_code == 302
    assert answer.headers["Set-Cookie"].count("Secure") == 2


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_wrong_name_and_wrong_password_are_told_the_same(
    served: Served, name: str, password: str
) -> None:
    person = Person(served)
    answer = person.submit(name, password)

    assert answer.status_code == 403
    assert "There is no such user, or the password is another one." in answer.text
    assert PASSWORD not in answer.text
    assert "meshviz_session" not in person.cookies


def test_form_of_another_site_is_refused(served: Served) -> None:
    person = Person(served)
    elsewhere = person.submit("ada", PASSWORD, headers={"Origin": "https://evil.example"})
    without = requests.post(
        f"{served.url}/login", data={"name": "ada", "password": PASSWORD}, timeout=30
    )

    assert (elsewhere.status_code, without.status_code) == (403, 403)
    assert "meshviz_session" not in {*person.cookies, *without.cookies}
    assert "This form was open for too long" in elsewhere.text


def test_signing_out_needs_the_token_and_a_post(served: Served) -> None:
    person = Person(served).sign_in("ada")

    assert person.write("post", "/logout", headers={}).status_code == 403
    assert person.go("/logout").status_code == 405
    assert person.go("/api/v1/me").json()["user"] == "ada"


def test_guessing_is_slowed_down_for_one_name_and_address(served: Served) -> None:
    person = Person(served)
    answers = [person.submit("cai", f"guess {number}") for number in range(6)]
    right = person.submit("cai", PASSWORD)

    assert [answer.status_code for answer in answers[:5]] == [403] * 5
    assert answers[5].status_code == right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0
    assert "Too many wrong passwords" in right.text
    assert Person(served).sign_in("ben").go("/api/v1/me").json()["user"] == "ben"


def test_form_speaks_the_browsers_language_and_runs_no_script(served: Served) -> None:
    person = Person(served)
    japanese = person.go("/login", headers={"Accept-Language": "ja,en;q=0.5"})
    other = person.go("/login", headers={"Accept-Language": "de-CH, en;q=0.8, ja;q=0.2"})

    assert '<html lang="ja">' in japanese.text
    assert "サインイン" in japanese.text
    assert '<html lang="en">' in other.text
    for answer in (japanese, other):
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_name_comes_back_harmlessly(served: Served) -> None:
    answer = Person(served).submit('"><script>alert(1)</script>', "wrong")

    assert "<script" not in answer.text


def test_new_password_ends_every_session(served: Served, url: str) -> None:
    person = Person(served).sign_in("ben")
    assert manage(url, "adduser", "ben", typed=f"{PASSWORD}\n").returncode == 0

    assert person.go("/api/v1/me").status_code == 401


def test_poor_password_is_refused(url: str) -> None:
    ended = manage(url, "adduser", "dora", typed="dora\n")

    assert ended.returncode == 1
    assert "too short" in ended.stderr


def test_user_who_is_gone_signs_in_no_more(served: Served, url: str) -> None:
    assert manage(url, "adduser", "eve", typed=f"{PASSWORD}\n").returncode == 0
    person = Person(served).sign_in("eve")
    assert manage(url, "deluser", "eve").returncode == 0

    assert person.go("/api/v1/me").status_code == 401
    assert person.submit("eve", PASSWORD).status_code == 403
    assert manage(url, "deluser", "eve").returncode == 1


def test_session_outlives_the_process_with_a_key_only(url: str) -> None:
    with Served(RECORDING, **signing_in(url)) as first:
        person = Person(first).sign_in("ada")
        assert "Sign-ins end with this process" not in first.log
    with Served(RECORDING, **signing_in(url)) as second:
        person.served = second
        assert person.go("/api/v1/me").status_code == 200
    with Served(RECORDING, **signing_in(url, secret_key="")) as third:
        person.served = third
        assert person.go("/api/v1/me").status_code == 401
        assert "Sign-ins end with this process" in third.log


def test_commands_say_what_they_need() -> None:
    for words in (["adduser", "ada"], ["deluser", "ada"]):
        ended = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 1
        assert "MESHVIZ_SIGN_IN=users" in ended.stderr


@pytest.mark.parametrize(("sign_in", "is_loaded"), [("none", False), ("users", True)])
def test_what_knows_users_is_loaded_only_by_those_who_have_some(
    sign_in: str, is_loaded: bool
) -> None:
    program = (
        "import sys, meshviz.asgi, meshviz.urls\n"
        "wanted = ('django.contrib.auth.models', 'django.contrib.sessions.models',\n"
        "          'django.contrib.contenttypes.models', 'graph.saved.models', 'meshviz.signin')\n"
        "print(*(name in sys.modules for name in wanted))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(prometheus_url="http://p", sign_in=sign_in, secret_key=KEY),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert ended.stdout.split() == [str(is_loaded)] * 5
