"""What a real Prometheus counts: many servers and workers ask it no more than one process does."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.crew import Crew, RedisServer
from tests.scaled.mirror import Mirror
from tests.served import Served
from tests.stack import PrometheusServer, Simulator

pytestmark = [pytest.mark.prometheus, pytest.mark.alone]

SETTINGS = {
    "windows": "10s,1m",
    "window": "10s",
    "interval": "1s",
    "query_budget": "1",
    "query_timeout": "5s",
}
_COUNTER = re.compile(
    r'^prometheus_http_requests_total\{code="200",handler="/api/v1/query"\} (\S+)$', re.MULTILINE
)
PICTURES = 8


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    folder: Path = tmp_path_factory.mktemp("prometheus")
    with Simulator("steady") as mesh, PrometheusServer(mesh, folder) as server:
        server.wait_for_samples(12)
        yield server


def asked(prometheus: PrometheusServer) -> float:
    text = requests.get(f"{prometheus.url}/metrics", timeout=10).text
    found = _COUNTER.search(text)
    return float(found[1]) if found else 0.0


def asked_per_picture(prometheus: PrometheusServer, *servers: Served) -> float:
    """Return the queries per tick while two browsers watch each server."""
    with ExitStack() as stack:
        mirrors = [
            Mirror(stack.enter_context(server.watch(f"type={kind}")))
            for server in servers
            for kind in ("workload", "app")
        ]
        for mirror in mirrors:
            mirror.until("delta", state="ok")
        before, begun = asked(prometheus), mirrors[0].moments[-1]
        moments: set[float] = set()
        while len(moments) < PICTURES:
            for mirror in mirrors:
                mirror.steps(1)
                moments |= {moment for moment in mirror.moments if moment > begun}
        return (asked(prometheus) - before) / len(moments)


def test_prometheus_is_asked_as_much_as_by_one_process(
    real: PrometheusServer, tmp_path: Path
) -> None:
    with Served(real.url, **SETTINGS) as alone:
        by_one = asked_per_picture(real, alone)
    with (
        RedisServer(tmp_path) as redis,
        Crew(real.url, redis, workers=2, **SETTINGS) as crew,
        crew.serve() as one,
        crew.serve() as two,
    ):
        by_many = asked_per_picture(real, one, two)

    # Ticks under way when the counting begins and ends, and a survey of the mesh that may fall
    # into it: less than a second poll would be.
    assert by_one > 5
    assert by_many < by_one * 1.5


def test_both_modes_draw_the_same_mesh(real: PrometheusServer, tmp_path: Path) -> None:
    with (
        RedisServer(tmp_path) as redis,
        Crew(real.url, redis, workers=1, **SETTINGS) as crew,
        crew.serve() as many,
        Served(real.url, **SETTINGS) as alone,
    ):
        with many.watch("type=app") as left, alone.watch("type=app") as right:
            ours, theirs = Mirror(left), Mirror(right)
            ours.until("delta", state="ok")
            theirs.until("delta", state="ok")
        now = f"type=app&at={ours.moments[-1]:.3f}"
        moments = many.graph(now), alone.graph(now)

    assert moments[0]["nodes"] == moments[1]["nodes"]
    assert moments[0]["edges"] == moments[1]["edges"]
    drawn = ours.pictures[ours.places[-1]], theirs.pictures[theirs.places[-1]]
    assert drawn[0].nodes.keys() == drawn[1].nodes.keys()
    assert drawn[0].edges.keys() == drawn[1].edges.keys()
