"""The API does what its document says, whatever it is asked, and never fails: by schemathesis."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.attack.conftest import SETTINGS
from tests.attack.raw import TRACEBACK
from tests.faultserver import FaultServer
from tests.served import PATIENCE_S, Served
from tests.signin.people import Person, manage, populate, signing_in
from tests.stack import wait_until

EXAMPLES = 8  # of each operation and role
# What an answer has to be. What ought to be refused is said by tests that know what that is.
CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = ("nobody", "viewer", "editor", "admin", "program")
ACCESS = """
users:
  viewer: {role: viewer, namespaces: [shop]}
  editor: {role: editor, namespaces: ["*"]}
  admin: {role: admin, namespaces: ["*"]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schema")


@pytest.fixture(scope="module")
def busy(folder: Path) -> Iterator[Served]:
    """A server with users and a mesh; nobody waits for their purse here."""
    url = f"sqlite:///{folder}/mesh.sqlite3"
    populate(url, "viewer", "editor", "admin")
    (folder / "access.yaml").write_text(ACCESS)
    more = {
        "query_seconds": "10000",
        "query_seconds_per_user": "10000",
        "access_file": str(folder / "access.yaml"),
    }
    with (
        FaultServer() as prometheus,
        Served(prometheus.url, **signing_in(url, **(SETTINGS | more))) as server,
    ):
        editor = Person(server).sign_in("editor")
        wait_until(lambda: editor.go("/api/v1/graph").json()["edges"] != [], what="a graph")
        yield server
        assert TRACEBACK not in server.log, server.log[-3000:]


@pytest.fixture(scope="module")
def sessions(busy: Served, folder: Path) -> dict[str, requests.Session]:
    made = manage(f"sqlite:///{folder}/mesh.sqlite3", "addtoken", "program", "--namespace", "shop")
    assert made.returncode == 0, made.stderr
    program = Person(busy)
    program.headers["Authorization"] = f"Bearer {made.stdout.strip()}"
    people = {name: Person(busy).sign_in(name) for name in ("viewer", "editor", "admin")}
    return {"nobody": Person(busy), "program": program, **people}


def _document(sessions: dict[str, requests.Session], busy: Served) -> Any:
    answer = sessions["editor"].get(f"{busy.url}/api/schema", timeout=PATIENCE_S)
    assert answer.status_code == 200
    document = answer.json()
    # Each role brings what it shows; made-up sessions and tokens would take its place.
    del document["security"], document["components"]["securitySchemes"]
    return document


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_surprises(
    busy: Served, sessions: dict[str, requests.Session], role: str
) -> None:
    session = sessions[role]
    headers = {}
    if role not in ("nobody", "program"):
        me = session.get(f"{busy.url}/api/v1/me", timeout=PATIENCE_S).json()
        headers["X-CSRFToken"] = me["csrf_token"]
    document = _document(sessions, busy)
    nodes = sessions["editor"].get(f"{busy.url}/api/v1/graph", timeout=PATIENCE_S).json()["nodes"]
    _with_examples(document, [node["id"] for node in nodes])
    schema = schemathesis.openapi.from_dict(document)

    seen = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        seen.add(operation.definition.raw["operationId"])

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=timedelta(seconds=PATIENCE_S),
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            if role == "nobody":
                session.cookies.clear()
            answer = case.call(
                base_url=busy.url, session=session, headers=headers, timeout=PATIENCE_S
            )
            if role == "nobody":
                assert answer.status_code == 401, case.as_curl_command()
            case.validate_response(answer, checks=CHECKS)

        ask()
    assert len(seen) > 8


def _with_examples(document: dict[str, Any], ids: list[str]) -> None:
    """Let some of the questions be about nodes that are there."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "node":
                    parameter["schema"] = {"type": "string", "enum": [*ids[:3], "", "x" * 400]}
