"""Where meshviz keeps what people save: DATABASE_URL, from its text to Django's settings.

Nothing here opens a database; `meshviz.migrating` does that, in the background.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ACCEPTED = "sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME, with libpq's ?sslmode=..."
# A fresh checkout needs no decision, and `git status` stays clean.
DEFAULT_PATH = Path(__file__).resolve().parent.parent / "var" / "meshviz.sqlite3"

_SQLITE = "sqlite://"
# What Django has names of its own for; everything else it hands to libpq as it is.
_OWN_NAMES = {
    "NAME": "dbname",
    "USER": "user",
    "PASSWORD": "password",
    "HOST": "host",
    "PORT": "port",
}
_POSTGRES = ("postgres://", "postgresql://")
_SQLITE_HEAD = b"SQLite format 3\0"
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Writers take turns within milliseconds; who waits longer has met something that is stuck.
_BUSY_S = 5
_CONNECT_S = 5
# Every REST request has a thread of its own. Without a pool each would open a connection of its
# own too, and a burst of callers would use up all that Postgres has (100 unless told otherwise).
_POOL = {"min_size": 0, "max_size": 8, "timeout": _CONNECT_S, "name": "meshviz"}


@dataclass(frozen=True, slots=True)
class Database:
    """A database that may or may not be there. Exactly one of the two fields is filled."""

    path: Path | None = None
    # libpq's parameters: host, port, dbname, user, password, sslmode ...
    postgres: Mapping[str, str] = field(default_factory=dict, repr=False)
    # False for the file that is used when DATABASE_URL says nothing.
    is_named: bool = True

    def __str__(self) -> str:
        """Return what it is called in logs; no password is in it."""
        if self.path is not None:
            return f"SQLite {self.path}"
        host, port = self.postgres["host"], self.postgres.get("port", "5432")
        return f"PostgreSQL {self.postgres['dbname']} at {host}:{port}"


DEFAULT = Database(path=DEFAULT_PATH, is_named=False)


def parse(text: str) -> Database:
    """Return the database of an address, the default one of an empty text; raise ValueError.

    Reasons hold nothing of the address, since any part of it may be a password that was not
    percent-encoded.
    """
    if not text:
        return DEFAULT
    if text.startswith(_SQLITE):
        return Database(path=_sqlite_path(text))
    if text.startswith(_POSTGRES):
        return Database(postgres=_postgres_parameters(text))
    raise ValueError("does not start with sqlite:/// or postgres://")


def usable(database: Database) -> None:
    """Accept a PostgreSQL server, up or not, and a file that can be made or written.

    Raises ValueError. The default file is not looked at: nobody asked for it, and a read-only
    file system is no reason not to show the graph.
    """
    if database.path is None or not database.is_named:
        return
    folder = database.path.parent
    if not folder.is_dir():
        raise ValueError(f"the folder {folder} is not there; absolute paths have four slashes")
    # SQLite keeps its log of changes beside the file, so the file alone is not enough. Trying is
    # the only question that root, too, gets a true answer to.
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ValueError(f"the folder {folder} cannot be written ({error.strerror})") from None
    if database.path.exists():
        _accept_file(database.path)


def django_settings(database: Database) -> dict[str, Any]:
    """Return the entry of Django's DATABASES."""
    # Under ASGI a connection that outlives its request stays behind in a thread that is gone.
    common = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    if database.path is not None:
        options = {
            "timeout": _BUSY_S,
            # A transaction that reads first and writes later would fail at once, not wait.
            "transaction_mode": "IMMEDIATE",
            # Readers and the writer do not wait for each other; NORMAL loses nothing but the
            # last moments before a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        }
        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database.path)}
        return {**common, **sqlite, "OPTIONS": options}
    parameters = {
        "connect_timeout": str(_CONNECT_S),
        "application_name": "meshviz",
        # A server that vanished without a word is noticed within half a minute.
        "tcp_user_timeout": "30000",
        **database.postgres,
    }
    own = {django: parameters.pop(libpq, "") for django, libpq in _OWN_NAMES.items()}
    options = {**parameters, "pool": dict(_POOL)}
    return {**common, "ENGINE": "django.db.backends.postgresql", **own, "OPTIONS": options}


def _sqlite_path(text: str) -> Path:
    parts = urlsplit(text)
    if parts.netloc:
        raise ValueError("a host in the address; three slashes come before the path")
    if parts.query or parts.fragment:
        raise ValueError("something behind the path; SQLite is set up by meshviz")
    name = unquote(parts.path.removeprefix("/"))
    if not name or name.endswith("/") or "\0" in name:
        raise ValueError("no file named")
    if name == ":memory:":
        raise ValueError("what is kept in memory is lost with every request")
    return Path(name).absolute()


def _postgres_parameters(text: str) -> dict[str, str]:
    # A tenth of a second to import, for those who use it.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        found = {name: str(value) for name, value in conninfo_to_dict(text).items()}
    except ProgrammingError:
        raise ValueError("not an address that libpq takes (percent-encoding, parameters)") from None
    # Not what the name of a database looks like, but what a password does to an address.
    if not found.get("dbname") or re.search(r"[/@?#]", found["dbname"]):
        raise ValueError(
            "no NAME, or / ? # @ in it; in a password they are written %2F %3F %23 %40"
        )
    if not found.get("host"):
        raise ValueError("no HOST; a socket's folder is given by ?host=/var/run/postgresql")
    if not all(_is_port(port) for port in found.get("port", "5432").split(",")):
        raise ValueError("PORT is no number from 1 to 65535")
    if found.get("sslmode", "prefer") not in _SSL_MODES:
        raise ValueError(f"sslmode is none of {', '.join(_SSL_MODES)}")
    if not found.get("connect_timeout", "1").isdecimal():
        raise ValueError("connect_timeout is no whole number of seconds")
    return found


def _is_port(text: str) -> bool:
    # libpq takes an empty one among several for its default.
    return not text or (text.isdecimal() and text.isascii() and 0 < int(text) < 65536)


def _accept_file(path: Path) -> None:
    try:
        with path.open("r+b") as file:
            head = file.read(len(_SQLITE_HEAD))
    except OSError as error:
        raise ValueError(f"the file cannot be written ({error.strerror})") from None
    if head not in (b"", _SQLITE_HEAD):
        raise ValueError("the file holds something else than an SQLite database")
