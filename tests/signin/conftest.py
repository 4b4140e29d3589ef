"""Servers that ask for names, on either kind of database."""

from collections.abc import Iterator

import pytest

from tests.database.postgres import PostgresServer
from tests.served import ROOT, Served
from tests.signin.people import RECORDING, populate, signing_in


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Let every server and command check passwords cheaply: a second each adds up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "tests.signin.quick")
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('people')}/mesh.sqlite3"
    else:
        with PostgresServer(max_connections=30) as postgres:
            yield postgres.url


@pytest.fixture(scope="module")
def served(url: str) -> Iterator[Served]:
    populate(url, "ada", "ben", "cai")
    origin = "https://mesh.example.com"
    with Served(RECORDING, **signing_in(url, extra_origins=origin)) as server:
        yield server
