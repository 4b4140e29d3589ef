"""`python -m meshviz.probe`, the health check that runs in the container."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from tests.served import PATIENCE_S, ROOT, Served, environment
from tests.stack import wait_until

RECORDING = f"recording:{ROOT / 'tests' / 'recordings' / 'demo.jsonl.gz'}"
HEAVY = {"asyncio", "django", "http.client", "logging", "requests", "ssl", "urllib.request"}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(RECORDING, operations_address="127.0.0.1:0") as served:
        wait_until(lambda: requests.get(_ready(served), timeout=PATIENCE_S).ok, what="readiness")
        yield served


@pytest.mark.parametrize("what", ["healthz", "readyz"])
def test_a_server_that_is_well_is_found_well(served: Served, what: str):
    done = probe(what, operations_address=f"0.0.0.0:{_port(served)}")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_an_operations_port_the_main_one_is_asked(served: Served):
    assert probe("healthz", port=str(served.port)).returncode == 0


def test_a_kubelet_may_call_the_pod_by_its_address(served: Served):
    answer = requests.get(_ready(served), headers={"Host": "10.1.2.3:9100"}, timeout=PATIENCE_S)

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_what_is_wrong_is_said():
    with Served(RECORDING, operations_address="127.0.0.1:0", drain="60s") as served:
        address = f"127.0.0.1:{_port(served)}"
        os.kill(served.process.pid, signal.SIGTERM)
        wait_until(lambda: probe("readyz", operations_address=address).returncode == 1)

        done = probe("readyz", operations_address=address)
        served.process.kill()

    assert re.fullmatch(r"/readyz: \w[^\n]+\.\n", done.stderr)


def test_nobody_there_is_no_health():
    done = probe("healthz", host="127.0.0.1", port="9")

    assert done.returncode == 1
    assert done.stderr.startswith("/healthz: no answer from 127.0.0.1 port 9: ")


@pytest.mark.parametrize("words", [(), ("metrics",), ("healthz", "readyz")])
def test_another_question_is_a_mistake(words: tuple[str, ...]):
    done = probe(*words)

    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")


def test_it_loads_nothing_heavy():
    asked = "import sys, meshviz.probe; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert not HEAVY & set(done.stdout.split())


def probe(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "meshviz.probe", *words]
    env = environment(**settings)
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def _port(served: Served) -> int:
    (line,) = (line for line in served.log.splitlines() if line.startswith("/healthz"))
    return int(line.rpartition(":")[2].rstrip("/."))


def _ready(served: Served) -> str:
    return f"http://127.0.0.1:{_port(served)}/readyz"
