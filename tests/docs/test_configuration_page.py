"""docs/configuration.md says exactly what the table of settings says."""

import pytest

from meshviz.config import OF_OTHERS, PREFIX, SETTINGS, Setting
from tests.docs.papers import ROOT, table_rows

PAGE = (ROOT / "docs" / "configuration.md").read_text()
ROWS = {row[0].strip("`"): row for row in table_rows(PAGE) if row[0].startswith(f"`{PREFIX}")}


def as_shown(default: str | None) -> str:
    if default is None:
        return "needed"
    return f"`{default}`" if default else "none"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_setting_is_described_as_it_is(setting: Setting):
    name, default, accepted, example, meaning = ROWS[setting.name]

    assert name == f"`{setting.name}`"
    assert default == as_shown(setting.default)
    assert accepted == setting.accepted
    assert example == f"`{setting.example}`"
    assert meaning


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_example_and_default_are_accepted(setting: Setting):
    setting.parse(setting.example)
    if setting.default is not None:
        setting.parse(setting.default)


def test_page_invents_no_setting():
    assert set(ROWS) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("name", sorted(OF_OTHERS))
def test_variable_of_another_program_is_explained(name: str):
    assert f"`{name}`" in PAGE
