"""Versions that write Redis differently do not meet there."""

import pytest

from graph.core import saving
from graph.core.wire import SourceStatus
from graph.live.scaled import keys
from graph.live.scaled.keys import layout, prefix_for


def test_same_version_and_settings_meet() -> None:
    assert prefix_for("http://prometheus", 1) == prefix_for("http://prometheus", 1)
    assert prefix_for("http://prometheus", 1) != prefix_for("http://prometheus", 2)


def test_another_format_of_saves_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prefix_for("http://prometheus")
    monkeypatch.setattr(keys, "FORMAT", saving.FORMAT + 1)

    assert prefix_for("http://prometheus") != before


def test_new_field_of_a_status_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prefix_for("http://prometheus")
    monkeypatch.setitem(SourceStatus.__annotations__, "new_field", int)

    assert "new_field" in repr(layout())
    assert prefix_for("http://prometheus") != before
