"""Saved views by the API, on either kind of database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonschema
import pytest

from graph.api.wire_schema import definitions
from graph.core import wire
from graph.saved.draft import MOST_NAME, MOST_PLACES_BYTES, MOST_QUERY, MOST_VIEWS
from tests.faultserver import FaultServer
from tests.served import Served
from tests.signin.people import Person

PATH = "/api/v1/saved-views"
TYPES = definitions(
    "#/$defs/{model}",
    {"SavedViews": wire.SavedViews, "SavedViewWhole": wire.SavedViewWhole, "Me": wire.Me},
)


def keeps_to(name: str, body: object) -> bool:
    jsonschema.Draft202012Validator({**TYPES[name], "$defs": TYPES}).validate(body)
    return True


@pytest.fixture
def ada(served: Served) -> Iterator[Person]:
    person = Person(served).sign_in("ada")
    yield person
    clear(person)


@pytest.fixture
def ben(served: Served) -> Iterator[Person]:
    person = Person(served).sign_in("ben")
    yield person
    clear(person)


def clear(person: Person) -> None:
    for view in listed(person):
        if view["mine"]:
            assert person.write("delete", f"{PATH}/{view['id']}").status_code == 204


def listed(person: Person) -> list[dict[str, Any]]:
    body = person.go(PATH).json()
    assert keeps_to("SavedViews", body)
    views: list[dict[str, Any]] = body["views"]
    return views


def save(person: Person, name: str, **fields: object) -> dict[str, Any]:
    answer = person.write("post", PATH, {"name": name, **fields})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert keeps_to("SavedViewWhole", body)
    return body


def refusal(answer: Any) -> tuple[int, str | None, str | None]:
    error = answer.json()["error"]
    assert error["detail"]
    assert error["accepted"]
    return answer.status_code, error.get("code"), error["parameter"]


def test_me_tells_who_asks(ada: Person) -> None:
    me = ada.go("/api/v1/me").json()

    assert keeps_to("Me", me)
    assert (me["sign_in"], me["user"]) == ("users", "ada")


def test_view_is_kept_listed_changed_and_forgotten(ada: Person) -> None:
    places = {"places": {"a/b": [1, -2.5]}, "base": None}
    made = save(ada, "  夜勤 の壁 ", query="?type=app", places=places, shared=True)
    path = f"{PATH}/{made['id']}"
    assert (made["name"], made["query"], made["owner"]) == ("夜勤 の壁", "?type=app", "ada")
    assert ada.go(path).json() == made
    assert made["places"] == places
    assert listed(ada) == [{name: made[name] for name in made if name != "places"}]

    changed = ada.write("put", path, {"name": "wall"}).json()
    assert keeps_to("SavedViewWhole", changed)
    assert {**changed, "name": made["name"], "updated": made["updated"]} == made
    assert changed["updated"] > made["updated"]
    assert ada.write("put", path, {"places": None, "shared": False}).json()["places"] is None

    assert ada.write("delete", path).status_code == 204
    assert listed(ada) == []
    assert refusal(ada.go(path)) == (404, "not_there", None)


def test_lists_are_by_name_and_own_ones_come_first(ada: Person, ben: Person) -> None:
    for name in ("b", "A", "c"):
        save(ada, name)
    save(ben, "0", shared=True)
    save(ben, "1")

    assert [view["name"] for view in listed(ada)] == ["A", "b", "c", "0"]
    assert [view["mine"] for view in listed(ada)] == [True, True, True, False]


def test_others_read_what_is_shared_and_change_nothing(ada: Person, ben: Person) -> None:
    shared = save(ada, "shared", query="?type=app", shared=True, places={"a": 1})
    own = save(ada, "own")
    shared_path, own_path = f"{PATH}/{shared['id']}", f"{PATH}/{own['id']}"

    assert ben.go(shared_path).json() == {**shared, "mine": False}
    assert refusal(ben.write("put", shared_path, {"name": "x"})) == (403, "not_yours", None)
    assert refusal(ben.write("delete", shared_path)) == (403, "not_yours", None)
    assert refusal(ben.go(own_path)) == (404, "not_there", None)
    assert refusal(ben.write("put", own_path, {"name": "x"})) == (404, "not_there", None)
    assert refusal(ben.write("delete", own_path)) == (404, "not_there", None)
    assert len(listed(ada)) == 2
    save(ben, "shared")


def test_name_is_an_owners_only_once(ada: Person) -> None:
    first, second = save(ada, "one"), save(ada, "two")

    assert refusal(ada.write("post", PATH, {"name": "one "})) == (409, "name_taken", "name")
    taken = ada.write("put", f"{PATH}/{second['id']}", {"name": "one"})
    assert refusal(taken) == (409, "name_taken", "name")
    assert ada.write("put", f"{PATH}/{first['id']}", {"name": "one"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ([], "body"),
        ("name", "body"),
        ({"query": "?a=b"}, "name"),
        ({"name": " \u3000"}, "name"),
        ({"name": 7}, "name"),
        ({"name": "n" * (MOST_NAME + 1)}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "a\u2028b"}, "name"),
        ({"name": "n", "query": 7}, "query"),
        ({"name": "n", "query": "?" + "q" * MOST_QUERY}, "query"),
        ({"name": "n", "query": "https://evil.example"}, "query"),
        ({"name": "n", "query": "javascript:alert(1)"}, "query"),
        ({"name": "n", "query": "?a=b#c"}, "query"),
        ({"name": "n", "query": "?a=ü"}, "query"),
        ({"name": "n", "query": "?a=\u0000"}, "query"),
        ({"name": "n", "places": []}, "places"),
        ({"name": "n", "places": {"a": "x" * MOST_PLACES_BYTES}}, "places"),
        ({"name": "n", "shared": "yes"}, "shared"),
        ({"name": "n", "owner": "ben"}, "owner"),
    ],
)
def test_what_cannot_be_saved_is_named(ada: Person, body: object, parameter: str) -> None:
    assert refusal(ada.write("post", PATH, body)) == (400, None, parameter)
    assert listed(ada) == []


def test_largest_view_fits(ada: Person) -> None:
    places = {"a": "x" * (MOST_PLACES_BYTES - len('{"a":""}'))}
    save(ada, "語" * MOST_NAME, query="?" + "q" * (MOST_QUERY - 1), places=places)


def test_body_that_is_none_or_too_long_is_refused(ada: Person) -> None:
    token = ada.go("/api/v1/me").json()["csrf_token"]

    def post(data: bytes, kind: str = "application/json") -> Any:
        headers = {"X-CSRFToken": token, "Content-Type": kind}
        return ada.post(ada.served.url + PATH, data=data, headers=headers, timeout=30)

    assert refusal(post(b"{")) == (400, None, "body")
    assert refusal(post(b'{"name": "\xff"}')) == (400, None, "body")
    assert refusal(post(b'{"name": "\\ud800"}'))[0] == 400
    assert refusal(post(b" " * 400_000)) == (413, "too_large", None)
    assert post(b"name=x", "application/x-www-form-urlencoded").status_code == 415
    assert post(b"name=x", "text/plain").status_code == 415


def test_text_with_nul_is_data_in_places(ada: Person) -> None:
    made = save(ada, "odd", places={"\u0000": ["\u0000", "語"]})

    assert ada.go(f"{PATH}/{made['id']}").json()["places"] == {"\u0000": ["\u0000", "語"]}


def test_nothing_changes_without_the_token(ada: Person) -> None:
    made = save(ada, "one")
    path = f"{PATH}/{made['id']}"

    for method, where in (("post", PATH), ("put", path), ("delete", path)):
        for headers in ({}, {"X-CSRFToken": "x" * 64}):
            answer = ada.write(method, where, {"name": "two"}, headers=headers)
            assert refusal(answer) == (403, "csrf", None)
    assert [view["name"] for view in listed(ada)] == ["one"]


def test_another_sites_page_changes_nothing(ada: Person) -> None:
    token = ada.go("/api/v1/me").json()["csrf_token"]
    headers = {"X-CSRFToken": token, "Origin": "https://evil.example"}

    assert refusal(ada.write("post", PATH, {"name": "x"}, headers=headers)) == (403, "csrf", None)


def test_nobody_is_told_to_sign_in(served: Served) -> None:
    person = Person(served)

    for method in ("get", "post"):
        answer = person.request(method, served.url + PATH, json={"name": "x"}, timeout=30)
        assert refusal(answer) == (401, "sign_in", None)


def test_there_is_a_most_even_when_saved_at_once(ada: Person) -> None:
    token = ada.go("/api/v1/me").json()["csrf_token"]

    def post(number: int) -> int:
        answer = ada.write("post", PATH, {"name": str(number)}, headers={"X-CSRFToken": token})
        if answer.status_code != 201:
            assert refusal(answer) == (409, "too_many", None)
        return int(answer.status_code)

    with ThreadPoolExecutor(6) as threads:
        statuses = list(threads.map(post, range(MOST_VIEWS + 12)))

    assert statuses.count(201) == MOST_VIEWS
    assert len(listed(ada)) == MOST_VIEWS == ada.go(PATH).json()["most"]


@pytest.mark.parametrize("path", [f"{PATH}?mine=true", f"{PATH}/1?x=", "/api/v1/me?x="])
def test_unknown_parameter_is_named(ada: Person, path: str) -> None:
    assert ada.go(path).status_code == 400


@pytest.mark.parametrize("path", [f"{PATH}/0", f"{PATH}/{'9' * 30}", f"{PATH}/x", f"{PATH}/-1"])
def test_number_of_nothing_is_not_found(ada: Person, path: str) -> None:
    assert ada.go(path).status_code == 404


def test_only_what_is_offered_is_possible(ada: Person) -> None:
    answer = ada.write("patch", PATH)

    assert refusal(answer)[0] == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_where_nobody_signs_in_the_browser_keeps_views() -> None:
    with FaultServer() as prometheus, Served(prometheus.url) as served:
        me = served.get("/api/v1/me").json()
        answers = [served.get(PATH), served.get(f"{PATH}/1")]

        assert me == {
            "sign_in": "none",
            "user": None,
            "role": "admin",
            "namespaces": None,
            "csrf_token": None,
        }
        assert [refusal(each) for each in answers] == [(401, "no_sign_in", None)] * 2
        assert served.get("/login").status_code == 404
        assert 'data-sign-in="none" data-user=""' in served.get("/").text
