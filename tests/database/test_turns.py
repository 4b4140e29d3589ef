"""Whoever brings a database up to date holds everybody else off it meanwhile."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from meshviz import migrating
from meshviz.database import Database, parse
from tests.database.postgres import PostgresServer
from tests.served import ROOT
from tests.stack import wait_until

PATIENCE_S = 60


@contextmanager
def migrating_process(url: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def waits_for_a_file(pid: int) -> bool:
    locks = Path("/proc/locks").read_text().splitlines()
    return any("-> FLOCK" in line and str(pid) in line.split() for line in locks)


@pytest.mark.usefixtures("keeping")
def test_migration_of_a_file_waits_for_its_turn(tmp_path: Path) -> None:
    path = tmp_path / "mesh.sqlite3"
    with (tmp_path / "mesh.sqlite3.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with migrating_process(f"sqlite:///{path}") as process:
            wait_until(lambda: waits_for_a_file(process.pid), PATIENCE_S, "it waits")
            assert not path.exists()

            fcntl.flock(other, fcntl.LOCK_UN)
            assert process.wait(PATIENCE_S) == 0

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (0,)


@pytest.mark.postgres
@pytest.mark.usefixtures("keeping")
def test_migration_of_a_server_waits_for_its_turn() -> None:
    with PostgresServer() as postgres, postgres.connect() as other, postgres.connect() as witness:
        other.autocommit = False
        other.execute(f"SELECT pg_advisory_xact_lock({migrating._LOCK})")
        with migrating_process(postgres.url) as process:
            blocked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            wait_until(lambda: witness.execute(blocked).fetchone() == (1,), PATIENCE_S, "it waits")
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert witness.execute(tables).fetchone() == (0,)

            other.rollback()
            assert process.wait(PATIENCE_S) == 0
            assert witness.execute(tables).fetchone() == (2,)


def test_default_folder_is_made_when_there_is_something_to_keep(tmp_path: Path) -> None:
    database = Database(path=tmp_path / "var" / "mesh.sqlite3", is_named=False)

    with migrating.turn(database):
        assert (tmp_path / "var").is_dir()


def test_default_folder_that_cannot_be_made_is_told_of_by_name() -> None:
    database = Database(path=Path("/proc/var/mesh.sqlite3"), is_named=False)

    with (
        pytest.raises(migrating.Unready, match="/proc/var"),
        migrating.turn(database),
    ):
        pass


def test_named_folder_that_went_away_is_not_made_anew(tmp_path: Path) -> None:
    with (
        pytest.raises(migrating.Unready, match="No such file"),
        migrating.turn(parse(f"sqlite:///{tmp_path}/gone/mesh.sqlite3")),
    ):
        pass
