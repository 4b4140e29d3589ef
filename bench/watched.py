"""What a process costs, read from /proc: CPU time, memory, threads, open files."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """A process at one moment. ``rss_mb`` is what it has in memory now, ``peak_mb`` the most."""

    cpu_s: float
    rss_mb: float
    peak_mb: float
    threads: int
    files: int


def cost(pid: int) -> Cost:
    """Return what the process costs; FileNotFoundError when it is gone."""
    folder = Path("/proc") / str(pid)
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return Cost(
        cpu_s=(int(fields[11]) + int(fields[12])) / _TICKS_PER_S,
        rss_mb=_megabytes(status["VmRSS"]),
        peak_mb=_megabytes(status["VmHWM"]),
        threads=int(status["Threads"]),
        files=len(list((folder / "fd").iterdir())),
    )


def _megabytes(text: str) -> float:
    return int(text.split()[0]) * 1024 / 1e6
