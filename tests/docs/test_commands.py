"""Every word one can type is explained where people look for it."""

import re

import pytest
from django.core.management import find_commands

from graph.demo import scenarios
from tests.docs.papers import ROOT, pages

MAKEFILE = (ROOT / "Makefile").read_text()
DEVELOPMENT = (ROOT / "docs" / "development.md").read_text()
TARGETS = re.findall(r"^([a-z][a-z0-9-]*):", MAKEFILE, re.M)
COMMANDS = find_commands(str(ROOT / "graph" / "management"))


@pytest.mark.parametrize("target", TARGETS)
def test_make_target_has_a_help_text(target: str):
    assert re.search(rf"^{target}:[^\n#]*## \S", MAKEFILE, re.M)


@pytest.mark.parametrize("target", TARGETS)
def test_make_target_is_explained_to_developers(target: str):
    assert f"`make {target}`" in DEVELOPMENT


def test_documented_make_targets_exist():
    mentioned = {
        name
        for page in pages()
        for name in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)", page.read_text())
    }

    assert mentioned <= set(TARGETS)


@pytest.mark.parametrize("command", COMMANDS)
def test_management_command_is_documented(command: str):
    assert any(f"manage.py {command}" in page.read_text() for page in pages())


def test_every_script_is_called_by_name_somewhere():
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.name != "env.sh"]
    callers = [*scripts, *(ROOT / "bench").glob("*.py")]
    texts = [MAKEFILE, *(path.read_text() for path in callers)]

    for script in scripts:
        assert any(f"scripts/{script.name}" in text for text in texts), script.name


@pytest.mark.parametrize("scenario", scenarios.NAMES)
def test_scenario_is_listed_for_visitors(scenario: str):
    assert f"`{scenario}`" in (ROOT / "docs" / "scenarios.md").read_text()
