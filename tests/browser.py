"""Where the browser of the tests is, and how it is started."""

import shutil
from pathlib import Path

CACHED = Path(__file__).resolve().parent.parent / ".cache" / "chromium" / "chromium"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that resolves to us although it is not ours: DNS rebinding.
    "--host-resolver-rules=MAP rebound.example 127.0.0.1",
]


def find_chromium() -> str:
    """Return the program: from PATH, or where `make test` unpacked it."""
    return shutil.which("chromium") or str(CACHED)
