"""A real PostgreSQL for tests, with a cluster of its own that can be stopped and started again.

    with PostgresServer(folder) as postgres:
        Served(..., database_url=postgres.url)
        postgres.stop(); postgres.start()

As root the server runs as nobody, since it refuses to be root.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

import psycopg

from graph.demo.prometheus import free_port
from tests.stack import ROOT, wait_until

PASSWORD = "c0rrect/h@rse"
_QUOTED = "c0rrect%2Fh%40rse"
_NOBODY = 65534
_UNPACKED = ROOT / ".cache" / "postgres" / "bin"


def find_postgres() -> Path:
    """Return the folder of initdb and postgres; the order is that of scripts/get-postgres."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    for place in [*places, _UNPACKED]:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise FileNotFoundError("no PostgreSQL; run scripts/get-postgres")


class PostgresServer(AbstractContextManager["PostgresServer"]):
    """A server on a port of its own, with user and database "meshviz"."""

    def __init__(self, *, max_connections: int = 100) -> None:
        self._programs = find_postgres()
        self._max_connections = max_connections
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://meshviz:{_QUOTED}@127.0.0.1:{self.port}/meshviz"

    def __enter__(self) -> Self:
        # Not pytest's folder: nobody could not get there.
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        secret = self._folder / "secret"
        secret.write_text(PASSWORD)
        for path in (self._folder, secret):
            self._give_away(path)
        self.data = self._folder / "data"
        try:
            subprocess.run(
                [
                    self._programs / "initdb",
                    *("--pgdata", self.data, "--username", "meshviz", "--pwfile", secret),
                    *("--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync"),
                ],
                check=True,
                capture_output=True,
                **self._as_somebody(),
            )
            self.start()
            with self.connect("postgres") as session:
                session.execute("CREATE DATABASE meshviz")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._programs / "postgres",
                    *("-D", self.data, "-p", str(self.port), "-h", "127.0.0.1"),
                    *("-k", self._folder, "-F", "-N", str(self._max_connections)),
                ],
                stdout=log,
                stderr=log,
                **self._as_somebody(),
            )
        wait_until(self._answers, what="PostgreSQL answers")

    def stop(self) -> None:
        """End the server as an operator in a hurry would: sessions are cut off."""
        if self._process is not None:
            self._process.send_signal(2)
            self._process.wait(30)
            self._process = None

    def connect(self, database: str = "meshviz") -> psycopg.Connection[Any]:
        """Return a session that commits every statement."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user="meshviz",
            password=PASSWORD,
            autocommit=True,
        )

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _give_away(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, _NOBODY, _NOBODY)

    def _as_somebody(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        return {"user": _NOBODY, "group": _NOBODY, "extra_groups": [], "cwd": "/"}
