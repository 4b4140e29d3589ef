"""One crew for all tests here: two workers, beat, two servers, Redis, and a canned Prometheus."""

from collections.abc import Iterator

import pytest

from tests.crew import Crew, RedisServer
from tests.faultserver import FaultServer
from tests.served import Served
from tests.stack import wait_until


@pytest.fixture(scope="package")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="package")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="package")
def crew(prometheus: FaultServer, redis: RedisServer) -> Iterator[Crew]:
    with Crew(prometheus.url, redis, query_timeout="3s", max_views="6") as crew:
        yield crew


@pytest.fixture(scope="package")
def servers(crew: Crew) -> Iterator[tuple[Served, Served]]:
    with crew.serve() as one, crew.serve() as two:
        yield one, two


@pytest.fixture
def healthy(prometheus: FaultServer, crew: Crew, servers: tuple[Served, Served]) -> None:
    """Start every test with two workers, beat, and a source that answers."""
    prometheus.fault = "none"
    crew.mend()
    for server in servers:
        wait_until(lambda it=server: it.graph()["source"]["state"] == "ok", what="a graph")
