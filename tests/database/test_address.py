"""DATABASE_URL: what is taken, what is refused, and that no password comes out again."""

import os
import sqlite3
from pathlib import Path

import pytest

from meshviz.config import ConfigError, load
from meshviz.database import DEFAULT, DEFAULT_PATH, Database, django_settings, parse, usable

CANARY = "s3cr3t"
POSTGRES = f"postgres://me:{CANARY}@db.example.com:5433/mesh"


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("postgres://db/mesh", {"host": "db", "dbname": "mesh"}),
        ("postgresql://[::1]:5433/mesh", {"host": "::1", "port": "5433", "dbname": "mesh"}),
        (
            "postgres://me:p%40ss%2Fword@db/mesh?sslmode=require",
            {
                "user": "me",
                "password": "p@ss/word",
                "host": "db",
                "dbname": "mesh",
                "sslmode": "require",
            },
        ),
        (
            "postgres:///mesh?host=/var/run/postgresQL",
            {"host": "/var/run/postgresQL", "dbname": "mesh"},
        ),
        ("postgres://one,two:5433/mesh", {"host": "one,two", "port": ",5433", "dbname": "mesh"}),
    ],
    ids=["short", "IPv6", "percent-encoded", "socket", "two hosts"],
)
def test_postgres_address_is_read_as_libpq_reads_it(text: str, parameters: dict[str, str]) -> None:
    database = parse(text)

    assert database.path is None
    assert database.postgres == parameters


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite:////data/mesh.sqlite3", Path("/data/mesh.sqlite3")),
        ("sqlite:///data/mesh.sqlite3", Path.cwd() / "data/mesh.sqlite3"),
        ("sqlite:////data/two%20words", Path("/data/two words")),
    ],
    ids=["absolute", "relative", "percent-encoded"],
)
def test_sqlite_address_names_a_file(text: str, path: Path) -> None:
    assert parse(text) == Database(path=path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"mysql://me:{CANARY}@db/mesh", "does not start with"),
        (f"POSTGRES://me:{CANARY}@db/mesh", "does not start with"),
        (f"me:{CANARY}@db/mesh", "does not start with"),
        (f"postgres://me:{CANARY}@db", "no NAME"),
        (f"postgres://me:{CANARY}@db/", "no NAME"),
        (f"postgres://me:{CANARY}/x@db/mesh", "in a password they are written"),
        (f"postgres://me:{CANARY}@/mesh", "no HOST"),
        (f"postgres://me:{CANARY}@db:http/mesh", "PORT"),
        (f"postgres://me:{CANARY}@db:0/mesh", "PORT"),
        (f"postgres://me:{CANARY}@db:65536/mesh", "PORT"),
        (f"postgres://me:{CANARY}@db/mesh?tls=true", "not an address"),
        (f"postgres://me:{CANARY}@db/mesh?{CANARY}=1", "not an address"),
        (f"postgres://me:{CANARY}%zz@db/mesh", "not an address"),
        (f"postgres://me:{CANARY}@[::1/mesh", "not an address"),
        (f"postgres://me:{CANARY}@db/mesh?sslmode=on", "sslmode"),
        (f"postgres://me:{CANARY}@db/mesh?connect_timeout=soon", "connect_timeout"),
        ("sqlite://", "no file"),
        ("sqlite:///", "no file"),
        ("sqlite:////data/", "no file"),
        ("sqlite://data/mesh.sqlite3", "three slashes"),
        ("sqlite:///:memory:", "lost"),
        ("sqlite:///mesh?mode=ro", "behind the path"),
    ],
)
def test_anything_else_is_refused_without_repeating_it(text: str, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({"MESHVIZ_PROMETHEUS_URL": "http://prometheus", "DATABASE_URL": text})

    (problem,) = caught.value.problems
    assert problem.variable == "DATABASE_URL"
    assert word in problem.reason
    assert CANARY not in str(caught.value)
    assert "example:  DATABASE_URL=postgres://" in str(caught.value)


def test_variable_with_our_prefix_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="did you mean DATABASE_URL") as caught:
        load({"MESHVIZ_DATABASE_URL": POSTGRES})

    assert CANARY not in str(caught.value)


def test_password_is_in_no_text_of_the_settings() -> None:
    config = load({"DATABASE_URL": POSTGRES})

    assert str(config.database_url) == "PostgreSQL mesh at db.example.com:5433"
    assert CANARY not in repr(config)


def test_default_is_a_file_that_nobody_has_to_prepare() -> None:
    assert load({}).database_url == load({"DATABASE_URL": ""}).database_url == DEFAULT
    assert str(DEFAULT_PATH) in str(DEFAULT)
    usable(Database(path=Path("/no/such/folder/file"), is_named=False))


def test_file_may_be_new_or_empty_or_a_database(tmp_path: Path) -> None:
    database = Database(path=tmp_path / "mesh.sqlite3")
    usable(database)
    assert list(tmp_path.iterdir()) == []

    database.path.touch()
    usable(database)
    with sqlite3.connect(database.path) as connection:
        connection.execute("CREATE TABLE one (two)")
    connection.close()
    usable(database)


def test_file_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("precious")
    (tmp_path / "folder").mkdir()

    for name, word in (
        ("gone/mesh", "is not there"),
        ("notes", "something else"),
        ("folder", "cannot be written"),
        ("notes/mesh", "is not there"),
    ):
        with pytest.raises(ValueError, match=word):
            usable(Database(path=tmp_path / name))
    assert (tmp_path / "notes").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_right_to_write_stops_the_start(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(ValueError, match=r"cannot be written"):
        usable(Database(path=tmp_path / "mesh.sqlite3"))


def test_read_only_file_system_stops_the_start() -> None:
    with pytest.raises(ValueError, match=r"/proc cannot be written"):
        usable(Database(path=Path("/proc/mesh.sqlite3")))


def test_django_gets_what_asgi_needs() -> None:
    postgres = django_settings(parse(POSTGRES + "?sslmode=require&connect_timeout=9"))

    assert (postgres["CONN_MAX_AGE"], postgres["CONN_HEALTH_CHECKS"]) == (0, True)
    assert (postgres["HOST"], postgres["PORT"], postgres["NAME"]) == (
        "db.example.com",
        "5433",
        "mesh",
    )
    assert (postgres["USER"], postgres["PASSWORD"]) == ("me", CANARY)
    assert postgres["OPTIONS"]["sslmode"] == "require"
    assert postgres["OPTIONS"]["connect_timeout"] == "9"
    assert "host" not in postgres["OPTIONS"]
    assert postgres["OPTIONS"]["pool"]["min_size"] == 0
