"""The whole demo as people start it: it comes up, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from graph.demo.fleet import serve_environment
from graph.demo.prometheus import ROOT
from graph.demo.supervisor import Options
from tests.stack import wait_until

COMMAND = (sys.executable, str(ROOT / "manage.py"), "demo")


class Demo:
    """A running ``manage.py demo``."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.log = folder / f"demo-{time.monotonic_ns()}.log"
        with self.log.open("w") as sink:
            self.process = subprocess.Popen(
                [*COMMAND, "--scenario", "steady", *options],
                cwd=ROOT,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, "TMPDIR": str(folder), **environment},
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_up(self) -> None:
        wait_until(lambda: "Ctrl-C" in self.said or self.process.poll() is not None, 60, self.said)
        assert self.process.poll() is None, self.said

    def address(self, label: str) -> str:
        found = re.search(label + r" +(http://[0-9.:]+)", self.said)
        assert found is not None, self.said
        return found[1]

    def children(self, *words: str) -> dict[str, int]:
        """Return the ids of the processes that it started, by a word of their command."""
        words = words or ("graph.demo.simulate", "--config.file", "serve")
        found: dict[str, int] = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                command = (path / "cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            for word in words:
                if parent == self.process.pid and word in command:
                    found[word] = int(path.name)
        return found

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def demos() -> Iterator[list[Demo]]:
    started: list[Demo] = []
    yield started
    for demo in started:
        if demo.process.poll() is None:
            demo.end(signal.SIGTERM)


def _gone(pids: dict[str, int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids.values())


@pytest.mark.prometheus
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_comes_up_and_leaves_nothing_behind(
    tmp_path: Path, demos: list[Demo], number: signal.Signals
) -> None:
    demo = Demo(tmp_path, "--port", "0")
    demos.append(demo)
    demo.wait_until_up()
    children = demo.children()
    page = requests.get(demo.address("mesh at") + "/healthz", timeout=5)
    ready = requests.get(demo.address("Prometheus") + "/-/ready", timeout=5)

    code = demo.end(number)

    assert (page.status_code, ready.status_code) == (200, 200)
    assert len(children) == 3
    assert code == 0, demo.said
    assert demo.said.endswith("Stopped.\n")
    assert _gone(children)
    assert [path.name for path in tmp_path.iterdir()] == [demo.log.name]


@pytest.mark.prometheus
def test_two_demos_live_side_by_side(tmp_path: Path, demos: list[Demo]) -> None:
    demos += [Demo(tmp_path, "--port", "0"), Demo(tmp_path, "--port", "0")]
    for demo in demos:
        demo.wait_until_up()
    first, second = demos

    assert first.end(signal.SIGINT) == 0
    assert requests.get(second.address("mesh at") + "/healthz", timeout=5).ok
    assert len(second.children()) == 3


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("--config.file", "Prometheus"),
        ("graph.demo.simulate", "The simulated mesh"),
        ("serve", "meshviz"),
    ],
    ids=["prometheus", "simulator", "meshviz"],
)
def test_when_a_part_dies_it_says_which_and_stops_the_rest(
    tmp_path: Path, demos: list[Demo], word: str, name: str
) -> None:
    demo = Demo(tmp_path, "--port", "0")
    demos.append(demo)
    demo.wait_until_up()
    children = demo.children()

    os.kill(children[word], signal.SIGKILL)

    assert demo.process.wait(30) == 1
    assert f"{name} ended unexpectedly (exit code -9). Its last words:" in demo.said
    wait_until(lambda: _gone(children))


@pytest.mark.prometheus
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_even_killed_outright_it_leaves_no_process(tmp_path: Path, demos: list[Demo]) -> None:
    demo = Demo(tmp_path, "--port", "0")
    demos.append(demo)
    demo.wait_until_up()
    children = demo.children()

    demo.end(signal.SIGKILL)

    assert len(children) == 3
    wait_until(lambda: _gone(children), what=f"{children} to end")


@pytest.mark.prometheus
def test_stopped_while_starting_it_ends_well(tmp_path: Path, demos: list[Demo]) -> None:
    demo = Demo(tmp_path, "--port", "0")
    demos.append(demo)
    wait_until(lambda: "Starting" in demo.said)

    assert demo.end(signal.SIGINT) == 0
    assert [path.name for path in tmp_path.iterdir()] == [demo.log.name]


