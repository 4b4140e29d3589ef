"""`manage.py serve`: how it starts, refuses to start, and stops."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faultserver import FaultServer
from tests.served import ROOT, Served, environment

PATIENCE_S = 60


def serve(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "variable"),
    [
        ({}, "MESHVIZ_PROMETHEUS_URL"),
        ({"prometheus_url": "prometheus:9090"}, "MESHVIZ_PROMETHEUS_URL"),
        ({"prometheus_url": "http://p", "intervall": "5s"}, "MESHVIZ_INTERVALL"),
        ({"prometheus_url": "http://p", "port": "http"}, "MESHVIZ_PORT"),
        ({"prometheus_url": "http://p", "window": "2m"}, "MESHVIZ_WINDOW"),
    ],
    ids=["missing", "bad address", "unknown name", "bad value", "impossible together"],
)
def test_wrong_settings_end_the_start_with_one_message(
    settings: dict[str, str], variable: str
) -> None:
    ended = serve(**settings)

    assert ended.returncode == 2
    assert ended.stderr.count("meshviz cannot start") == 1
    assert variable in ended.stderr
    assert "accepted:" in ended.stderr
    assert "example:" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("damage", ["missing", "cut short", "no recording"])
def test_recording_that_cannot_be_played_is_a_wrong_setting(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "mesh.gz"
    if damage == "cut short":
        path.write_bytes((ROOT / "tests/recordings/demo.jsonl.gz").read_bytes()[:5000])
    elif damage == "no recording":
        path.write_text("precious")

    ended = serve("--port", "0", prometheus_url=f"recording:{path}")

    assert ended.returncode == 2
    assert ended.stderr.count("meshviz cannot start: a setting is wrong.") == 1
    assert "MESHVIZ_PROMETHEUS_URL" in ended.stderr
    assert "uvicorn" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_wrong_option_is_explained_like_its_variable() -> None:
    ended = serve("--port", "eighty", prometheus_url="http://p")

    assert ended.returncode == 2
    assert 'MESHVIZ_PORT\n  given:    "eighty"' in ended.stderr


def test_taken_port_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = serve("--port", str(port), prometheus_url="http://p")

    assert ended.returncode == 1
    assert f"port {port} of 127.0.0.1" in ended.stderr
    assert f"--port {port + 1}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_foreign_address_is_explained() -> None:
    ended = serve("--host", "203.0.113.7", prometheus_url="http://p", sign_in="anyone")

    assert ended.returncode == 1
    assert "this machine has no such address" in ended.stderr


def test_other_server_starts_strictly_too() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "uvicorn", "meshviz.asgi:application", "--port", "0"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert ended.returncode != 0
    assert "MESHVIZ_PROMETHEUS_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_commands_that_serve_nothing_need_no_address() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert ended.returncode == 0


def test_hanging_query_does_not_hold_up_the_end() -> None:
    with FaultServer() as prometheus:
        prometheus.fault = "slow"
        with Served(prometheus.url, query_timeout="2m") as served:
            # Child.stop kills what has not ended by itself, which gives another exit code.
            served.process.stop()
            assert served.process.exit_code() == 0
