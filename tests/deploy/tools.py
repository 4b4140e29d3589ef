"""Programs of Kubernetes' world that tests use where they are: on PATH, else in .cache/bin.

`make kubernetes-tools` builds them. Tests that need one are marked with its name; `make test` says
which of them it had to leave out.
"""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PLACES = os.pathsep.join([os.environ.get("PATH", ""), str(ROOT / ".cache" / "bin"), "/usr/sbin"])


def tool(name: str) -> str:
    """Return the path of a program; fail the test when there is none."""
    found = shutil.which(name, path=_PLACES)
    assert found, f"no {name} on PATH or in .cache/bin: make kubernetes-tools, or apt-get install"
    return found
