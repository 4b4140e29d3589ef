"""`manage.py doctor` and `manage.py record` as people type them, without any server of ours."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest import mock

import jsonschema
import pytest
from django.core.management import call_command

from graph.api.wire_schema import definitions
from graph.core import wire
from graph.management.commands.record import told_to_stop
from graph.sources.recording import open_recording
from tests.doctor.conftest import Ward
from tests.faultserver import FaultServer
from tests.served import PATIENCE_S, ROOT, environment
from tests.stack import wait_until


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def manage(*words: str, **settings: str) -> Ended:
    """Run a command to its end, in this process: a new one would take longer than the command."""
    out, err, code = StringIO(), StringIO(), 0
    with mock.patch.dict(os.environ, environment(**settings), clear=True):
        try:
            call_command(*words, stdout=out, stderr=err)
        except SystemExit as left:
            code = int(left.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def ill(ward: Ward) -> Ended:
    return manage("doctor", "--prometheus-url", ward.ill, window="1m")


def test_every_line_says_its_colour_in_words(ill: Ended) -> None:
    lines = re.findall(r"^(\w[\w ]+?) +(green|amber|red|skipped) ", ill.stdout, re.M)

    assert len(lines) == 11
    assert ("rules", "red") in lines
    assert "→ Let the rules record under names of their own" in ill.stdout


def test_colours_are_for_terminals_only(ill: Ended) -> None:
    assert "\x1b" not in ill.stdout
    assert ill.stderr == ""


def test_a_red_line_is_exit_code_1(ill: Ended) -> None:
    assert ill.returncode == 1


def test_the_diagnosis_as_json(ward: Ward) -> None:
    ended = manage("doctor", "--json", "--prometheus-url", ward.healthy, query_budget="1")

    body = json.loads(ended.stdout)
    types = definitions("#/$defs/{model}", {"Diagnosis": wire.Diagnosis})
    jsonschema.Draft202012Validator({**types["Diagnosis"], "$defs": types}).validate(body)
    assert (ended.returncode, body["state"]) in ((0, "green"), (0, "amber"))


def test_strict_lets_amber_fail() -> None:
    with FaultServer() as server:  # answers, but tells little of itself
        settings = {"prometheus_url": server.url}
        codes = [manage("doctor", *words, **settings).returncode for words in ((), ("--strict",))]

    assert codes == [0, 1]


@pytest.mark.parametrize("command", [["doctor"], ["record", "--output", "never.gz"]])
@pytest.mark.parametrize(
    "settings",
    [{}, {"prometheus_url": "prometheus:9090"}, {"prometheus_url": "recording:nowhere.gz"}],
    ids=["no-address", "bad-address", "no-recording"],
)
def test_bad_settings_are_exit_code_2(command: list[str], settings: dict[str, str]) -> None:
    ended = manage(*command, **settings)

    assert ended.returncode == 2
    assert "MESHVIZ_PROMETHEUS_URL" in ended.stderr
    assert not Path(ROOT / "never.gz").exists()


def test_whoever_reads_no_further_hears_no_complaint() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "manage.py", "doctor"],
            cwd=ROOT,
            env=environment(prometheus_url="http://127.0.0.1:1"),
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    finally:
        os.close(writer)

    assert (ended.returncode, ended.stderr) == (1, "")


def test_commands_that_ask_once_do_not_promise_to_try_again() -> None:
    ended = manage("doctor", prometheus_url="http://127.0.0.1:1")

    assert "Check that it runs" in ended.stdout
    assert "keeps trying" not in ended.stdout


def test_a_secret_is_never_told() -> None:
    with FaultServer() as server:
        server.fault = "401"
        ended = manage("doctor", prometheus_url=server.url, prometheus_token="hunter2-secret")

    assert ended.returncode == 1
    assert re.search(r"^authentication +red", ended.stdout, re.M)
    assert "hunter2" not in ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def recorded(ward: Ward, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    path = tmp_path_factory.mktemp("record") / "mesh.gz"
    ended = manage(
        *("record", "--output", str(path), "--ticks", "2", "--window", "20s", "--window", "1m"),
        prometheus_url=ward.healthy,
        interval="1s",
        query_budget="1",
    )
    return path, ended


def test_a_recording_has_the_ticks_and_windows_asked_for(recorded: tuple[Path, Ended]) -> None:
    path, ended = recorded
    made = open_recording(path)

    assert ended.returncode == 0, ended.stderr
    assert made.windows == [20, 60]
    assert [len(made.harvests("fast", window_s)) for window_s in made.windows] == [2, 2]
    assert made.harvests("slow", 20)
    assert made.diagnosis is not None
    assert len(made.diagnosis[1]) == 11


def test_the_size_is_told_as_it_grows(recorded: tuple[Path, Ended]) -> None:
    path, ended = recorded

    assert [float(size) for size in re.findall(r"([\d.]+) kB so far", ended.stdout)] != []
    assert f"{path}: 4 ticks, {path.stat().st_size / 1000:.1f} kB." in ended.stdout


def test_the_doctor_reads_what_was_found_when_it_was_recorded(recorded: tuple[Path, Ended]) -> None:
    path, _ = recorded
    recording = open_recording(path)
    ended = manage("doctor", "--json", prometheus_url=f"recording:{path}")

    body = json.loads(ended.stdout)
    assert recording.diagnosis is not None
    assert (body["at"], body["checks"]) == recording.diagnosis
    assert body["source"]["kind"] == "recording"


def test_a_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "mine.gz"
    path.write_text("precious")

    ended = manage("record", "--output", str(path), prometheus_url="http://127.0.0.1:1")

    assert ended.returncode == 2
    assert "--force" in ended.stderr
    assert path.read_text() == "precious"


def test_a_dead_prometheus_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "nothing.gz"
    ended = manage(
        *("record", "--output", str(path), "--ticks", "1"), prometheus_url="http://127.0.0.1:1"
    )

    assert ended.returncode == 1
    assert "Nothing was recorded" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_wish_to_stop_is_heard_and_forgotten(sign: signal.Signals) -> None:
    before = signal.getsignal(sign)
    with told_to_stop() as stop:
        assert not stop.is_set()
        signal.raise_signal(sign)
        assert stop.is_set()
        # A second one is not waited for.
        assert signal.getsignal(sign) is before
    assert signal.getsignal(sign) is before


def test_whoever_has_enough_keeps_what_is_there(tmp_path: Path) -> None:
    path, log = tmp_path / "mesh.gz", tmp_path / "log"
    with FaultServer() as server, log.open("w") as sink:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "record", "--output", str(path)],
            cwd=ROOT,
            env=environment(prometheus_url=server.url, interval="60s"),
            stdout=sink,
            stderr=sink,
        )
        try:
            # The doctor comes after the first tick, and asks for the rules last.
            wait_until(lambda: server.asked["/api/v1/rules"] > 0, PATIENCE_S, "a tick")
            os.kill(process.pid, signal.SIGINT)
            code = process.wait(PATIENCE_S)
        finally:
            process.kill()
            process.wait()

    assert code == 0, log.read_text()
    assert len(open_recording(path).moments) == 1


def test_a_scrubbed_recording_names_no_host(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "scrubbed.gz"
    ended = manage(
        *("record", "--output", str(path), "--ticks", "1", "--window", "20s", "--scrub=all"),
        prometheus_url=ward.healthy,
    )
    made = open_recording(path)

    assert ended.returncode == 0, ended.stderr
    assert "http://prometheus.example" in made.facts()["warnings"][0]
    assert made.diagnosis is not None
    assert {check["advice"] for check in made.diagnosis[1]} == {""}
    namespaces = {
        row.labels["destination_workload_namespace"]
        for row in made.harvests("fast")[0].answers["requests"]
    }
    assert namespaces
    assert not namespaces & {"bookinfo", "boutique", "smm-demo"}
