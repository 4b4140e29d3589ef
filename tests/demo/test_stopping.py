"""A sign to stop that signals may set at any moment."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from graph.stopping import StopSign

SIGNALS = 20_000


@pytest.fixture
def sign() -> Iterator[StopSign]:
    """A sign that a signal sets."""
    sign = StopSign()
    before = signal.signal(signal.SIGUSR1, lambda *_: sign.set())
    yield sign
    signal.signal(signal.SIGUSR1, before)


def test_waiting_ends_at_the_signal_or_in_time(sign: StopSign) -> None:
    assert sign.wait(0.01) is False
    assert not sign.is_set()

    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    assert sign.wait(60) is True
    assert sign.is_set()
    assert sign.wait(60) is True


def test_two_signals_at_once_hold_up_nobody(sign: StopSign) -> None:
    """`make` hands on what it gets, so that a whole group's signal comes twice: the second one's
    handler runs inside the first one's, where an Event would wait for itself."""
    knock = f"import os\nfor _ in range({SIGNALS}): os.kill({os.getpid()}, {signal.SIGUSR1:d})"
    with subprocess.Popen([sys.executable, "-c", knock]) as knocking:
        deadline = time.monotonic() + 60
        while knocking.poll() is None and time.monotonic() < deadline:
            sign.wait(0.001)

    assert knocking.returncode == 0
    assert sign.is_set()
