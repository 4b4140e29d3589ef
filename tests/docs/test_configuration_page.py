"""docs/configuration.md says exactly what the table of settings says."""

import re

import pytest

from graph.sources.promql import HISTOGRAMS, KNOWN_LABELS, KNOWN_METRICS
from meshviz.config import OF_OTHERS, SETTINGS, Setting
from tests.docs.papers import ROOT, table_rows

PAGE = (ROOT / "docs" / "configuration.md").read_text()
# Whatever is written like a variable, so that a row for one that does not exist is seen.
ROWS = {
    row[0].strip("`"): row
    for row in table_rows(PAGE)
    if re.fullmatch(r"`[A-Z]+(_[A-Z]+)+`", row[0])
}


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


def test_every_name_that_can_be_renamed_is_listed():
    rows = dict(table_rows(PAGE.partition("| Can be renamed |")[2].partition("\n\n")[0]))
    names = {what: set(re.findall(r"`(\w+)`", listed)) for what, listed in rows.items()}
    ends = names.pop("labels of both ends, with `source_` or `destination_` before them")
    labels = {f"{end}_{name}" for end in ("source", "destination") for name in ends}
    labels |= names.pop("other labels")
    metrics = set().union(*names.values())

    assert labels == KNOWN_LABELS
    parts = {f"{name}_{part}" for name in HISTOGRAMS for part in ("sum", "count", "bucket")}
    assert metrics == KNOWN_METRICS - parts


@pytest.mark.parametrize("name", sorted(OF_OTHERS))
def test_variable_of_another_program_is_explained(name: str):
    assert f"`{name}`" in PAGE
