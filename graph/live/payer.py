"""Whom limits count."""

from typing import Any

from graph.live.guest import address_of, guest_of


def limit_key(scope: Any) -> str:
    """Return the user who asks, or the address of whoever has no name."""
    return guest_of(scope).key if "guest" in scope["state"] else address_of(scope)
