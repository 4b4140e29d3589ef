"""Which namespaces somebody may see: patterns of names, of which every list has to let one in.

    EVERYTHING          no list: whoever asks sees the whole mesh
    (("shop", "ui-*"),) one list: these, and nothing else
    (("shop*",), ("shop-eu",))  two: what both let in

It is a plain value, so that those who may see the same share what is drawn for them.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import translate
from functools import lru_cache
from urllib.parse import unquote

Permit = tuple[tuple[str, ...], ...]

EVERYTHING: Permit = ()
NOTHING: Permit = ((),)

_ANY = "*"
# What comes behind service, or a pod's address, and namespace in a host.
_CLUSTERS_OWN = frozenset({"svc", "pod", "global"})
# What stands between hosts, ports, schemes and paths, in whatever form somebody wrote them.
_BETWEEN = re.compile(r"[^\w.-]+")


def permit_of(patterns: Iterable[str]) -> Permit:
    """Return the permit to see what any of the patterns fits; ``*`` stands for any text."""
    wanted = tuple(sorted(set(patterns)))
    return EVERYTHING if _ANY in wanted else (wanted,)


def allows(permit: Permit, namespace: str) -> bool:
    """Tell whether a namespace may be seen. Without a name it is nobody's: only all may see it."""
    return not permit or (bool(namespace) and _allows(permit, namespace))


def covers(wide: Permit, narrow: Permit) -> bool:
    """Tell whether ``wide`` lets in all that ``narrow`` does, as far as their texts show it."""
    if not narrow:
        return not wide
    return all(any(set(mine) <= set(theirs) for mine in narrow) for theirs in wide)


def names_seen(permit: Permit, namespaces: Iterable[str]) -> tuple[str, ...]:
    """Return those of the namespaces that may be seen."""
    return tuple(name for name in namespaces if allows(permit, name))


def principals_seen(permit: Permit, weights: Mapping[str, float]) -> Mapping[str, float]:
    """Return those of the SPIFFE identities that are in namespaces which may be seen."""
    if not permit:
        return weights
    return {
        name: weight
        for name, weight in weights.items()
        if allows(permit, principal_namespace(name))
    }


def hosts_seen(
    permit: Permit, weights: Mapping[str, float], namespaces: Collection[str]
) -> Mapping[str, float]:
    """Return the hosts but for those of services whose namespace may not be seen.

    ``namespaces`` are all that are known.
    """
    if not permit:
        return weights
    places = {name: host_namespace(name, namespaces) for name in weights}
    return {
        name: weight
        for name, weight in weights.items()
        if not places[name] or allows(permit, places[name])
    }


@lru_cache(maxsize=65_536)
def _allows(permit: Permit, namespace: str) -> bool:
    return all(_pattern(patterns).fullmatch(namespace) for patterns in permit)


@lru_cache(maxsize=1024)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")


def host_namespace(host: str, namespaces: Collection[str] = ()) -> str:
    """Return the namespace in the host of a service of the cluster; "" for any other host.

    Also of a pod (``pod-0.service.namespace.svc...``, ``10-0-0-1.namespace.pod...``), in Envoy's
    own spellings (``outbound_.80_._.service.namespace.svc...``), anywhere in an address, with a
    port, in any case of letters; and of ``service.namespace`` if the namespace is among those that
    are known.
    """
    words = _BETWEEN.split(unquote(host).lower())
    return next(filter(None, (_namespace_in(word, namespaces) for word in words)), "")


def _namespace_in(name: str, namespaces: Collection[str]) -> str:
    parts = name.rstrip(".").split(".")
    for place in range(2, len(parts)):
        if parts[place] in _CLUSTERS_OWN:
            return parts[place - 1]
    return parts[1] if len(parts) == 2 and parts[1] in namespaces else ""


def principal_namespace(principal: str) -> str:
    """Return the namespace in a SPIFFE identity (``.../ns/NAME/sa/NAME``); "" if it has none."""
    _, _, behind = principal.partition("/ns/")
    return behind.partition("/")[0]
