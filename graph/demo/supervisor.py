"""The whole demo: the simulated mesh, a Prometheus that scrapes it, and meshviz on top.

Starts the three in order, says what it does, watches them, and stops exactly what it started.
"""

import http.client
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from graph.demo import fleet, redis
from graph.demo.fleet import HOST, SERVE, Member, serve_environment
from graph.demo.ports import DemoError, take
from graph.demo.process import Child, ProcessFailedError
from graph.demo.prometheus import (
    ROOT,
    NoPrometheusError,
    Setup,
    find_prometheus,
    free_port,
    is_ready,
    start_prometheus,
)
from graph.demo.synth import scrape_interval_s
from graph.stopping import StopSign

START_S = 60.0
LOOK_S = 0.5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run the demo. Port 0 means a free one; ``data_dir`` None a folder that goes away."""

    port: int = 8000
    services: int = 0
    scenario: str = "tour"
    seed: int = 1
    scrape_interval_s: float | None = None
    load: float = 1.0
    phase_offset_s: float = 0.0
    prometheus_port: int = 0
    data_dir: Path | None = None
    serve: Sequence[str] = SERVE
    # Two servers, two workers, beat and a Redis in place of one process.
    scaled: bool = False

    @property
    def scrape_s(self) -> float:
        """Seconds between scrapes: as asked, else by the size of the mesh."""
        if self.scrape_interval_s is not None:
            return self.scrape_interval_s
        return scrape_interval_s(self.services)


def run(options: Options, say: Say) -> int:
    """Run the demo until Ctrl-C or SIGTERM; return the exit code."""
    with _stop_signals() as stopping:
        try:
            with ExitStack() as stack:
                demo = Demo(options, say, stopping, _folder(options, stack), stack)
                demo.start()
                demo.watch()
        except _Stopped:
            pass
        except (DemoError, NoPrometheusError, redis.NoRedisError, ProcessFailedError) as error:
            say(f"\n{error}")
            return 1
    say("Stopped.")
    return 0


class _Stopped(Exception):
    """Told to stop while still starting."""


class Demo:
    """The child processes. Whatever was started is stopped when the stack closes."""

    def __init__(
        self,
        options: Options,
        say: Say,
        stopping: StopSign,
        folder: Path,
        stack: ExitStack,
    ) -> None:
        self._options = options
        self._say = say
        self._stopping = stopping
        self._folder = folder
        self._stack = stack
        self._children: list[Child] = []
        self._mesh_port = 0
        self._act = ""

    def start(self) -> None:
        """Start everything and wait until it answers."""
        ports = self._ports()
        program = find_prometheus()
        redis_program = redis.find_redis() if self._options.scaled else None
        self._mesh_port = self._start_mesh()
        setup = self._start_prometheus(program)
        if redis_program is None:
            members = fleet.alone(ports[0], self._options.serve)
        else:
            members = fleet.many(ports, self._start_redis(redis_program))
        for member in members:
            self._start_member(member, setup)
        for line in _box(self._announcement(ports, setup)):
            self._say(line)

    def _ports(self) -> list[int]:
        """Return where to serve; raise DemoError if something else does already."""
        first, count = self._options.port, 2 if self._options.scaled else 1
        if not first:
            return [free_port() for _ in range(count)]
        return [take(first + number, "--port", "meshviz") for number in range(count)]

    def watch(self) -> None:
        """Return when told to stop. Raises ProcessFailedError when a child ends by itself."""
        while not self._stopping.wait(LOOK_S):
            for child in self._children:
                if child.exit_code() is not None:
                    raise child.failure(f"ended unexpectedly (exit code {child.exit_code()})")
            self._tell_act()
        self._say("\nStopping ...")

    def _start_mesh(self) -> int:
        options = self._options
        self._say("Starting the simulated mesh ...")
        child = self._adopt(
            Child(
                "The simulated mesh",
                [
                    *(sys.executable, "-m", "graph.demo.simulate", "--port", "0"),
                    *("--scenario", options.scenario, "--seed", str(options.seed)),
                    *("--services", str(options.services), "--load", str(options.load)),
                    *("--phase-offset", str(options.phase_offset_s)),
                    # On the loopback interface bytes cost less than packing them.
                    "--no-compress",
                ],
                self._log("simulator"),
                cwd=ROOT,
            )
        )
        self._wait(child, lambda: child.first_line() is not None)
        port = int(orjson.loads(child.first_line() or "")["port"])
        now = _ask(port, "/truth/now")
        self._say(f"  {now['workloads']} workloads in {now['pods']} pods, {now['calls']} calls")
        return port

    def _start_prometheus(self, program: Path) -> Setup:
        options = self._options
        port = options.prometheus_port
        setup = Setup(
            folder=self._folder / "prometheus",
            port=take(port, "--prometheus-port", "Prometheus") if port else free_port(),
            mesh_port=self._mesh_port,
            scrape_interval_s=options.scrape_s,
        )
        self._say(f"Starting {program}, which scrapes it every {options.scrape_s:g} s ...")
        child = self._adopt(start_prometheus(program, setup))
        self._wait(child, lambda: is_ready(setup))
        self._say(f"  answers at {setup.url}")
        return setup

    def _start_redis(self, program: Path) -> int:
        port = free_port()
        self._say(f"Starting {program} ...")
        child = redis.start_redis(program, port, self._folder / "redis", self._log("redis"))
        self._wait(self._adopt(child), lambda: redis.is_ready(port))
        return port

    def _start_member(self, member: Member, setup: Setup) -> None:
        self._say(f"Starting {member.name[0].lower()}{member.name[1:]} ...")
        options = self._options
        environment = serve_environment(os.environ, member.port, setup.url, options.services)
        child = self._adopt(
            Child(
                member.name,
                member.command,
                self._log(member.log),
                cwd=ROOT,
                env={**environment, **member.environment},
            )
        )
        self._wait(child, lambda: member.is_ready(child.first_line))

    def _adopt(self, child: Child) -> Child:
        self._children.append(child)
        self._stack.callback(child.stop)
        return child

    def _wait(self, child: Child, ready: Callable[[], bool]) -> None:
        def ready_or_told_to_stop() -> bool:
            if self._stopping.is_set():
                raise _Stopped
            return ready()

        child.wait_until(ready_or_told_to_stop, START_S)

    def _log(self, name: str) -> Path:
        log = self._folder / f"{name}.log"
        # What an earlier run has left in a kept folder would be taken for this one's words.
        log.unlink(missing_ok=True)
        return log

    def _tell_act(self) -> None:
        """Say so when the next act begins."""
        try:
            now = _ask(self._mesh_port, "/truth/now")
        except (OSError, http.client.HTTPException):
            return  # busy or ending; the next look tells
        if now["act"] != self._act:
            self._act = str(now["act"])
            self._say(f"Now on: {self._act}. {now['story']}")

    def _announcement(self, ports: Sequence[int], setup: Setup) -> list[str]:
        first, *others = [f"http://{HOST}:{port}/" for port in ports]
        return [
            f"meshviz shows the demo mesh at  {first}",
            *(f"and the same picture at         {other}" for other in others),
            "",
            f"scenario    {self._options.scenario}",
            f"Prometheus  {setup.url}",
            f"truth       http://{HOST}:{self._mesh_port}/truth/now",
            f"logs        {self._folder}",
            "",
            f"The first numbers need two scrapes: about {2 * self._options.scrape_s:.0f} s.",
            "Ctrl-C stops everything.",
        ]


def _folder(options: Options, stack: ExitStack) -> Path:
    try:
        if options.data_dir is None:
            return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="meshviz-demo-")))
        options.data_dir.mkdir(parents=True, exist_ok=True)
        return options.data_dir.resolve()
    except OSError as error:
        raise DemoError(
            f"No folder for Prometheus' data: {error}. Name one that can be written: --data-dir DIR"
        ) from error


def _ask(port: int, path: str) -> dict[str, object]:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        answer: dict[str, object] = orjson.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def _box(lines: Sequence[str]) -> list[str]:
    width = max(map(len, lines))
    edge = "─" * (width + 4)
    return ["", f"┌{edge}┐", *(f"│  {line:<{width}}  │" for line in lines), f"└{edge}┘", ""]


@contextmanager
def _stop_signals() -> Iterator[StopSign]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into an event, for as long as the block lasts."""
    stopping = StopSign()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, lambda *_: stopping.set())
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
