"""Patients: a healthy Prometheus, an ill one, one whose limits let nothing in, an empty one."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.doctor.clinic import IllPrometheus, ill_config, limited_config
from tests.stack import PrometheusServer, Simulator


@dataclass(frozen=True)
class Ward:
    """Addresses of real servers."""

    healthy: str
    ill: str
    limited: str
    empty: str


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
        healthy.wait_for_samples(2)
        ill.wait_for('count_over_time(istio_requests_total{job="podmonitor"}[1h]) > 1')
        limited.wait_for("up == 0")
        yield Ward(healthy.url, ill.url, limited.url, empty.url)
