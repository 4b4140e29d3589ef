"""A child process with a log file and a process group of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TERM_S = 8.0


class ProcessFailedError(RuntimeError):
    """A child ended, or did not become ready; the message holds the end of its log."""


class Child:
    """A started process. Stopping it stops everything it started itself."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as sink:
            # A group of its own: Ctrl-C in the terminal reaches the parent only, which then
            # stops its children in order.
            self._process = subprocess.Popen(
                _bound_to_parent(command),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=env,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is the id of its group too."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.poll()

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def first_line(self) -> str | None:
        """Return the first complete line of the log, or None while there is none."""
        line, newline, _ = self.log.read_text(encoding="utf-8", errors="replace").partition("\n")
        return line if newline else None

    def wait_until(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Return once ``ready`` says so. Raises ProcessFailedError when it never does."""
        deadline = time.monotonic() + timeout_s
        while not ready():
            if self.exit_code() is not None:
                raise self.failure(f"ended with exit code {self.exit_code()}")
            if time.monotonic() > deadline:
                raise self.failure(f"was not ready within {timeout_s:.0f} s")
            time.sleep(0.05)

    def failure(self, what: str) -> ProcessFailedError:
        """Return an error that says what happened and shows the end of the log."""
        return ProcessFailedError(f"{self.name} {what}. Its last words:\n{self.tail()}")

    def stop(self, timeout_s: float = TERM_S) -> None:
        """End the process and its group: ask first, then kill."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
        # Whatever the process has left behind in its group.
        self._signal(signal.SIGKILL)

    def kill(self) -> None:
        """End the process and its group at once."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return


def _bound_to_parent(command: Sequence[str]) -> list[str]:
    """Return the command so that it ends even when its parent is killed outright.

    Linux alone can do that, by setpriv of util-linux; elsewhere the command stays as it is. The
    parent is the thread that starts it, so start children from a thread that lasts.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None or sys.platform != "linux":
        return [*command]
    return [setpriv, "--pdeathsig", "TERM", "--", *command]
