"""Patients: a healthy Prometheus, an ill one, one whose limits let nothing in, an empty one."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.doctor.clinic import IllPrometheus, half_dead_config, ill_config, limited_config
from tests.stack import START_S, PrometheusServer, Simulator, wait_until


@dataclass(frozen=True)
class Ward:
    """Addresses of real servers."""

    healthy: str
    ill: str
    limited: str
    empty: str
    half_dead: str


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """Return the servers once all show what they have."""
    folder = tmp_path_factory.mktemp("ward")
    with ExitStack() as stack:
        mesh = stack.enter_context(Simulator("steady"))
        healthy = stack.enter_context(PrometheusServer(mesh, folder / "healthy"))
        ill = stack.enter_context(IllPrometheus(folder / "ill", ill_config(mesh.port)))
        limited = stack.enter_context(
            IllPrometheus(folder / "limited", limited_config(mesh.port), rules="")
        )
        empty = stack.enter_context(IllPrometheus(folder / "empty", "scrape_configs: []", rules=""))
        half_dead = stack.enter_context(
            IllPrometheus(folder / "half-dead", half_dead_config(mesh.port), rules="")
        )
        healthy.wait_for_samples(2)
        wait_until(
            lambda: bool(
                healthy.query("rate(istio_request_duration_milliseconds_bucket[20s]) > 0")
            ),
            START_S,
            "buckets that move",
        )
        half_dead.wait_for('count(istio_requests_total) and count(up{job="database"} == 0)')
        ill.wait_for('count_over_time(istio_requests_total{job="podmonitor"}[1h]) > 1')
        limited.wait_for("up == 0")
        yield Ward(healthy.url, ill.url, limited.url, empty.url, half_dead.url)
