"""Every secret that can be given is looked for in all that a server says."""

import re
from pathlib import Path
from typing import Any

import pytest

from meshviz.config import SETTINGS
from meshviz.hidden import KnownSecrets, secrets_in
from meshviz.logs import Redaction
from tests.faultserver import Fault, FaultServer
from tests.served import Served
from tests.stack import wait_until

# Each is found by its own letters, whatever stands around it.
CANARY = re.compile(r"c4n4ry[\w-]*")
KEY = "c4n4ry-key-" + "k" * 32
SECRETS = {
    "prometheus_token": "c4n4ry-token",
    "prometheus_password": "c4n4ry-password",
    "prometheus_headers": "X-Scope-OrgID: c4n4ry-tenant; X-Api-Key: c4n4ry-api-key",
    "prometheus_parameters": "apikey=c4n4ry-parameter",
    "secret_key": KEY,
    "database_url": "postgres://meshviz:c4n4ry-database@127.0.0.1:1/none?connect_timeout=1",
    "proxy_secret": "c4n4ry-proxy-" + "p" * 32,
    "oidc_client_secret": "c4n4ry-client",
    "redis_url": "redis://meshviz:c4n4ry-redis@127.0.0.1:1/0",
}
PATHS = (
    "/",
    "/metrics",
    "/readyz",
    "/api/v1/graph",
    "/api/v1/graph?window=nonsense",
    "/api/v1/status",
    "/api/v1/doctor",
    "/api/v1/queries?edge=x",
    "/api/v1/history?range=5m&fields=rps",
    "/api/schema",
    "/no-such-page",
    "/login",
)
COMMON = {"interval": "1s", "query_timeout": "1s", "query_budget": "1", "log_level": "debug"}


def test_every_secret_setting_has_a_canary() -> None:
    assert {setting.field for setting in SETTINGS if setting.is_secret} == SECRETS.keys()


def said(served: Served, prometheus: FaultServer, faults: tuple[Fault, ...]) -> str:
    """Return all that a server says: answers, headers, frames and its log, in bad times too."""
    heard = []
    with served.watch() as viewer:
        for fault in faults:
            prometheus.fault = fault
            heard += [viewer.text() for _ in range(3)]
            answers = [served.get(path, allow_redirects=False) for path in PATHS]
            heard += [f"{answer.headers} {answer.text}" for answer in answers]
    return "\n".join([*heard, served.log])


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "given",
    [
        ("prometheus_token",),
        ("prometheus_password", "prometheus_headers", "prometheus_parameters"),
        ("redis_url",),
    ],
    ids=lambda given: given[0],
)
def test_no_secret_is_told(given: tuple[str, ...], log_format: str) -> None:
    settings = {name: SECRETS[name] for name in given}
    if "prometheus_password" in given:
        settings["prometheus_user"] = "somebody"
    with FaultServer() as prometheus:
        settings |= {**COMMON, "log_format": log_format}
        with Served(prometheus.url, **settings) as served:
            text = said(served, prometheus, ("none", "401"))

    assert CANARY.findall(text) == []


def test_no_secret_of_who_signs_in_is_told() -> None:
    settings = {name: SECRETS[name] for name in ("secret_key", "database_url")}
    with (
        FaultServer() as prometheus,
        Served(prometheus.url, sign_in="users", **settings, **COMMON) as served,
    ):
        wait_until(lambda: "The database is not ready" in served.log, what="a complaint")
        headers = {"Cookie": "meshviz_session=c4n4ry-session-of-somebody"}
        heard = [served.get(path, headers=headers, allow_redirects=False).text for path in PATHS]
        text = "\n".join([*heard, served.log])

    assert CANARY.findall(text) == []


def test_no_secret_of_proxies_and_issuers_is_told(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/mesh.sqlite3"
    proxy = {"sign_in": "proxy", "proxy_secret": SECRETS["proxy_secret"], "database_url": database}
    with FaultServer() as prometheus, Served(prometheus.url, **proxy, **COMMON) as served:
        wrong = {"X-Forwarded-User": "ada", "X-Meshviz-Proxy-Secret": "something else"}
        heard = [served.get(path, headers=wrong, allow_redirects=False).text for path in PATHS]
        text = "\n".join([*heard, served.log])

    assert CANARY.findall(text) == []


def test_secrets_of_files_are_known(tmp_path: Path) -> None:
    named: dict[str, Any] = {}
    for name in ("PROMETHEUS_TOKEN_FILE", "PROMETHEUS_PASSWORD_FILE", "SECRET_KEY_FILE"):
        path = tmp_path / name
        path.write_text(f"c4n4ry-{name}\n")
        named[f"MESHVIZ_{name}"] = str(path)

    assert secrets_in(named) == {f"c4n4ry-{path.name}" for path in tmp_path.iterdir()}


def test_secret_that_was_rotated_is_known_with_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "token"
    redact = Redaction(KnownSecrets({"MESHVIZ_PROMETHEUS_TOKEN_FILE": str(path)}))
    heard = {}
    for secret in ("first-one", "second-one", "third-one"):
        new = tmp_path / "new"
        new.write_text(secret)
        new.replace(path)
        heard[secret] = redact("first-one second-one third-one")
    path.unlink()

    assert heard == {
        "first-one": "*** second-one third-one",
        "second-one": "*** *** third-one",
        "third-one": "first-one *** ***",
    }
    # A file that is away for a moment: its last secret may be on its way still.
    assert redact("third-one") == "***"


def test_passwords_of_addresses_are_known_as_written_and_as_meant() -> None:
    found = secrets_in({"DATABASE_URL": "postgres://a:c4n4ry%2Fone@db/x", "MESHVIZ_PORT": "1"})

    assert {"c4n4ry%2Fone", "c4n4ry/one"} <= found
    assert "1" not in found
