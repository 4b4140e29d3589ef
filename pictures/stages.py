"""What the pictures are taken of: simulated meshes, each with a Prometheus and a meshviz."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.demo.prometheus import free_port
from tests.e2e.limited import named
from tests.e2e.meshes import LABELS, Labels, busy_mesh
from tests.served import Served
from tests.stack import PrometheusServer, Simulator, wait_until

# Until a window of a minute is full, and a scrape more.
_FULL_S = 66.0
_READY_S = 300.0
# On one small machine a Prometheus of a thousand services takes its time.
_PATIENT = {"query_timeout": "60s"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A mesh to take pictures of. Without a scenario it is made here, or there is none."""

    scenario: str | None = None
    services: int = 0
    # How far into the scenario it begins, and how long it goes on before a picture is taken.
    offset_s: float = 0.0
    seconds: float = _FULL_S
    scrape_interval_s: float = 5.0
    # Who asks whom.
    calls: tuple[tuple[str, str], ...] = ()
    # The text of an access file: people come by a proxy then, and `anybody` may see everything.
    access: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage that has been set up."""

    stage: Stage
    prometheus: PrometheusServer
    served: Served

    def wait(self) -> None:
        """Return once there is something to see."""
        if self.stage.scenario is None and not self.stage.calls:
            return
        wait_until(self._is_full, _READY_S, "a window full of scrapes")
        wait_until(self._is_whole, _READY_S, "a whole graph with fresh numbers")

    def _is_whole(self) -> bool:
        time.sleep(1)
        graph = self.served.get("/api/v1/graph", headers=named("anybody")).json()
        is_fresh = graph["source"]["state"] == "ok"
        return is_fresh and bool(graph["edges"]) and len(graph["nodes"]) >= self.stage.services

    def _is_full(self) -> bool:
        """Tell by the number of scrapes: to look at all series of a large mesh takes long."""
        time.sleep(1)
        found = self.prometheus.query("max(count_over_time(up[10m]))")
        scrapes = float(found[0]["value"][1]) if found else 0.0  # type: ignore[index]
        return scrapes * self.stage.scrape_interval_s >= self.stage.seconds


@contextmanager
def standing(stage: Stage) -> Iterator[Standing]:
    """Set a stage up; all of it is gone in the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="pictures-")))
        prometheus = stack.enter_context(
            PrometheusServer(_mesh(stage, stack), folder, scrape_interval_s=stage.scrape_interval_s)
        )
        settings = _PATIENT | (_by_proxy(stage.access, folder) if stage.access else {})
        yield Standing(stage, prometheus, stack.enter_context(Served(prometheus.url, **settings)))


def _by_proxy(access: str, folder: Path) -> dict[str, str]:
    """Return the settings of a meshviz that limits people."""
    (folder / "access.yaml").write_text(access)
    return {
        "sign_in": "proxy",
        "trusted_proxies": "127.0.0.1",
        "access_file": str(folder / "access.yaml"),
        "database_url": f"sqlite:///{folder}/mesh.sqlite3",
    }


def _mesh(stage: Stage, stack: ExitStack) -> Simulator | int:
    if stage.scenario is not None:
        return stack.enter_context(
            Simulator(stage.scenario, services=stage.services, phase_offset_s=stage.offset_s)
        )
    mesh = busy_mesh([_call(*ends) for ends in stage.calls]) if stage.calls else None
    # Where nobody listens nothing is scraped.
    return stack.enter_context(mesh).port if mesh else free_port()


def _call(source: str, target: str) -> Labels:
    """Return one call of a mesh of a few services."""
    ends = {
        f"{end}_{label}": name if label == "canonical_service" else f"{name}-v1"
        for end, name in (("source", source), ("destination", target))
        for label in ("canonical_service", "workload")
    }
    places = {f"{end}_workload_namespace": "shop" for end in ("source", "destination")}
    asked = {
        "destination_service": f"{target}.shop.svc.cluster.local",
        "destination_service_name": target,
        "destination_service_namespace": "shop",
    }
    return {**LABELS, **ends, **places, **asked}
