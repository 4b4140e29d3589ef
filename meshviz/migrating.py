"""Brings the database to what the code expects, while the graph is served already.

Any number of processes may do this at the same time: they take turns, and the first does the work.
"""

import contextlib
import fcntl
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.loader import MigrationLoader

from meshviz.database import Database

log = logging.getLogger(__name__)

# One number for everybody who migrates this database; the letters "mesh" in ASCII.
_LOCK = 0x6D657368
_TURN_S = 60
_FIRST_RETRY_S = 1.0
_LAST_RETRY_S = 30.0
_LAST_WORDS_S = 1.0


class Unready(Exception):
    """The database cannot be brought up to date now. ``str()`` is one line that says why."""


@contextlib.contextmanager
def turn(database: Database) -> Iterator[None]:
    """Hold every other process off the tables of Django's default database; raise Unready.

    ``database`` is what that one was made of. Its file's folder is made if it is the default one.
    """
    try:
        with _file_turn(database) if database.path is not None else _server_turn():
            yield
    except (Error, OSError) as error:
        raise Unready(" ".join(str(error).split())) from error


@contextlib.contextmanager
def in_background(database: Database) -> Iterator[Callable[[], bool]]:
    """Bring the database up to date while the block runs, however often it takes to get there.

    The block is given a function that tells whether it has got there.

    The default file is not even made as long as there is nothing to keep in it.
    """
    ending, done = threading.Event(), threading.Event()
    work = threading.Thread(
        target=_keep_trying, args=(database, ending, done), name="database", daemon=True
    )
    if database.is_named or _has_migrations():
        work.start()
    try:
        yield done.is_set
    finally:
        ending.set()
        if work.ident is not None:
            work.join(_LAST_WORDS_S)
        if database.path is None:
            # Each process has one pool, whichever thread opened it.
            _backend().close_pool()


def _keep_trying(database: Database, ending: threading.Event, done: threading.Event) -> None:
    delay_s, told = _FIRST_RETRY_S, ""
    while not ending.is_set():
        try:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        except Unready as error:
            if str(error) != told:
                told = str(error)
                log.warning(
                    "The database is not ready (%s). The graph is served without it, and it is "
                    "tried again until it answers. DATABASE_URL names another. The reason: %s",
                    database,
                    told,
                )
        else:
            done.set()
            log.info("The database is ready (%s).", database)
            return
        finally:
            _backend().close()
        ending.wait(delay_s)
        delay_s = min(delay_s * 2, _LAST_RETRY_S)


def _backend() -> Any:
    """Return this thread's end of the database, with what only PostgreSQL's has."""
    return connections[DEFAULT_DB_ALIAS]


def _has_migrations() -> bool:
    return bool(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@contextlib.contextmanager
def _file_turn(database: Database) -> Iterator[None]:
    path = database.path
    assert path is not None  # noqa: S101  # for the type checker
    if not database.is_named:
        path.parent.mkdir(exist_ok=True)
    with Path(f"{path}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _server_turn() -> Iterator[None]:
    # A connection besides the pool: it says why none can be had, which the pool does not. The
    # lock ends with its transaction, so poolers between us and the server do no harm.
    ours = _backend()
    with ours.wrap_database_errors:
        session = ours.Database.connect(**ours.get_connection_params())
    try:
        with ours.wrap_database_errors:
            session.execute(f"SET LOCAL lock_timeout = '{_TURN_S}s'")
            session.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield
    finally:
        session.close()
