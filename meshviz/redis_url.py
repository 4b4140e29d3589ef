"""Where Redis is: MESHVIZ_REDIS_URL, checked, and as Celery wants to have it."""

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ACCEPTED = (
    "redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER], rediss://... for TLS (with "
    "?ssl_ca_certs=FILE for a CA of your own), or unix://[USER:PASSWORD@]/PATH[?db=NUMBER]"
)
_FOR_TLS = {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """The address of a Redis. ``text`` may hold a password; ``str()`` never does."""

    text: str = field(repr=False)

    def __str__(self) -> str:
        return re.sub(r"//[^/]*@", "//***@", self.text)

    @property
    def broker(self) -> tuple[str, dict[str, Any] | None]:
        """The address as Celery writes it, and what it has to know about TLS."""
        parts = urlsplit(self.text)
        query = dict(parse_qsl(parts.query))
        if parts.scheme == "unix":
            database = query.get("db", 0)
            return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}", None
        bare = parts._replace(query="").geturl()
        if parts.scheme == "redis":
            return bare, None
        return bare, {"ssl_cert_reqs": ssl.CERT_REQUIRED, **query}


def parse(text: str) -> RedisUrl | None:
    """Return the address, None for an empty text. Raises ValueError."""
    if not text:
        return None
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("does not start with redis://, rediss:// or unix://")
    if any(character.isspace() for character in text):
        raise ValueError("a space in the address")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("not an address (bad port or brackets)") from None
    if port == 0:
        raise ValueError("there is no port 0")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.fragment:
        raise ValueError("something behind a #; in a password write %23")
    if parts.scheme == "unix":
        _check_socket(parts.path, query, host)
    else:
        _check_server(parts.path, query, host, _FOR_TLS if parts.scheme == "rediss" else set())
    return RedisUrl(text)


def _check_server(path: str, query: dict[str, str], host: str | None, known: set[str]) -> None:
    if not host:
        raise ValueError("no host in the address")
    if not re.fullmatch(r"/?|/[0-9]{1,3}", path):
        raise ValueError("something other than the number of a database behind the host")
    _refuse_unknown(query, known)
    for name, value in query.items():
        if not Path(value).is_file():
            raise ValueError(f"{name} names no file")


def _check_socket(path: str, query: dict[str, str], host: str | None) -> None:
    if host or path in ("", "/"):
        raise ValueError("no path of a socket; it begins with a third slash")
    _refuse_unknown(query, {"db"})
    if not re.fullmatch(r"[0-9]{1,3}", query.get("db", "0")):
        raise ValueError("db is not the number of a database")


def _refuse_unknown(query: dict[str, str], known: set[str]) -> None:
    if unknown := sorted(set(query) - known):
        raise ValueError(f"{unknown[0]} is nothing that this address can say")
