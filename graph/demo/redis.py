"""A Redis for the demo of many processes: on the loopback interface, in memory only."""

import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from graph.demo.process import Child
from graph.demo.prometheus import ROOT

CACHED = ROOT / ".cache" / "redis" / "redis-server"


class NoRedisError(RuntimeError):
    """There is no Redis to start; the message says what to do."""


def find_redis(environment: Mapping[str, str] = os.environ, cached: Path = CACHED) -> Path:
    """Return the program: from PATH or the cache folder."""
    found = shutil.which("redis-server", path=environment.get("PATH", os.defpath))
    if found:
        return Path(found)
    if cached.is_file() and os.access(cached, os.X_OK):
        return cached
    raise NoRedisError(
        "No Redis found: neither on PATH nor in .cache/redis. Do one of these:\n"
        "  scripts/get-redis                  fetches one into .cache/redis\n"
        "  apt-get install redis-server       as root, on Debian and Ubuntu"
    )


def start_redis(program: Path, port: int, folder: Path, log: Path) -> Child:
    """Start a Redis that keeps nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return Child("Redis", [str(program), *options], log)


def is_ready(port: int) -> bool:
    """True once it answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
