"""Who has which role and sees which namespaces, by the access file."""

import logging
from pathlib import Path

import pytest

from graph.core.permit import EVERYTHING, NOTHING
from graph.core.strict_yaml import FileError
from meshviz.access import OPEN, AccessRules, Rights, read_access
from meshviz.signin import access_file
from meshviz.signin.access_file import AccessFile

FILE = """
everyone: {role: viewer, namespaces: [shop]}
groups:
  editors: {role: editor}
  eu: {namespaces: ["eu-*", shop]}
  platform: {role: admin, namespaces: ["*"]}
users:
  ada: {role: editor, namespaces: [bank]}
"""


@pytest.fixture(scope="module")
def rules() -> AccessRules:
    return read_access(FILE, "access.yaml")


@pytest.mark.parametrize(
    ("name", "groups", "rights"),
    [
        ("ben", [], Rights("viewer", (("shop",),))),
        ("ben", ["unheard-of"], Rights("viewer", (("shop",),))),
        ("ben", ["editors"], Rights("editor", (("shop",),))),
        ("ben", ["eu", "editors"], Rights("editor", (("eu-*", "shop"),))),
        ("ada", ["eu"], Rights("editor", (("bank", "eu-*", "shop"),))),
        ("ada", ["platform"], Rights("admin", EVERYTHING)),
        ("platform", [], Rights("viewer", (("shop",),))),
    ],
)
def test_somebody_has_the_best_of_all_that_fits_them(
    rules: AccessRules, name: str, groups: list[str], rights: Rights
) -> None:
    assert rules.of(name, groups) == rights


def test_a_superuser_may_do_everything(rules: AccessRules) -> None:
    assert rules.of("root", [], is_superuser=True) == Rights("admin", EVERYTHING)


def test_whom_a_file_does_not_name_sees_nothing() -> None:
    rules = read_access("groups: {eu: {namespaces: [shop]}}", "access.yaml")

    assert rules.of("ben", []) == Rights("viewer", NOTHING)


def test_without_a_file_everybody_is_an_editor_of_everything() -> None:
    assert OPEN.of("ben", []) == Rights("editor", EVERYTHING)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("", 1, "empty"),
        ("everybody: {}", 1, "no such key"),
        ("everyone:\n  role: owner", 2, "viewer, editor, admin"),
        ("everyone: {}", 1, "needed"),
        ("groups: [a]", 1, "names with values"),
        ("groups:\n  a: {role: viewer}\n  a: {role: admin}", 3, "given twice"),
        ("users:\n  ada:\n    namespaces: shop", 3, "a list"),
        ("users:\n  ada:\n    namespaces:\n    - shop eu", 4, "pattern of names"),
        ("users:\n  no: {role: admin}", 2, "quote"),
        ("users: &a {ada: {role: admin}}", 1, "anchors"),
        ("everyone:\n  namespaces: [" + ", ".join(["a"] * 1001) + "]", 2, "too many"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(FileError) as caught:
        read_access(text, "access.yaml")

    assert caught.value.line == line
    assert word in str(caught.value)


def test_a_changed_file_counts_and_a_broken_one_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_file, "_LOOK_AGAIN_S", 0.0)
    path = tmp_path / "access.yaml"
    path.write_text("everyone: {namespaces: [shop]}")
    access = AccessFile(path)
    assert access.rules().of("ben", []).permit == (("shop",),)

    path.write_text("everyone: {namespaces: [shop, bank]}")
    assert access.rules().of("ben", []).permit == (("bank", "shop"),)

    path.write_text("everyone: {namespaces: shop}")
    with caplog.at_level(logging.ERROR):
        caplog.clear()
        for _ in range(3):
            assert access.rules().of("ben", []).permit == (("bank", "shop"),)
    assert [record.getMessage() for record in caplog.records] == [
        "Roles and namespaces stay as they were: access.yaml, line 1: namespaces: a list is "
        "accepted here, each entry after a dash"
    ]

    path.unlink()
    assert access.rules().of("ben", []).permit == (("bank", "shop"),)
