"""deploy/compose.yaml, against the project that it starts. There is no container engine here."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from meshviz.config import SETTINGS, load

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if name != "redis"}


def test_all_parts_are_there() -> None:
    commands = [service["command"][0] for service in OURS.values()]

    assert sorted(commands) == ["beat", "serve", "serve", "worker"]
    assert OURS["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("name", OURS)
def test_command_exists(name: str) -> None:
    assert OURS[name]["command"][0] in get_commands()


@pytest.mark.parametrize("name", OURS)
def test_settings_are_known_and_accepted(name: str) -> None:
    given = dict(OURS[name]["environment"])
    assert given.keys() <= {setting.name for setting in SETTINGS}
    assert given["MESHVIZ_PROMETHEUS_URL"].startswith("${MESHVIZ_PROMETHEUS_URL:?")
    given["MESHVIZ_PROMETHEUS_URL"] = "http://prometheus:9090"

    settings = load(given, complete=True)

    assert settings.redis_url is not None
    assert settings.redis_url.text == "redis://redis:6379/0"


def test_everybody_has_the_settings_that_change_numbers() -> None:
    own = {"MESHVIZ_HOST", "MESHVIZ_SIGN_IN"}
    shared = [
        {key: value for key, value in service["environment"].items() if key not in own}
        for service in OURS.values()
    ]

    assert all(settings == shared[0] for settings in shared)


def test_servers_are_reachable_from_this_machine_alone() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert ports == ["127.0.0.1:8000:8000", "127.0.0.1:8001:8000"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_containers_write_nothing_but_tmp(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service.get("volumes") is None


def test_redis_without_a_password_listens_to_other_containers() -> None:
    command = COMPOSE["services"]["redis"]["command"]

    assert command[command.index("--protected-mode") + 1] == "no"
    assert "ports" not in COMPOSE["services"]["redis"]


def test_the_image_is_built_once():
    assert [name for name, service in OURS.items() if "build" in service] == ["server-1"]
    assert {service["image"] for service in OURS.values()} == {"meshviz"}
    assert all(OURS[name]["pull_policy"] == "never" for name in OURS if name != "server-1")
