"""The image, built and run without Docker: the Dockerfile's own lines in bare root file systems."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.deploy.bareroot import CACHE, build, inside
from tests.deploy.dockerfile import ROOT, stages
from tests.served import PATIENCE_S, Served

pytestmark = pytest.mark.rootfs

RECORDINGS = ROOT / "tests" / "recordings"
FINAL = stages()["meshviz"]
# What builds or installs anything.
TOOLS = ("pip", "pip3", "node", "npm", "cc", "gcc", "make", "ld", "as")


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="root-", dir=CACHE) as folder:
        yield build("meshviz", Path(folder))


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    command = [*FINAL.words("ENTRYPOINT"), *FINAL.words("CMD")]
    given = {"MESHVIZ_OPERATIONS_ADDRESS": "127.0.0.1:0"}
    started = inside(root, *command, binds=[(RECORDINGS, "/mnt")], given=given)
    recording = "recording:/mnt/demo.jsonl.gz"
    with Served(recording, command=started) as served:
        yield served


def test_a_graph_is_served(served: Served):
    graph = served.graph("type=app")

    assert graph["source"]["state"] == "ok"
    assert len(graph["nodes"]) > 5


def test_the_page_and_its_parts_are_served(served: Served):
    page = served.get("/")

    assert page.status_code == 200
    script = re.search(r"/static/assets/main-[^\"]+\.js", page.text)
    assert script is not None
    assert served.get(script[0]).status_code == 200


def test_the_health_check_finds_it_well(root: Path, served: Served):
    port = _operations_port(served)
    assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE_S).text == "ok\n"
    health = FINAL.last("HEALTHCHECK").partition("CMD ")[2]

    for what in ("healthz", "readyz"):
        command = [word.replace("healthz", what) for word in json.loads(health)]
        done = _run(root, *command, MESHVIZ_OPERATIONS_ADDRESS=f"0.0.0.0:{port}")
        assert (done.returncode, done.stderr) == (0, "")


def test_the_health_check_says_what_is_wrong(root: Path):
    done = _run(root, "python", "-m", "meshviz.probe", "healthz", MESHVIZ_PORT="9")

    assert done.returncode != 0
    assert "no answer from 127.0.0.1 port" in done.stderr


def test_it_is_an_ordinary_user_without_rights_in_a_file_system_that_cannot_be_written(root: Path):
    asked = """
import os, pathlib
caps = [l for l in pathlib.Path("/proc/self/status").read_text().splitlines() if "CapEff" in l]
print(os.getuid(), int(caps[0].split()[1], 16))
for place in ("/", "/app", "/opt/venv", "/etc", "/tmp"):
    try:
        pathlib.Path(place, "written").touch()
        print(place)
    except OSError:
        pass
"""
    done = _run(root, "python", "-c", asked)

    assert done.stdout.splitlines() == ["10001 0", "/tmp"]  # noqa: S108  # the only one


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_in_it_builds_or_installs(root: Path, tool: str):
    assert _run(root, "sh", "-c", f"command -v {tool}").stdout == ""


def test_python_has_no_installer_left(root: Path):
    asked = (
        "import importlib.util as u; print([n for n in ('pip', 'setuptools') if u.find_spec(n)])"
    )

    assert _run(root, "python", "-c", asked).stdout.strip() == "[]"
    assert _run(root, "python", "-c", "import ensurepip").returncode != 0


def test_everything_is_compiled(root: Path):
    for folder in ("app", "opt/venv/lib"):
        sources = [it for it in (root / folder).rglob("*.py") if "lib2to3" not in it.parts]
        compiled = {it.name.partition(".")[0] for it in (root / folder).rglob("*.pyc")}
        assert sources
        assert {it.stem for it in sources} - compiled == set()


def test_only_what_the_lock_names_is_in_it(root: Path):
    asked = (
        "from importlib import metadata as m\nfor d in m.distributions(): print(d.name, d.version)"
    )
    installed = {_name(line) for line in _run(root, "python", "-c", asked).stdout.splitlines()}
    lock = (ROOT / "deploy" / "image" / "requirements.lock").read_text().splitlines()
    locked = {_name(line.replace("==", " ")) for line in lock if "==" in line}

    assert installed
    assert installed <= locked


@pytest.mark.parametrize(("file", "part"), [("python", "Django"), ("page", "preact")])
def test_the_bill_of_materials_names_the_parts(root: Path, file: str, part: str):
    bill = json.loads((root / "app" / "sbom" / f"{file}.cdx.json").read_text())

    assert bill["bomFormat"] == "CycloneDX"
    found = {component["name"]: component for component in bill["components"]}
    assert part in found
    assert not {"pip", "vite", "eslint"} & set(found)
    assert all(component["version"] and component["purl"] for component in found.values())


def test_a_wrong_setting_ends_it_with_a_word(root: Path):
    done = _run(root, *FINAL.words("ENTRYPOINT"), *FINAL.words("CMD"), MESHVIZ_PROMTHEUS_URL="a")

    assert done.returncode == 2
    assert "did you mean MESHVIZ_PROMETHEUS_URL?" in done.stderr


def _operations_port(served: Served) -> int:
    (line,) = (line for line in served.log.splitlines() if line.startswith("/healthz"))
    return int(line.rpartition(":")[2].rstrip("/."))


def _run(root: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**{k: v for k, v in os.environ.items() if "MESHVIZ" not in k}, **settings}
    return subprocess.run(
        inside(root, *command, given=settings),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=60,
    )


def _name(line: str) -> str:
    name, version = line.split()[:2]
    return f"{name.lower().replace('_', '-').replace('.', '-').partition('[')[0]} {version}"
