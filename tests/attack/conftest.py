"""Servers under attack: real processes in front of a Prometheus that a test plays."""

from collections.abc import Iterator

import pytest

from tests.attack.raw import TRACEBACK
from tests.faultserver import FaultServer
from tests.served import ROOT, Served
from tests.signin.people import populate, signing_in

SETTINGS = {"windows": "15s,1m,5m", "window": "1m", "interval": "1s", "query_timeout": "3s"}


@pytest.fixture(scope="package", autouse=True)
def quick() -> Iterator[None]:
    """Let every server and command check passwords cheaply: a second each adds up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.quick")
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest.fixture(scope="package")
def prometheus() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture(scope="package")
def served(prometheus: FaultServer) -> Iterator[Served]:
    """A server to whoever reaches it, as by default. No attack may leave a traceback in its log."""
    with Served(prometheus.url, **SETTINGS) as server:
        yield server
        assert TRACEBACK not in server.log, server.log[-4000:]


@pytest.fixture(scope="package")
def signed(prometheus: FaultServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server where Ada, Ben and Cai sign in."""
    url = f"sqlite:///{tmp_path_factory.mktemp('people')}/mesh.sqlite3"
    populate(url, "ada", "ben", "cai")
    with Served(prometheus.url, **signing_in(url, **SETTINGS)) as server:
        yield server
        assert TRACEBACK not in server.log, server.log[-4000:]
