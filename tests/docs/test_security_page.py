"""SECURITY.md promises nothing that no test proves."""

import re

from tests.docs.papers import ROOT, table_rows

PAGE = (ROOT / "SECURITY.md").read_text()
THREATS = [row for row in table_rows(PAGE) if len(row) == 3 and row[0] not in ("Threat", "---")]


def test_every_threat_has_a_countermeasure_and_a_test_that_exists() -> None:
    assert len(THREATS) > 15
    for threat, countermeasure, tests in THREATS:
        named = re.findall(r"`((?:tests|frontend/src)/[^`]+)`", tests)
        assert countermeasure, threat
        assert named, threat
        for path in named:
            assert re.search(r"def test_|\btest\b|\bit\(", (ROOT / path).read_text()), path


def test_every_attack_is_told_of() -> None:
    attacks = {
        str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "attack").rglob("test_*.py")
    }

    assert {path for path in attacks if f"`{path}`" not in PAGE} == set()


def test_files_that_are_named_exist() -> None:
    for path in re.findall(r"`((?:graph|meshviz)/[\w/]+\.py)`", PAGE):
        assert (ROOT / path).is_file(), path
