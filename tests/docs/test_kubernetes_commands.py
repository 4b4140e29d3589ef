"""Commands for a cluster reach the release where the documents install it, and keep its values."""

import re

import pytest

from tests.docs.papers import ROOT, pages

# What asks for one object of a namespace; a bare word in a sentence (`kubectl apply`) does not.
_OF_NAMESPACE = re.compile(
    r"kubectl\b[^`|\n]* (?:exec|logs|get|describe|port-forward|apply|create|rollout)\b[^`|\n]*"
)
_UPGRADE = re.compile(r"helm (?:install|upgrade) meshviz (?:[^`\n\\]|\\\n)*")
_PAGES = [page.relative_to(ROOT) for page in pages()]


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_every_command_names_its_namespace(page: object) -> None:
    text = (ROOT / str(page)).read_text()
    commands = [found[0] for found in _OF_NAMESPACE.finditer(text) if len(found[0].split()) > 2]

    for command in commands:
        assert re.search(r" -n \S|--namespace", command), command


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_helm_is_told_the_namespace_and_takes_new_defaults(page: object) -> None:
    text = (ROOT / str(page)).read_text()

    for command in (found[0] for found in _UPGRADE.finditer(text)):
        assert "--namespace" in command, command
        assert " --reuse-values" not in command, command
