"""A database that is away costs the graph nothing, and is used again once it is back."""

import os
import signal
from pathlib import Path

import pytest

from tests.database.postgres import PASSWORD, PostgresServer
from tests.database.test_keeping import PATIENCE_S, count, is_ready, migrate
from tests.served import Served
from tests.stack import wait_until


def complaints(served: Served) -> list[str]:
    return [line for line in served.log.splitlines() if "The database is not ready" in line]


@pytest.mark.postgres
@pytest.mark.usefixtures("keeping")
def test_postgres_may_come_after_the_server(recording: str) -> None:
    with PostgresServer() as postgres:
        postgres.stop()
        with Served(recording, database_url=postgres.url) as served:
            wait_until(lambda: bool(complaints(served)), PATIENCE_S, "a complaint")
            assert served.graph("type=app")["nodes"]
            with served.watch("type=app") as viewer:
                assert viewer.next("snapshot")["nodes"]
            assert served.get("/kept/one").status_code == 503

            postgres.start()
            wait_until(lambda: is_ready(served), PATIENCE_S, "the database is ready")
            assert count(served, "one") == 1

            (line,) = complaints(served)
            assert f"PostgreSQL meshviz at 127.0.0.1:{postgres.port}" in line
            assert "refused" in line
            assert "DATABASE_URL" in line
            assert "c0rrect" not in served.log
            assert "Traceback" not in served.log


@pytest.mark.postgres
@pytest.mark.usefixtures("keeping")
def test_request_after_a_restart_of_postgres_is_answered(recording: str) -> None:
    with (
        PostgresServer() as postgres,
        Served(recording, database_url=postgres.url) as served,
    ):
        wait_until(lambda: is_ready(served), PATIENCE_S, "the database is ready")
        assert count(served, "one") == 1
        with postgres.connect() as session:
            (kept,) = session.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'meshviz'"
            ).fetchone() or (0,)
        assert kept > 0, "the pool holds no connection that the restart could break"

        postgres.stop()
        postgres.start()

        assert count(served, "one") == 2
        assert served.graph("type=app")["nodes"]


@pytest.mark.postgres
@pytest.mark.usefixtures("keeping")
def test_wrong_password_is_told_by_the_server_of_it_and_not_repeated(recording: str) -> None:
    with PostgresServer() as postgres:
        url = postgres.url.replace("c0rrect%2Fh%40rse", "wr0ng")
        with Served(recording, database_url=url) as served:
            wait_until(lambda: bool(complaints(served)), PATIENCE_S, "a complaint")
            assert "password authentication failed" in complaints(served)[0]
            assert "wr0ng" not in served.log
            assert served.graph("type=app")["nodes"]
        ended = migrate(url)

    assert ended.returncode == 1
    assert "password authentication failed" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "wr0ng" not in ended.stderr + ended.stdout
    assert PASSWORD not in ended.stderr + ended.stdout


@pytest.mark.usefixtures("keeping")
def test_file_that_went_away_is_a_complaint_and_no_end(recording: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "mesh.sqlite3.lock").mkdir()

    with Served(recording, database_url=f"sqlite:///{folder}/mesh.sqlite3") as served:
        wait_until(lambda: bool(complaints(served)), PATIENCE_S, "a complaint")
        assert "Is a directory" in complaints(served)[0]
        assert served.graph("type=app")["nodes"]

        (folder / "mesh.sqlite3.lock").rmdir()
        wait_until(lambda: is_ready(served), PATIENCE_S, "the database is ready")
        assert count(served, "one") == 1


@pytest.mark.postgres
@pytest.mark.usefixtures("keeping")
def test_server_ends_at_once_while_it_waits_for_its_database(recording: str) -> None:
    with Served(recording, database_url="postgres://db.invalid/mesh") as served:
        wait_until(lambda: bool(complaints(served)), PATIENCE_S, "a complaint")
        os.kill(served.process.pid, signal.SIGTERM)
        wait_until(lambda: served.process.exit_code() is not None, what="the server ends")

        assert served.process.exit_code() == 0
