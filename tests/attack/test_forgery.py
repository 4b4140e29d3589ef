"""Signed-in people's browsers and sessions are nobody else's tools."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from meshviz.signin.brake import FREE
from tests.attack.raw import calm
from tests.served import PATIENCE_S, Served
from tests.signin.people import PASSWORD, Person

FOREIGN = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        FOREIGN,
        {"X-CSRFToken": ""},
        {"X-CSRFToken": "a" * 64},
        {"X-CSRFToken": "a" * 5000},
        {"Referer": "http://evil.example/"},
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
def test_no_foreign_page_changes_anything(
    signed: Served, headers: dict[str, str], kind: str
) -> None:
    ada = Person(signed).sign_in("ada")
    with calm(signed):
        answer = ada.post(
            f"{signed.url}/api/v1/saved-views",
            data='{"name": "forged"}',
            headers={**headers, "Content-Type": kind},
            timeout=PATIENCE_S,
        )

    assert answer.status_code in (400, 403, 415)
    assert "forged" not in ada.go("/api/v1/saved-views").text


def test_token_of_another_is_none(signed: Served) -> None:
    ada, ben = Person(signed).sign_in("ada"), Person(signed).sign_in("ben")
    token = ben.go("/api/v1/me").json()["csrf_token"]

    answer = ada.write(
        "post", "/api/v1/saved-views", {"name": "forged"}, headers={"X-CSRFToken": token}
    )

    assert answer.status_code == 403


def test_nobody_is_signed_in_or_out_by_a_foreign_page(signed: Served) -> None:
    ada = Person(signed).sign_in("ada")

    for path in ("/login", "/logout"):
        answer = ada.post(
            signed.url + path,
            data={"name": "ben", "password": PASSWORD},
            headers=FOREIGN,
            timeout=PATIENCE_S,
            allow_redirects=False,
        )
        assert answer.status_code == 403
    assert ada.go("/logout").status_code == 405
    assert ada.go("/api/v1/me").json()["user"] == "ada"


@pytest.mark.parametrize("key", ["fixed" * 6, "a" * 32, "../../../etc/passwd", "' OR 1=1 --"])
def test_session_that_somebody_else_chose_is_not_the_one_after_signing_in(
    signed: Served, key: str
) -> None:
    ada = Person(signed)
    ada.headers["Cookie"] = f"meshviz_session={key}"
    assert ada.go("/api/v1/me").status_code == 401
    del ada.headers["Cookie"]
    ada.cookies.set("meshviz_session", key)
    answer = ada.submit("ada", PASSWORD)

    assert answer.status_code == 302
    given = answer.cookies.get("meshviz_session")
    assert given is not None
    assert given != key
    stranger = Person(signed)
    stranger.headers["Cookie"] = f"meshviz_session={key}"
    assert stranger.go("/api/v1/graph").status_code == 401


def test_session_changes_with_every_sign_in_and_ends_with_sign_out(signed: Served) -> None:
    cai = Person(signed).sign_in("cai")
    first = cai.session_key()
    token = cai.go("/api/v1/me").json()["csrf_token"]
    left = cai.post(
        f"{signed.url}/logout",
        data={"csrfmiddlewaretoken": token},
        timeout=PATIENCE_S,
        allow_redirects=False,
    )
    assert left.status_code == 302
    thief = Person(signed)
    thief.headers["Cookie"] = f"meshviz_session={first}"
    assert thief.go("/api/v1/graph").status_code == 401
    assert Person(signed).sign_in("cai").session_key() != first


def test_wrong_name_and_wrong_password_look_the_same(signed: Served) -> None:
    stamp = time.monotonic_ns()
    there = Person(signed).submit("ada", f"wrong {stamp}")
    not_there = Person(signed).submit("nobody", f"wrong {stamp}")

    assert there.status_code == not_there.status_code == 403
    assert _without(there.text, "ada") == _without(not_there.text, "nobody")
    assert Person(signed).submit("ada", PASSWORD).status_code == 302


def _tries(signed: Served, names: list[str], headers: dict[str, str]) -> list[requests.Response]:
    def attempt(number_and_name: tuple[int, str]) -> requests.Response:
        number, name = number_and_name
        told = {key: value.format(number % 250) for key, value in headers.items()}
        answer: requests.Response = Person(signed).submit(name, f"wrong {number}", headers=told)
        return answer

    with ThreadPoolExecutor(12) as crowd:
        return list(crowd.map(attempt, enumerate(names)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-For": "10.0.0.{}"},
        {"X-Real-IP": "10.0.0.{}", "Forwarded": "for=10.0.0.{}"},
        {"X-Client-IP": "10.0.0.{}", "True-Client-IP": "10.0.0.{}", "Via": "1.1 10.0.0.{}"},
    ],
)
def test_tries_at_once_and_made_up_addresses_get_no_more_tries(
    signed: Served, headers: dict[str, str]
) -> None:
    name = f"guessed-{time.monotonic_ns()}"
    with calm(signed):
        answers = _tries(signed, [name] * 30, headers)

    looked_at = [answer for answer in answers if answer.status_code == 403]
    told_to_wait = [answer for answer in answers if answer.status_code == 429]
    assert len(looked_at) <= FREE + 1
    assert len(looked_at) + len(told_to_wait) == 30
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in told_to_wait)


def test_same_password_for_many_names_is_slowed_down_too(signed: Served) -> None:
    names = [f"name-{number}-{time.monotonic_ns()}" for number in range(60)]
    answers = _tries(signed, names, {})

    assert sum(answer.status_code == 429 for answer in answers) > 20
    # Whoever knows the password gets in from the same address all the same.
    assert Person(signed).submit("ben", PASSWORD).status_code == 302


def _without(text: str, name: str) -> str:
    lines = (line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)
    return "\n".join(lines).replace(f'"{name}"', '""')
