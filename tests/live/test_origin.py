"""Which pages may open the websocket."""

import pytest

from graph.live.origin import is_allowed

EXTRA = frozenset({"https://mesh.example.com", "http://other.example:8080"})


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "allowed"),
    [
        ("http://localhost:8000", "localhost:8000", "ws", True),
        ("http://LOCALHOST:8000", "localhost:8000", "ws", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "ws", True),
        ("http://[::1]:8000", "[::1]:8000", "ws", True),
        ("http://mesh.local", "mesh.local:80", "ws", True),
        ("https://mesh.local", "mesh.local", "wss", True),
        ("https://mesh.local:443", "mesh.local", "wss", True),
        ("https://mesh.example.com", "127.0.0.1:8000", "ws", True),
        ("http://other.example:8080", "127.0.0.1:8000", "ws", True),
        ("http://localhost:3000", "localhost:8000", "ws", False),
        ("http://localhost", "localhost:8000", "ws", False),
        ("https://localhost:8000", "localhost:8000", "ws", False),
        ("http://localhost:8000", "127.0.0.1:8000", "ws", False),
        ("http://localhost:8000", "localhost:8000", "wss", False),
        ("http://evil.example", "localhost:8000", "ws", False),
        ("http://localhost:8000.evil.example", "localhost:8000", "ws", False),
        ("http://localhost:8000@evil.example", "localhost:8000", "ws", False),
        ("http://evil@localhost:8000", "localhost:8000", "ws", False),
        ("http://localhost:8000/", "localhost:8000", "ws", False),
        ("http://mesh.example.com", "127.0.0.1:8000", "ws", False),
        ("https://other.example:8080", "127.0.0.1:8000", "ws", False),
        ("https://sub.mesh.example.com", "127.0.0.1:8000", "ws", False),
        ("null", "localhost:8000", "ws", False),
        ("", "localhost:8000", "ws", False),
        ("file://", "localhost:8000", "ws", False),
        ("chrome-extension://abcdef", "localhost:8000", "ws", False),
        ("http://localhost:port", "localhost:8000", "ws", False),
    ],
)
def test_origin_must_be_the_address_we_are_called_by(
    origin: str, host: str, scheme: str, allowed: bool
) -> None:
    assert is_allowed([origin], [host], scheme, EXTRA) is allowed


def test_client_without_origin_is_no_browser() -> None:
    assert is_allowed([], ["localhost:8000"], "ws", EXTRA)


def test_two_origins_or_hosts_are_refused() -> None:
    same = "http://localhost:8000"

    assert not is_allowed([same, same], ["localhost:8000"], "ws", EXTRA)
    assert not is_allowed([same], ["localhost:8000", "localhost:8000"], "ws", EXTRA)
    assert not is_allowed([same], [], "ws", EXTRA)
