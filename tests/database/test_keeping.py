"""Both kinds of database: tables are made, what is written is there for the next process."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.database.postgres import PostgresServer
from tests.served import ROOT, Served, environment
from tests.stack import wait_until

PATIENCE_S = 60


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/mesh.sqlite3"
    else:
        with PostgresServer(max_connections=20) as postgres:
            yield postgres.url


def migrate(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", *arguments],
        cwd=ROOT,
        env=environment(prometheus_url="http://p", database_url=url),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def is_ready(served: Served) -> bool:
    return "The database is ready" in served.log


def count(served: Served, name: str) -> int:
    answer = served.get(f"/kept/{name}")
    assert answer.status_code == 200, answer.text
    times: int = answer.json()["times"]
    return times


@pytest.mark.usefixtures("keeping")
def test_server_makes_its_tables_and_keeps_what_is_written(url: str, recording: str) -> None:
    for expected in (1, 2):
        with Served(recording, database_url=url) as served:
            wait_until(lambda served=served: is_ready(served), PATIENCE_S, "the database is ready")
            assert count(served, "one") == expected


@pytest.mark.usefixtures("keeping")
def test_many_at_once_migrate_one_after_the_other(url: str) -> None:
    with ThreadPoolExecutor(3) as threads:
        ended = list(threads.map(migrate, [url] * 3))

    assert [run.returncode for run in ended] == [0, 0, 0], [run.stderr for run in ended]
    applied = [run.stdout.count("sessions.0001_initial... OK") for run in ended]
    assert sorted(applied) == [0, 0, 1]


@pytest.mark.usefixtures("keeping")
def test_burst_of_requests_shares_a_few_connections(url: str, recording: str) -> None:
    with Served(recording, database_url=url) as served:
        wait_until(lambda: is_ready(served), PATIENCE_S, "the database is ready")
        with ThreadPoolExecutor(60) as threads:
            found = list(threads.map(lambda index: count(served, f"n{index % 4}"), range(120)))

    # Every one of 30 requests per row was counted, and none twice.
    assert sorted(found) == sorted([*range(1, 31)] * 4)


def test_nothing_is_made_for_nothing_to_keep(url: str, recording: str) -> None:
    with Served(recording, database_url=url) as served:
        wait_until(lambda: is_ready(served), PATIENCE_S, "the database is ready")

        assert served.graph("type=app")["nodes"]
        assert "c0rrect" not in served.log
    ended = migrate(url)
    assert ended.returncode == 0
    assert "No migrations to apply" in ended.stdout


@pytest.mark.usefixtures("keeping")
def test_sqlite_writes_ahead(tmp_path: Path) -> None:
    assert migrate(f"sqlite:///{tmp_path}/mesh.sqlite3").returncode == 0

    connection = sqlite3.connect(tmp_path / "mesh.sqlite3")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize(("address", "is_used"), [("", False), ("postgres://db/mesh", True)])
def test_driver_is_loaded_only_by_those_who_use_it(address: str, is_used: bool) -> None:
    program = "import sys, meshviz.asgi, meshviz.urls; print('psycopg' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(prometheus_url="http://p", database_url=address),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )

    assert ended.stdout.split() == [str(is_used)]
