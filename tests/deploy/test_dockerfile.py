"""deploy/Dockerfile: what stands in it, and that what it installs is locked."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.deploy.dockerfile import DOCKERFILE, ROOT, stages

STAGES = stages()
FINAL = STAGES["meshviz"]
IMAGE = ROOT / "deploy" / "image"
LOCKS = {"requirements.txt": "requirements.lock", "deploy/image/sbom.in": "sbom.lock"}
DIGEST = "sha256:" + "0" * 64


def test_bases_can_be_named_by_digest():
    found = stages({name: f"{name.lower()}@{DIGEST}" for name in ("NODE_IMAGE", "PYTHON_IMAGE")})

    assert found["page"].base == f"node_image@{DIGEST}"
    assert {found[name].base for name in ("packages", "meshviz")} == {f"python_image@{DIGEST}"}


def test_what_is_copied_is_there():
    for stage in STAGES.values():
        for rest in (rest for word, rest in stage.steps if word == "COPY"):
            *sources, _ = rest.split()
            if not sources[0].startswith("--from="):
                assert all((ROOT / source).exists() for source in sources), rest


def test_it_is_run_by_an_ordinary_user():
    assert FINAL.last("USER") == "10001:10001"
    assert FINAL.steps[-1][0] == "CMD"


def test_the_last_stage_takes_from_others_only_what_they_made():
    taken = {rest.split()[1] for word, rest in FINAL.steps if rest.startswith("--from=")}

    made = {"/opt/venv", "/app", "/src/frontend/dist", "/src/python.cdx.json", "/src/page.cdx.json"}
    assert taken == made


def test_labels_say_what_it_is():
    labels = stages({"VERSION": "1.2.3", "REVISION": "abc", "SOURCE": "here"})["meshviz"].last(
        "LABEL"
    )

    assert 'image.version="1.2.3"' in labels
    assert 'image.revision="abc"' in labels
    assert 'image.source="here"' in labels


def test_the_bill_of_materials_is_a_stage_of_its_own():
    assert STAGES["sbom"].base == "scratch"
    assert len(STAGES["sbom"].steps) == 2


def test_hadolint_has_nothing_to_say():
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, str(DOCKERFILE)], capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize("source", LOCKS)
def test_the_lock_has_what_is_asked_for(source: str):
    locked = _locked(LOCKS[source])

    for line in (ROOT / source).read_text().splitlines():
        if line and not line.startswith("#"):
            wanted = Requirement(line.partition("#")[0])
            assert f"=={locked.get(_plain(wanted.name))}" == str(wanted.specifier), "make lock"


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_package_in_the_lock_has_hashes(lock: str):
    entries = re.split(r"\n(?=\S)", (IMAGE / lock).read_text())

    for entry in (entry for entry in entries if "==" in entry):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_lock_has_what_those_need_in_turn():
    locked = _locked("requirements.lock")

    for name in locked:
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        for requirement in map(Requirement, needed):
            marker = requirement.marker
            if marker is None or marker.evaluate({"extra": ""}):
                assert _plain(requirement.name) in locked, f"{name} needs it: make lock"


def _locked(lock: str) -> dict[str, str]:
    lines = (IMAGE / lock).read_text().splitlines()
    pins = (re.match(r"([\w.-]+)(?:\[.*\])?==(\S+)", line) for line in lines)
    return {_plain(pin[1]): pin[2] for pin in pins if pin}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
