"""Frames: what changed between two pictures, and the mirror that applies it.

`settle` keeps noise off the wire: an entity is sent again, whole, only when one of its numbers
changed by more than chance explains (`noise`), or anything but a number changed.
`apply` is what the browser does; it lives here too so that tests can prove `apply(diff) == after`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from graph.core.noise import is_noise, is_noise_between_means
from graph.core.picture import Picture
from graph.core.wire import Delta, Drop, Edge, Gap, Node, Put, Response, Side, Snapshot

Entity = TypeVar("Entity", Node, Edge)


def settle(before: Picture, after: Picture, window_s: int) -> Picture:
    """Return ``after`` with every entity that did not visibly change replaced by the old object."""
    return Picture(
        _settle(before.nodes, after.nodes, window_s), _settle(before.edges, after.edges, window_s)
    )


def _settle(
    before: Mapping[str, Entity], after: Mapping[str, Entity], window_s: int
) -> dict[str, Entity]:
    return {
        key: before[key]
        if key in before and _same_fields(before[key], new, window_s, None)
        else new
        for key, new in after.items()
    }


def _same_fields(old: Any, new: Any, window_s: int, requests: float | None) -> bool:
    """Tell whether two objects of the wire look the same to a viewer.

    ``requests`` is how many stand behind the numbers of the object that this one is part of.
    """
    rate = _rate(old)
    counted = rate * window_s if rate else requests
    for name, value in new.items():
        before = old[name]
        # Most fields are equal, or numbers: nothing else is done at every tick for all of them.
        if value == before if type(value) is not dict else value is before:
            continue
        if name == "gap":
            if not _same_gap(before, value, new["client"], window_s, counted):
                return False
        elif not _same(name, before, value, window_s, counted):
            return False
    return True


def _same_gap(
    old: Gap | None, new: Gap | None, client: Side | None, window_s: int, requests: float | None
) -> bool:
    """Tell whether the two sides of an edge differ about as before."""
    if old is None or new is None or client is None:
        return old == new
    then, now = old["network_ms"], new["network_ms"]
    if then is None or now is None:
        same = then == now
    else:
        same = is_noise_between_means(then, now, client["latency_ms"]["avg"], requests)
    return same and _same_fields(old, {**new, "network_ms": then}, window_s, requests)


def _rate(entity: Any) -> float | None:
    """Return what the numbers of an object rest on: its requests, connections, or answers."""
    rate = entity.get("rps") or entity.get("connections_per_s")
    if rate is None and "in" in entity:
        rate = entity["in"]["rps"]
    return cast("float | None", rate)


def _same(name: str, old: Any, new: Any, window_s: int, requests: float | None) -> bool:
    if isinstance(new, float) and isinstance(old, float):
        return is_noise(name, old, new, requests)
    if isinstance(new, dict) and isinstance(old, dict):
        return _same_fields(old, new, window_s, requests)
    if name == "responses":
        return _same_outcomes(old, new, window_s)
    return False  # equal ones are not even asked about


def _same_outcomes(old: list[Response], new: list[Response], window_s: int) -> bool:
    """Tell whether the same outcomes came, about as often."""
    return len(old) == len(new) and all(
        before["code"] == after["code"]
        and before["flags"] == after["flags"]
        and is_noise("outcome_rps", before["rps"], after["rps"], before["rps"] * window_s)
        for before, after in zip(old, new, strict=True)
    )


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