@pytest.mark.prometheus
def test_it_goes_on_when_nobody_reads_and_still_ends_well(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        # Its folder is there from the start; meshviz' log comes with the last part.
        wait_until(lambda: any(tmp_path.glob("*/meshviz.log")) or process.poll() is not None, 60)
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 0, process.stderr.read()
        assert process.stderr.read() == b""
    assert not any(tmp_path.iterdir())


@pytest.mark.prometheus
def test_a_data_folder_is_kept(tmp_path: Path, demos: list[Demo]) -> None:
    kept = tmp_path / "kept"
    demo = Demo(tmp_path, "--port", "0", "--data-dir", str(kept))
    demos.append(demo)
    demo.wait_until_up()

    assert demo.end(signal.SIGINT) == 0
    assert {path.name for path in kept.iterdir()} == {"meshviz.log", "simulator.log", "prometheus"}


@pytest.mark.prometheus
def test_a_taken_port_is_named_with_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = Demo(tmp_path, "--port", str(port))

        assert demo.process.wait(30) == 1
    free = re.search(r"choose another: --port (\d+) is free", demo.said)
    assert f"Port {port} for meshviz cannot be had" in demo.said
    assert free is not None
    assert free[1] != str(port)
    assert "Starting" not in demo.said


def test_without_prometheus_it_says_what_to_do(tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--port", "0", MESHVIZ_DEMO_PROMETHEUS=str(tmp_path / "missing"))

    assert demo.process.wait(30) == 1
    assert "MESHVIZ_DEMO_PROMETHEUS is" in demo.said
    assert "Traceback" not in demo.said


def test_a_data_folder_that_cannot_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    demo = Demo(tmp_path, "--port", "0", "--data-dir", str(tmp_path / "file" / "inside"))

    assert demo.process.wait(30) == 1
    assert "Name one that can be written: --data-dir DIR" in demo.said
    assert "Traceback" not in demo.said


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--services", "9", "'9' is not a whole number from 10 to 10000"),
        ("--services", "10001", "'10001' is not a whole number from 10 to 10000"),
        ("--services", "many", "'many' is not a whole number from 10 to 10000"),
        ("--port", "70000", "'70000' is not a port from 0 to 65535"),
        ("--scenario", "party", "unknown scenario 'party', one of steady, "),
        ("--scrape-interval", "0.1s", "'0.1s' is not a time from 1s to 120s"),
        ("--load", "nan", "'nan' is not a factor from 0.01 to 100"),
        ("--seed", "-1", "'-1' is not a whole number from 0 up"),
    ],
)
def test_a_wrong_option_is_explained(tmp_path: Path, option: str, value: str, message: str) -> None:
    demo = Demo(tmp_path, f"{option}={value}")

    assert demo.process.wait(30) == 2
    assert f"argument {option}: {message}" in demo.said


@pytest.mark.prometheus
def test_many_processes_come_up_as_one_and_leave_nothing_behind(
    tmp_path: Path, demos: list[Demo]
) -> None:
    demo = Demo(tmp_path, "--port", "0", "--scaled")
    demos.append(demo)
    demo.wait_until_up()
    words = ("--config.file", "redis-server", "beat", "--name=worker-1", "--name=worker-2")
    children = demo.children(*words)
    servers = demo.address("mesh at"), demo.address("same picture at")

    def graphs() -> list[dict[str, object]]:
        answers = [requests.get(f"{server}/api/v1/graph", timeout=20) for server in servers]
        return [answer.json() for answer in answers]

    wait_until(lambda: all(graph["edges"] for graph in graphs()), 60, "the mesh on both")
    modes = {
        requests.get(f"{server}/api/v1/status", timeout=9).json()["mode"] for server in servers
    }
    code = demo.end(signal.SIGINT)

    assert modes == {"scaled"}
    assert set(children) == set(words)
    assert code == 0, demo.said
    wait_until(lambda: _gone(children), what=f"{children} to end")
    assert [path.name for path in tmp_path.iterdir()] == [demo.log.name]


def test_a_mesh_that_is_scraped_once_a_minute_gets_windows_for_it() -> None:
    given = serve_environment({"MESHVIZ_QUERY_TIMEOUT": "90s"}, 8000, "http://p:9", services=3000)

    assert (given["MESHVIZ_WINDOW"], given["MESHVIZ_WINDOWS"]) == ("5m", "5m,15m,1h")
    assert given["MESHVIZ_QUERY_TIMEOUT"] == "90s"


def test_meshviz_gets_the_callers_settings_and_the_demos_prometheus() -> None:
    given = {
        "PATH": "/bin",
        "MESHVIZ_INTERVAL": "2s",
        "MESHVIZ_PORT": "1",
        "MESHVIZ_PROMETHEUS_URL": "http://elsewhere:9090",
        "MESHVIZ_PROMETHEUS_PUBLIC_URL": "http://elsewhere",
        "MESHVIZ_DEMO_PROMETHEUS": "/opt/prometheus",
        "MESHVIZ_REDIS_URL": "redis://elsewhere",
    }

    assert serve_environment(given, 8123, "http://127.0.0.1:9") == {
        "PATH": "/bin",
        "PYTHONUNBUFFERED": "1",
        "MESHVIZ_HOST": "127.0.0.1",
        "MESHVIZ_INTERVAL": "2s",
        "MESHVIZ_PORT": "8123",
        "MESHVIZ_PROMETHEUS_URL": "http://127.0.0.1:9",
    }


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        (Options(), 5),
        (Options(services=300), 5),
        (Options(services=301), 15),
        (Options(services=1000, scrape_interval_s=2), 2),
    ],
    ids=["named", "small", "big", "asked"],
)
def test_big_meshes_are_scraped_less_often(options: Options, seconds: float) -> None:
    assert options.scrape_s == seconds
