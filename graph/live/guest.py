"""Who asks: what they are called, what they may do, and which namespaces they may see.

Whatever lets somebody in (`meshviz.signin`) puts a guest into ``scope["state"]``. Where nobody
signs in, everybody is an anonymous guest who may see all; where people do, whoever has not been let
in yet is nobody, who may see nothing.
"""

from dataclasses import dataclass
from typing import Any, cast

from graph.core.permit import EVERYTHING, NOTHING, Permit
from graph.core.wire import Role

_KEY = "guest"
_RANK: dict[Role, int] = {"viewer": 0, "editor": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody, for as long as one request or one socket lasts.

    ``key`` is what limits are counted by: the person, or the address where nobody has a name.
    """

    name: str | None
    key: str
    role: Role
    permit: Permit

    def may(self, role: Role) -> bool:
        """Tell whether they may do what is for this role, or for one above it."""
        return _RANK[self.role] >= _RANK[role]


def lesser(one: Role, other: Role) -> Role:
    """Return the role of the two that may do less."""
    return min(one, other, key=_RANK.__getitem__)


def greater(one: Role, other: Role) -> Role:
    """Return the role of the two that may do more."""
    return max(one, other, key=_RANK.__getitem__)


def address_of(scope: Any) -> str:
    """Return the address that a connection comes from; "" where it has none."""
    client = scope.get("client")
    return client[0] if client else ""


def anybody(scope: Any) -> Guest:
    """Return the guest of a meshviz where nobody signs in."""
    return Guest(None, f"address {address_of(scope)}", "admin", EVERYTHING)


def nobody(scope: Any) -> Guest:
    """Return the guest who has not been let in."""
    return Guest(None, f"address {address_of(scope)}", "viewer", NOTHING)


def welcome(scope: Any, guest: Guest) -> None:
    """Say who asks, for all that see this request or socket from here on."""
    scope["state"][_KEY] = guest


def guest_of(scope: Any) -> Guest:
    """Return who asks."""
    return cast(Guest, scope["state"][_KEY])
