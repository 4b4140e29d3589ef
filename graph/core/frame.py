"""Frames: what changed between two pictures, and the mirror that applies it.

`settle` keeps noise off the wire: an entity is sent again, whole, only when one of its numbers left
the band around what viewers already see, or anything but a number changed.
`apply` is what the browser does; it lives here too so that tests can prove `apply(diff) == after`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from graph.core.picture import Picture
from graph.core.wire import Delta, Drop, Edge, Node, Put, Snapshot

Entity = TypeVar("Entity", Node, Edge)

# Relative bands by the field's unit. Rates of a steady mesh swing by a few percent from tick to
# tick by chance alone; quantiles are interpolated inside buckets two to five times as wide.
_RATE_BAND = 0.04
_LATENCY_BAND = 0.10
# Ratios are compared on their own scale: 0.1 % and 0.2 % of errors look the same, 1 % and 2 % not.
_RATIO_BAND = 0.005
_BANDS: Mapping[str, float] = {
    **dict.fromkeys(("avg", "p50", "p90"), _LATENCY_BAND),
    **dict.fromkeys(("p95", "p99"), 0.20),  # the tail of a small sample is mostly chance
}
_RATIOS = frozenset({"error_ratio", "client_error_ratio", "ratio"})
# Rare outcomes on a busy edge: below this rate only their coming and going is news.
_SMALL_RATE = 0.05


def settle(before: Picture, after: Picture) -> Picture:
    """Return ``after`` with every entity that did not visibly change replaced by the old object."""
    return Picture(_settle(before.nodes, after.nodes), _settle(before.edges, after.edges))


def _settle(before: Mapping[str, Entity], after: Mapping[str, Entity]) -> dict[str, Entity]:
    return {
        key: before[key] if key in before and _looks_same(before[key], new) else new
        for key, new in after.items()
    }


def _looks_same(old: Any, new: Any, name: str = "") -> bool:
    """Tell whether two wire values look the same to a viewer."""
    if isinstance(new, dict):
        return isinstance(old, dict) and all(_looks_same(old[k], new[k], k) for k in new)
    if isinstance(new, list):
        return (
            isinstance(old, list)
            and len(old) == len(new)
            and all(_looks_same(a, b, name) for a, b in zip(old, new, strict=True))
        )
    if isinstance(new, float) and isinstance(old, float):
        return _within(old, new, name)
    return bool(old == new)


def _within(old: float, new: float, name: str) -> bool:
    if old == new:
        return True
    if (old == 0) != (new == 0):
        return False
    distance = abs(new - old)
    if name in _RATIOS:
        return distance <= _RATIO_BAND
    if name == "rps" and max(old, new) < _SMALL_RATE:
        return True
    return distance <= _BANDS.get(name, _RATE_BAND) * abs(old)


def diff(before: Picture, after: Picture) -> tuple[Put, Drop]:
    """Return what to put and what to drop so that ``before`` becomes ``after``."""
    put: Put = {
        "nodes": _changed(before.nodes, after.nodes),
        "edges": _changed(before.edges, after.edges),
    }
    drop: Drop = {
        "nodes": [key for key in before.nodes if key not in after.nodes],
        "edges": [key for key in before.edges if key not in after.edges],
    }
    return put, drop


def _changed(before: Mapping[str, Entity], after: Mapping[str, Entity]) -> list[Entity]:
    # `settle` hands unchanged entities over as the same object, which is quick to see.
    return [new for key, new in after.items() if (old := before.get(key)) is not new and old != new]


def apply(picture: Picture, frame: Snapshot | Delta) -> Picture:
    """Return the picture after a frame; a snapshot replaces everything."""
    if frame["type"] == "snapshot":
        return Picture(
            {node["id"]: node for node in frame["nodes"]},
            {edge["id"]: edge for edge in frame["edges"]},
        )
    nodes, edges = dict(picture.nodes), dict(picture.edges)
    nodes.update((node["id"], node) for node in frame["put"]["nodes"])
    edges.update((edge["id"], edge) for edge in frame["put"]["edges"])
    for key in frame["drop"]["nodes"]:
        nodes.pop(key, None)
    for key in frame["drop"]["edges"]:
        edges.pop(key, None)
    return Picture(nodes, edges)
