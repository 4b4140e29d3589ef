"""The processes that meshviz is made of in the demo: one, or many around a Redis."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.demo.prometheus import ROOT, answers
from graph.demo.synth import FULL_TELEMETRY

MANAGE = (sys.executable, str(ROOT / "manage.py"))
SERVE = (*MANAGE, "serve")
HOST = "127.0.0.1"
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A process to start. ``port`` is where it answers, 0 if it says that it runs in its log."""

    name: str
    command: Sequence[str]
    log: str
    port: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)

    def is_ready(self, first_line: Callable[[], str | None]) -> bool:
        """True once it does its work."""
        if self.port:
            return answers(self.port, "/healthz")
        return first_line() is not None


def alone(port: int, serve: Sequence[str] = SERVE) -> list[Member]:
    """Return the one process that does it all."""
    return [Member("meshviz", serve, "meshviz", port)]


def many(ports: Sequence[int], redis_port: int) -> list[Member]:
    """Return beat, workers and a server for each port, around a Redis."""
    settings = {"MESHVIZ_REDIS_URL": f"redis://{HOST}:{redis_port}/0"}
    workers = [f"worker-{number}" for number in range(1, WORKERS + 1)]
    return [
        Member("beat", (*MANAGE, "beat"), "beat", environment=settings),
        *(
            Member(name, (*MANAGE, "worker", f"--name={name}"), name, environment=settings)
            for name in workers
        ),
        *(
            Member(f"The server on port {port}", SERVE, f"meshviz-{port}", port, settings)
            for port in ports
        ),
    ]


def serve_environment(
    given: Mapping[str, str], port: int, prometheus: str, services: int = 0
) -> dict[str, str]:
    """Return the environment for meshviz: the caller's settings, but this port and Prometheus."""
    # Names of the demo and of the tests mean nothing to meshviz, which refuses unknown ones; the
    # demo decides itself whether there is a Redis.
    foreign = ("MESHVIZ_DEMO_", "MESHVIZ_TEST_", "MESHVIZ_PROMETHEUS_", "MESHVIZ_REDIS_")
    kept = {name: value for name, value in given.items() if not name.startswith(foreign)}
    ours = {"MESHVIZ_PROMETHEUS_URL": prometheus}
    if port:
        ours["MESHVIZ_PORT"] = str(port)
    return {"MESHVIZ_HOST": HOST, **_for_size(services), **kept, **ours, "PYTHONUNBUFFERED": "1"}


def _for_size(services: int) -> dict[str, str]:
    """Return settings that a mesh scraped once a minute needs: two scrapes in every window."""
    if services <= FULL_TELEMETRY:
        return {}
    return {
        "MESHVIZ_WINDOW": "5m",
        "MESHVIZ_WINDOWS": "5m,15m,1h",
        "MESHVIZ_QUERY_TIMEOUT": "60s",
    }
