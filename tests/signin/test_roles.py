"""What each role may do, who sees what is shared, and what happens when rights change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.served import PATIENCE_S, Served
from tests.signin.people import PASSWORD, RECORDING, Person, manage, signing_in
from tests.signin.test_door import watch
from tests.stack import wait_until

PATH = "/api/v1/saved-views"
ACCESS = """
groups:
  lookers: {{role: viewer, namespaces: [{lookers}]}}
  shop: {{role: editor, namespaces: [bookinfo]}}
  two: {{role: editor, namespaces: [bookinfo, boutique]}}
  platform: {{role: admin, namespaces: ["*"]}}
"""
PEOPLE = {"lou": "lookers", "ada": "shop", "ben": "shop", "tom": "two", "pat": "platform"}


@pytest.fixture(scope="module")
def folder(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("roles")


@pytest.fixture(scope="module")
def peopled(url: str, folder: Path) -> str:
    """Return the address of a database, of either kind, with everybody in it."""
    (folder / "access.yaml").write_text(ACCESS.format(lookers="bookinfo"))
    assert manage(url, "migrate").returncode == 0
    for name, group in PEOPLE.items():
        ended = manage(url, "adduser", name, "--group", group, typed=f"{PASSWORD}\n")
        assert ended.returncode == 0, ended.stderr
    ended = manage(url, "adduser", "root", "--admin", typed=f"{PASSWORD}\n")
    assert ended.returncode == 0, ended.stderr
    return url


@pytest.fixture(scope="module")
def served(peopled: str, folder: Path) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.hasty")
        settings = signing_in(peopled, access_file=str(folder / "access.yaml"))
        with Served(RECORDING, **settings) as server:
            yield server


@pytest.fixture(scope="module")
def people(served: Served) -> dict[str, Person]:
    return {name: Person(served).sign_in(name) for name in (*PEOPLE, "root")}


def seen(person: Person) -> list[str]:
    return [view["name"] for view in person.go(PATH).json()["views"]]


def save(person: Person, name: str, **fields: Any) -> requests.Response:
    answer: requests.Response = person.write("post", PATH, {"name": name, **fields})
    return answer


def test_everybody_is_told_their_role_and_namespaces(people: dict[str, Person]) -> None:
    told = {name: person.go("/api/v1/me").json() for name, person in people.items()}

    assert {name: (me["role"], me["namespaces"]) for name, me in told.items()} == {
        "lou": ("viewer", [["bookinfo"]]),
        "ada": ("editor", [["bookinfo"]]),
        "ben": ("editor", [["bookinfo"]]),
        "tom": ("editor", [["bookinfo", "boutique"]]),
        "pat": ("admin", None),
        "root": ("admin", None),
    }


def test_a_viewer_opens_what_is_shared_and_changes_nothing(people: dict[str, Person]) -> None:
    number = save(people["ada"], "shared by ada", shared=True).json()["id"]
    lou = people["lou"]

    assert "shared by ada" in seen(lou)
    assert lou.go(f"{PATH}/{number}").status_code == 200
    for method, path in (
        ("post", PATH),
        ("put", f"{PATH}/{number}"),
        ("delete", f"{PATH}/{number}"),
    ):
        answer = lou.write(method, path, {"name": "mine"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_permitted")
        assert "editor" in answer.json()["error"]["accepted"]


def test_who_may_see_less_sees_nothing_of_what_others_share(people: dict[str, Person]) -> None:
    for name in ("ada", "tom", "pat"):
        view = {"query": f"?namespace=of-{name}", "shared": True, "places": {"kept": {}}}
        assert save(people[name], f"of {name}", **view).status_code == 201
    numbers = {view["name"]: view["id"] for view in people["pat"].go(PATH).json()["views"]}

    assert {"of ada", "of tom", "of pat"} <= set(seen(people["pat"]))
    assert {"of ada", "of tom"} <= set(seen(people["tom"]))
    assert "of pat" not in seen(people["tom"])
    assert "of ada" in seen(people["ben"])
    assert not {"of tom", "of pat"} & set(seen(people["ben"]))
    for method, body in (("get", None), ("put", {"name": "x"}), ("delete", None)):
        answer = people["ben"].write(method, f"{PATH}/{numbers['of tom']}", body)
        assert answer.status_code == 404
        assert "of-tom" not in answer.text


def test_an_admin_deletes_what_others_share_and_only_that(people: dict[str, Person]) -> None:
    shared = save(people["ada"], "in the way", shared=True).json()["id"]
    own = save(people["ada"], "for myself").json()["id"]

    assert people["ben"].write("delete", f"{PATH}/{shared}").status_code == 403
    assert people["pat"].write("put", f"{PATH}/{shared}", {"name": "x"}).status_code == 403
    assert people["pat"].write("delete", f"{PATH}/{own}").status_code == 404
    assert people["pat"].write("delete", f"{PATH}/{shared}").status_code == 204
    assert "in the way" not in seen(people["ada"])


def test_only_who_sees_everything_asks_the_doctor(people: dict[str, Person]) -> None:
    for name, status in (("lou", 403), ("ada", 403), ("pat", 200), ("root", 200)):
        assert people[name].go("/api/v1/doctor").status_code == status


def test_a_change_of_the_file_ends_what_is_watched_and_shows_the_new(
    served: Served, people: dict[str, Person], folder: Path
) -> None:
    lou, ada = people["lou"], people["ada"]
    with watch(served, lou.session_key()) as changed, watch(served, ada.session_key()) as same:
        assert changed.next("snapshot")["namespaces"] == ["bookinfo"]
        same.next("snapshot")

        (folder / "access.yaml").write_text(ACCESS.format(lookers="boutique"))

        assert changed.close_code() == 1012
        same.send({"type": "resync"})
        assert same.next("snapshot")["namespaces"] == ["bookinfo"]
    with watch(served, lou.session_key()) as again:
        assert again.next("snapshot")["namespaces"] == ["boutique"]
    assert lou.go("/api/v1/graph").json()["namespaces"] == ["boutique"]


def test_who_is_taken_out_of_a_group_sees_no_more_of_it(
    served: Served, people: dict[str, Person], folder: Path, peopled: str
) -> None:
    key = people["tom"].session_key()
    with watch(served, key) as tab:
        tab.next("snapshot")

        manage(peopled, "shell", "-c", _LEAVE)

        assert tab.close_code() == 1012
    wait_until(lambda: people["tom"].go("/api/v1/graph").json()["namespaces"] == [])
    answer = requests.get(
        f"{served.url}/api/v1/graph", cookies={"meshviz_session": key}, timeout=PATIENCE_S
    )
    assert answer.json()["source"]["reason"] == "not_permitted"


_LEAVE = """
from django.contrib.auth.models import Group, User
User.objects.get(username="tom").groups.remove(Group.objects.get(name="two"))
"""
