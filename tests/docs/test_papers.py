"""The papers are true to the repository: links, versions, reasons, no paths of one machine."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from meshviz import __version__
from tests.docs.papers import ROOT, anchors, pages, tracked_files, without_code

PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
# Addresses and folders of one machine; spelled apart so that this file may be searched as well.
FOLDERS = ["/wo" + "rk/", "/ho" + r"me/\w", "/Us" + "ers/", "/ro" + "ot/"]
MACHINE_PATHS = re.compile("|".join(FOLDERS))


@pytest.mark.parametrize("name", PAGES)
def test_relative_links_lead_somewhere(name: str):
    page = PAGES[name]
    text = page.read_text()
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(text))

    for link in (unquote(link) for link in links if not re.match(r"[a-z]+:", link)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text()), link


def test_version_is_the_newest_in_the_changelog():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)

    assert headings[0] == "Unreleased"
    assert headings[1].split()[0] == __version__


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirement_is_pinned_and_has_a_reason(name: str):
    lines = (ROOT / name).read_text().splitlines()

    for line in lines:
        if line and not line.startswith(("#", "-r ")):
            assert re.fullmatch(r"[A-Za-z0-9_.\-]+(\[\w+\])?==\S+\s+# \w.+", line), line


@pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.stem)
def test_decision_has_every_part(adr: Path):
    headings = re.findall(r"^## (.+)$", adr.read_text(), re.M)

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", adr.stem)
    assert headings == ["Status", "Context", "Decision", "Consequences", "Alternatives"]


def test_decisions_are_numbered_without_gaps():
    assert [int(adr.name[:4]) for adr in ADRS] == list(range(1, len(ADRS) + 1))


def test_no_file_names_a_folder_of_one_machine():
    found = []
    for path in tracked_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in MACHINE_PATHS.findall(text)]

    assert found == []


def test_lock_file_names_the_public_registry_only():
    lock = (ROOT / "frontend" / "package-lock.json").read_text()
    hosts = set(re.findall(r'"resolved": "https?://([^/"]+)', lock))

    assert hosts <= {"registry.npmjs.org"}
