"""Child processes: started, watched, and ended with all that they started."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.demo.process import Child, ProcessFailedError
from tests.stack import wait_until

Start = Callable[[str], Child]

# Starts a process of its own, says both ids, ignores SIGTERM and waits.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"])
print(inner.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Child] = []

    def begin(code: str) -> Child:
        child = Child("It", [sys.executable, "-c", code], tmp_path / f"{len(started)}.log")
        started.append(child)
        return child

    yield begin
    for child in started:
        child.kill()


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_child_that_listens_ends_by_asking(start: Start) -> None:
    child = start("import time; print('up', flush=True); time.sleep(60)")
    child.wait_until(lambda: child.first_line() == "up", 20)

    child.stop()

    assert child.exit_code() == -15


def test_a_stubborn_child_is_killed_with_all_it_started(start: Start) -> None:
    child = start(STUBBORN)
    child.wait_until(lambda: child.first_line() is not None, 20)
    inner = int(child.first_line() or 0)
    # The line comes before the inner process has had time to set itself up.
    time.sleep(0.3)

    child.stop(timeout_s=0.3)

    assert child.exit_code() == -9
    wait_until(lambda: not _runs(inner), what="the inner process to end")


def test_a_child_that_ends_early_is_reported_with_its_last_words(start: Start) -> None:
    child = start("import sys; print('cannot find the thing'); sys.exit(3)")

    with pytest.raises(ProcessFailedError, match=r"exit code 3.*\n.*cannot find the thing"):
        child.wait_until(lambda: False, 20)


def test_a_child_that_never_gets_ready_is_reported(start: Start) -> None:
    child = start("import time; time.sleep(60)")

    with pytest.raises(ProcessFailedError, match="It was not ready within 0 s"):
        child.wait_until(lambda: False, 0.1)


def test_a_child_has_a_group_of_its_own(start: Start) -> None:
    child = start("import time; time.sleep(60)")

    assert os.getpgid(child.pid) == child.pid != os.getpgid(0)


def test_stopping_twice_is_harmless(start: Start) -> None:
    child = start("import time; time.sleep(60)")

    child.stop()
    child.stop()

    assert child.exit_code() is not None


def test_the_tail_is_the_end_of_the_log(start: Start) -> None:
    child = start("print(*range(50), sep='\\n')")
    wait_until(lambda: child.exit_code() == 0)

    assert child.tail(3) == "47\n48\n49"
