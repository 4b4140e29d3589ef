"""docs/protocol.md names every message of the wire and every field of it."""

import re
from typing import Any

import pytest
from typing_extensions import is_typeddict

from graph.core import wire
from tests.docs.papers import ROOT

PAGE = (ROOT / "docs" / "protocol.md").read_text()
MESSAGES = {name: thing for name, thing in vars(wire).items() if is_typeddict(thing)}
REASONS = wire.SourceReason.__args__  # type: ignore[attr-defined]  # a Literal has its values here


@pytest.mark.parametrize("name", MESSAGES)
def test_message_is_described(name: str):
    assert re.search(rf"^### {name}$|`{name}`", PAGE, re.M)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_every_field_of_a_message_is_described(message: Any):
    missing = [field for field in message.__annotations__ if f"`{field}`" not in PAGE]

    assert missing == []


@pytest.mark.parametrize("reason", REASONS)
def test_reason_for_an_empty_graph_is_explained(reason: str):
    assert re.search(rf"^\| `{reason}` \| [a-z, ]+ \| \S", PAGE, re.M)
