"""Whom limits count."""

from typing import Any


def limit_key(scope: Any) -> str:
    """Return the user who asks, or the address where nobody has signed in."""
    guest = scope.get("state", {}).get("guest")
    if guest is not None:
        return str(guest.key)
    client = scope.get("client")
    return client[0] if client else ""
