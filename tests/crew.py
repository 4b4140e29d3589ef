"""Scaled mode for tests: a real Redis, workers and beat, each a process of its own.

with RedisServer(tmp_path) as redis, Crew(prometheus.url, redis, workers=2) as crew:
    with crew.serve() as one, crew.serve() as two:
        ...  crew.workers[0].kill(); crew.start_worker()
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Self

import redis

from graph.demo.process import Child
from graph.demo.prometheus import free_port
from meshviz import config
from tests.served import ROOT, Served, environment
from tests.stack import START_S, wait_until

_CACHED = ROOT / ".cache" / "redis" / "redis-server"


class RedisServer(AbstractContextManager["RedisServer"]):
    """A Redis that keeps nothing on disk, on a port that it has again after a restart."""

    def __init__(self, folder: Path) -> None:
        self._program = shutil.which("redis-server") or str(_CACHED)
        self._folder = folder
        self._child: Child | None = None
        self.port = free_port()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        """A client that asks once."""
        return redis.Redis(port=self.port, socket_timeout=5)

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self._child = Child(
            "Redis", [self._program, *options, str(self._folder)], self._folder / "redis.log"
        )
        self._child.wait_until(self._answers, START_S)

    def stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it hang: connections stand, and new ones are taken, but nothing is answered."""
        assert self._child is not None, "it does not run"
        os.kill(self._child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._child.pid, signal.SIGCONT)

    def _answers(self) -> bool:
        with self.client as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


class Crew(AbstractContextManager["Crew"]):
    """Beat and workers; web processes are started and ended by the tests."""

    def __init__(
        self, prometheus_url: str, redis_server: RedisServer, *, workers: int = 2, **settings: str
    ) -> None:
        self.settings = {
            "prometheus_url": prometheus_url,
            "redis_url": redis_server.url,
            "interval": "1s",
            "query_budget": "1",
            **settings,
        }
        self._wanted_workers = workers
        self._stack = ExitStack()
        self.workers: list[Child] = []

    def __enter__(self) -> Self:
        folder = tempfile.TemporaryDirectory(prefix="crew-")
        self._folder = Path(self._stack.enter_context(folder))
        self.beat = self._start("beat")
        for _ in range(self._wanted_workers):
            self.start_worker()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def start_worker(self) -> Child:
        worker = self._start("worker", f"--name=w{len(self.workers)}")
        self.workers.append(worker)
        return worker

    def start_beat(self) -> Child:
        self.beat = self._start("beat")
        return self.beat

    def mend(self) -> None:
        """Start whatever is missing."""
        running = [worker for worker in self.workers if worker.exit_code() is None]
        for _ in range(self._wanted_workers - len(running)):
            self.start_worker()
        if self.beat.exit_code() is not None:
            self.start_beat()

    def serve(self, **settings: str) -> Served:
        """Return a web process that is not started yet."""
        return Served(**{**self.settings, **settings})

    def log(self) -> str:
        """Return what everybody has said so far."""
        return "".join(path.read_text() for path in sorted(self._folder.glob("*.log")))

    def keeper(self) -> Child:
        """Return the worker that keeps the default window, as its log tells."""
        wait_until(lambda: bool(self._kept()), what="a worker that keeps the default window")
        kept = self._kept()
        return kept[max(kept)]

    def _kept(self) -> dict[str, Child]:
        """Return who says to keep the default window, by the line that says so."""
        default = f"keeps the {config.load(environment(**self.settings)).window} s window"
        kept = {}
        for worker in self.workers:
            if worker.exit_code() is not None:
                continue
            lines = [line for line in worker.log.read_text().splitlines() if default in line]
            if lines and "no longer" not in lines[-1]:
                kept[lines[-1]] = worker
        return kept

    def _start(self, *command: str) -> Child:
        name = "-".join(part.lstrip("-").replace("=", "-") for part in command)
        child = Child(
            name,
            [sys.executable, "manage.py", *command],
            self._folder / f"{name}-{len(list(self._folder.iterdir()))}.log",
            cwd=ROOT,
            env={**environment(**self.settings), "PYTHONUNBUFFERED": "1"},
        )
        self._stack.callback(child.stop)
        return child
