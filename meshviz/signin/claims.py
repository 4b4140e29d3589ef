"""Who somebody is, by what a provider says of them.

Nameless   it does not say enough; the text says what is missing
"""

from collections.abc import Mapping
from typing import Any

from meshviz.config import Config

_MOST_NAME = 150  # as Django's users have them
_MOST_GROUPS = 1000
_MOST_GROUP = 300


class Nameless(Exception):
    """The claims name nobody."""


class Claims:
    """The claims of one sign-in."""

    def __init__(self, told: Mapping[str, Any], wanted: Config) -> None:
        self._told = told
        self._wanted = wanted

    @property
    def name(self) -> str:
        """What the person is called here. Raises Nameless."""
        claim = self._wanted.oidc_user_claim
        name = _within(self._told, claim)
        if not isinstance(name, str) or not 1 <= len(name) <= _MOST_NAME or not name.isprintable():
            raise Nameless(f"no usable claim {claim}")
        # Whoever may write any address into their account would be anybody.
        if claim == "email" and self._told.get("email_verified") not in (True, "true"):
            raise Nameless("the e-mail address is not a verified one")
        return name

    @property
    def groups(self) -> list[str]:
        """The groups that the person is in."""
        told = _within(self._told, self._wanted.oidc_groups_claim)
        found = [told] if isinstance(told, str) else told if isinstance(told, list) else []
        names = [one for one in found if isinstance(one, str) and 1 <= len(one) <= _MOST_GROUP]
        return names[:_MOST_GROUPS]


def _within(told: Mapping[str, Any], claim: str) -> Any:
    """Return a claim; where there is none of the name, dots lead into objects."""
    if claim in told:
        return told[claim]
    found: Any = told
    for part in claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
