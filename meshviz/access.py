"""The text of an access file to rules: which role and which namespaces groups and people have.

    everyone:                      # whoever signs in; absent: a viewer of nothing
      role: viewer
      namespaces: [shop]
    groups:
      shop-team: {role: editor, namespaces: [shop, "shop-*"]}
    users:
      ada: {role: admin, namespaces: ["*"]}

Somebody has the highest role and all the namespaces of everything that fits them.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from graph.core.permit import EVERYTHING, Permit, permit_of
from graph.core.strict_yaml import Place, read
from graph.core.wire import Role
from graph.live.guest import greater

_ROLES: tuple[Role, ...] = get_args(Role)
_MOST_PATTERNS = 1000
_MOST_NAME = 300
# Kubernetes' names are simpler, but those of other registries come as labels, too.
_PATTERN = re.compile(r"\S{1,300}")


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do and see."""

    role: Role
    permit: Permit


@dataclass(frozen=True, slots=True)
class Share:
    """What one line of the file adds to somebody's rights."""

    role: Role = "viewer"
    namespaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What a file says."""

    everyone: Share = Share()
    groups: Mapping[str, Share] = field(default_factory=dict)
    users: Mapping[str, Share] = field(default_factory=dict)

    def of(self, name: str, groups: Collection[str], *, is_superuser: bool = False) -> Rights:
        """Return the rights of a person; a superuser has all."""
        if is_superuser:
            return Rights("admin", EVERYTHING)
        shares = [self.everyone, *(self.groups[one] for one in groups if one in self.groups)]
        if name in self.users:
            shares.append(self.users[name])
        return _together(shares)


# Without a file: as long as nobody says otherwise, who signs in sees the mesh and saves views.
OPEN = AccessRules(Share("editor", frozenset({"*"})))


def read_access(text: str, name: str) -> AccessRules:
    """Return the rules of a file's text; ``name`` is what errors call it. Raises FileError."""
    root = read(text, name, "everyone, groups and users are accepted")
    fields = root.fields("everyone", "groups", "users")
    everyone, groups, users = (fields.get(key) for key in ("everyone", "groups", "users"))
    return AccessRules(
        _share(everyone) if everyone else Share(),
        _named(groups) if groups else {},
        _named(users) if users else {},
    )


def _named(place: Place) -> Mapping[str, Share]:
    return {name: _share(entry) for name, entry in place.named(_MOST_NAME).items()}


def _share(place: Place) -> Share:
    fields = place.fields("role", "namespaces")
    role, namespaces = fields.get("role"), fields.get("namespaces")
    if role is None and namespaces is None:
        raise place.error("a role, namespaces or both are needed")
    return Share(_role(role) if role else "viewer", _patterns(namespaces))


def _role(place: Place) -> Role:
    for role in _ROLES:
        if place.text() == role:
            return role
    raise place.error(f"one of {', '.join(_ROLES)} is accepted")


def _patterns(place: Place | None) -> frozenset[str]:
    if place is None:
        return frozenset()
    found = []
    for entry in place.items():
        text = entry.text()
        if not is_pattern(text):
            raise entry.error('a namespace is accepted, or a pattern of names: "shop-*"')
        found.append(text)
    if len(found) > _MOST_PATTERNS:
        raise place.error(f"{len(found)} are too many: at most {_MOST_PATTERNS}")
    return frozenset(found)


def is_pattern(text: str) -> bool:
    """Tell whether a text is a namespace, or a pattern that one can fit."""
    return text.isprintable() and _PATTERN.fullmatch(text) is not None


def _together(shares: Iterable[Share]) -> Rights:
    role: Role = "viewer"
    namespaces: set[str] = set()
    for share in shares:
        role = greater(role, share.role)
        namespaces |= share.namespaces
    return Rights(role, permit_of(namespaces))
