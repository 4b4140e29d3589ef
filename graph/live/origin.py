"""Which web pages may open the websocket.

Browsers let any page open a websocket to any address, and loopback is no protection: a page on
another localhost port is "same site" and even gets cookies sent. So the rule is exact: scheme,
host and port of the page must be those by which this server was called, or be listed by the
operator. Browsers always send Origin; a client without one is not a browser and no page's tool.
"""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_PAGE_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}


def is_allowed(
    origins: Sequence[str], hosts: Sequence[str], scheme: str, extra: Collection[str]
) -> bool:
    """Return whether a handshake with these Origin and Host headers may go on."""
    if not origins:
        return True
    if len(origins) != 1 or len(hosts) != 1:
        return False
    page = _address(origins[0])
    if page is None:
        return False
    own = _address(f"{_PAGE_SCHEMES[scheme]}://{hosts[0]}")
    return page == own or page in {_address(origin) for origin in extra}


def _address(origin: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port; None for what is no web origin ("null" is none)."""
    try:
        parts = urlsplit(origin.lower())
        port = parts.port
    except ValueError:
        return None
    # An origin has nothing behind its port and no user before its host.
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    if parts.path or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
