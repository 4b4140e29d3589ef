"""What names say: which workloads are Istio's own proxies, and which names are one family."""

import re
from collections.abc import Collection
from fnmatch import fnmatchcase

from graph.core.wire import NodeKind

# Names that Istio's installers and its gateway controller give to gateways: there is no label
# that says "gateway" in the request metrics.
_GATEWAY_NAME = re.compile(r"(^|-)((in|e)gress-?)?gateway(-(istio|v?\d+))?$|^istio-\w*gateway")
_WAYPOINT_NAME = re.compile(r"(^|-)waypoint(-proxy)?$")


def matches(pattern: str, namespace: str, name: str) -> bool:
    """Tell whether a pattern ``[namespace/]name`` with ``*`` and ``?`` means this name."""
    where, slash, what = pattern.rpartition("/")
    return fnmatchcase(name, what) and (not slash or fnmatchcase(namespace, where))


def grouped(namespace: str, name: str, groups: tuple[str, ...]) -> str:
    """Return the family that the name belongs to, written as its pattern; else the name."""
    if name:
        for pattern in groups:
            if matches(pattern, namespace, name):
                return family_name(pattern)
    return name


def family_name(pattern: str) -> str:
    """Return what the family of a pattern goes by: the pattern itself, without a namespace."""
    return pattern.rpartition("/")[2]


def proxy_kind(
    namespace: str,
    workload: str,
    *,
    waypoints: tuple[str, ...] = (),
    gateways: tuple[str, ...] = (),
    found_waypoints: Collection[tuple[str, str]] = (),
) -> NodeKind:
    """Return "waypoint" or "gateway" for one of Istio's own proxies, else "workload".

    What the operator says comes first, then what scrape labels told, then the name.
    """
    if any(matches(pattern, namespace, workload) for pattern in waypoints):
        return "waypoint"
    if any(matches(pattern, namespace, workload) for pattern in gateways):
        return "gateway"
    if (namespace, workload) in found_waypoints or _WAYPOINT_NAME.search(workload):
        return "waypoint"
    return "gateway" if _GATEWAY_NAME.search(workload) else "workload"
