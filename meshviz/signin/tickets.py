"""What a request shows of who it comes from, before anybody has looked it up."""

import hmac
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from django.http import parse_cookie

from graph.live.guest import address_of
from graph.live.replies import header_values
from graph.sources.access import secret_text
from meshviz.config import Config

PROXY_SECRET = b"x-meshviz-proxy-secret"
_BEARER = "bearer "
_MOST_NAME = 150  # as Django's users have them
_MOST_GROUPS = 1000


class BySession(NamedTuple):
    """The key of a session, from a cookie."""

    key: str


class ByToken(NamedTuple):
    """A token of the API, from the header Authorization."""

    token: str


class ByProxy(NamedTuple):
    """A name and groups, from the headers of a proxy that is believed."""

    name: str
    groups: tuple[str, ...]


Ticket = BySession | ByToken | ByProxy


class Counter:
    """Where tickets are shown: it knows how people sign in here."""

    def __init__(self, wanted: Config, cookie_name: str) -> None:
        self._wanted = wanted
        self._cookie_name = cookie_name

    def ticket(self, scope: Any) -> Ticket | None:
        """Return what the scope of a request or a socket shows; None for nothing that counts.

        Who shows a token is who the token is for, whatever else comes along.
        """
        bearers = header_values(scope, b"authorization")
        if bearers:
            is_one = len(bearers) == 1 and bearers[0].lower().startswith(_BEARER)
            return ByToken(bearers[0][len(_BEARER) :].strip()) if is_one else None
        if self._wanted.sign_in == "proxy":
            return self._by_proxy(scope)
        return self._by_session(scope)

    def _by_session(self, scope: Any) -> BySession | None:
        key = None
        for header in header_values(scope, b"cookie"):
            key = parse_cookie(header).get(self._cookie_name, key)
        return BySession(key) if key else None

    def _by_proxy(self, scope: Any) -> ByProxy | None:
        if not self._is_proxy(scope):
            return None
        names = header_values(scope, self._wanted.proxy_user_header.encode())
        name = _text(names[0]) if len(names) == 1 else ""
        if not 1 <= len(name) <= _MOST_NAME or not name.isprintable():
            return None
        told = header_values(scope, self._wanted.proxy_groups_header.encode())
        if len(told) > 1:
            # A proxy that adds its header to a client's: which groups are whose, nobody knows.
            return None
        return ByProxy(name, _groups(_text(told[0]) if told else ""))

    def _is_proxy(self, scope: Any) -> bool:
        wanted = self._wanted
        if wanted.trusted_proxies and not _is_within(address_of(scope), wanted):
            return False
        secret = _secret(wanted.proxy_secret, wanted.proxy_secret_file)
        if secret is None:
            return bool(wanted.trusted_proxies)
        shown = header_values(scope, PROXY_SECRET)
        return len(shown) == 1 and hmac.compare_digest(shown[0].encode(), secret.encode())


def _secret(text: str | None, path: Path | None) -> str | None:
    return secret_text(path) if path else text


def _is_within(address: str, wanted: Config) -> bool:
    try:
        found = ip_address(address)
    except ValueError:  # a socket of this machine has none
        return False
    # A socket that listens on IPv6 sees IPv4 this way.
    found = getattr(found, "ipv4_mapped", None) or found
    return any(
        found.version == network.version and found in network for network in wanted.trusted_proxies
    )


def _text(header: str) -> str:
    """Return a header as UTF-8, which proxies send, although a header is Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8").strip()
    except UnicodeDecodeError:
        return ""


def _groups(text: str) -> tuple[str, ...]:
    names: Sequence[str] = [name.strip() for name in text.split(",")]
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST_GROUPS]
