"""The database tests' servers."""

import pytest

from tests.served import ROOT

RECORDING = f"recording:{ROOT / 'tests/recordings/demo.jsonl.gz'}"


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every server that the test starts have something to keep."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.database.keeping")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def recording() -> str:
    return RECORDING
