"""No secret setting is ever told: not by the API, not by an error, a frame, a metric or the log."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshviz.config import SETTINGS as TABLE
from tests.attack.conftest import SETTINGS
from tests.attack.raw import frames_go_on
from tests.faultserver import FaultServer
from tests.served import Served
from tests.signin.people import Person, populate, signing_in

TOKEN = "canary-token-7f3a"
HEADER = "canary-header-7f3a"
PARAMETER = "canary-parameter-7f3a"
KEY = "canary-key-7f3a" * 4
PASSWORD = "canary-password-7f3a"
# What a test below gives a value, or what another one would have to.
TRIED = {
    *("prometheus_token", "prometheus_headers", "prometheus_parameters", "secret_key"),
    *("prometheus_password", "database_url", "redis_url"),
}
ASKED = (
    *("/", "/api/docs", "/api/schema", "/api/v1/status", "/api/v1/doctor", "/api/v1/graph"),
    *("/api/v1/history", "/api/v1/graph?type=x", "/api/v1/graph?at=1", "/api/v1/me"),
    *("/api/v1/saved-views", "/nothing", "/metrics", "/healthz", "/login", "/static/nothing"),
)


def told(served: Served, person: Person | None = None) -> str:
    """Return everything that the server says to whoever asks all there is."""
    ask = person.go if person else served.get
    answers = [ask(path) for path in ASKED]
    nodes = ask("/api/v1/graph").json().get("nodes", [])
    answers += [ask(f"/api/v1/queries?node={node['id']}") for node in nodes[:2]]
    parts = [f"{answer.headers} {answer.text}" for answer in answers]
    return "\n".join([*parts, served.log])


def test_every_secret_setting_is_tried() -> None:
    assert {setting.field for setting in TABLE if setting.is_secret} <= TRIED | {
        "proxy_secret",
        "oidc_client_secret",
    }


@pytest.fixture(params=["good", "401"])
def prometheus_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with FaultServer() as server:
        server.fault = "none" if request.param == "good" else request.param
        yield server.url


def test_what_prometheus_is_shown_is_shown_to_nobody_else(
    prometheus_url: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/mesh.sqlite3"
    populate(url, "ada")
    settings = signing_in(url, **SETTINGS) | {"secret_key": KEY, "log_level": "debug"}
    given = {
        "prometheus_token": TOKEN,
        "prometheus_headers": f"X-Scope-OrgID: {HEADER}",
        "prometheus_parameters": f"tenant={PARAMETER}",
    }
    with Served(prometheus_url, **settings, **given) as served:
        said = told(served, Person(served).sign_in("ada")) + told(served)
        with_cookie = {"Cookie": f"meshviz_session={KEY}"}
        said += served.get("/api/v1/graph", headers=with_cookie).text

    for secret in (TOKEN, HEADER, PARAMETER, KEY):
        assert secret not in said


def test_password_for_prometheus_is_not_told_when_it_is_wrong(tmp_path: Path) -> None:
    with FaultServer() as prometheus:
        prometheus.fault = "401"
        settings = SETTINGS | {"prometheus_user": "meshviz", "prometheus_password": PASSWORD}
        with Served(prometheus.url, **settings, log_level="debug") as served:
            with served.watch() as viewer:
                frame = viewer.next("snapshot", "status")
            said = told(served) + json.dumps(frame)

    assert PASSWORD not in said
    assert "Basic " not in said


def test_what_people_type_is_not_logged(signed: Served) -> None:
    Person(signed).submit("ada", PASSWORD)
    Person(signed).submit(PASSWORD, "x" * 20)
    signed.get(f"/api/v1/graph?{PASSWORD}={PASSWORD}")
    signed.get("/api/v1/graph", headers={"Authorization": f"Bearer {PASSWORD}"})

    # A name that was typed may be logged, as who was refused; a password never.
    lines = [line for line in signed.log.splitlines() if PASSWORD in line]
    assert all("refused to sign in" in line for line in lines)
    assert len(lines) <= 1


def test_database_that_is_away_is_not_described_to_visitors() -> None:
    address = f"postgres://meshviz:{PASSWORD}@127.0.0.1:1/mesh"
    with FaultServer() as prometheus:
        settings = signing_in(address, **SETTINGS)
        with Served(prometheus.url, **settings, log_level="debug") as served:
            answers = [served.get(path) for path in ("/login", "/", "/api/v1/graph", "/api/v1/me")]
            answers.append(Person(served).submit("ada", PASSWORD))
            said = "\n".join(f"{answer.headers} {answer.text}" for answer in answers)
            frames = served.log

    assert PASSWORD not in said + frames
    assert "127.0.0.1:1" not in said


def test_viewers_go_on(served: Served) -> None:
    frames_go_on(served)
