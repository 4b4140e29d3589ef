"""Queries a minute with many viewers and namespaces against one viewer of everything."""

from collections.abc import Iterator, Sequence
from itertools import combinations, cycle, islice

from bench.crowd import Outcome, Scope, watch
from bench.figures import Figure
from bench.stack import Mesh, note, running_mesh

_SERVICES = 60  # beside the named ones, for their namespaces
_SCRAPE_S = 5.0
_WINDOW_S = 60
_VIEWERS = 100
_SCOPES = 50
# Ideal is 1; of two dozen ticks one more or less falls into the time by chance.
_BUDGET = 1.1


def measure(seconds: float) -> list[Figure]:
    """Return what more viewers and more namespaces cost Prometheus."""
    with running_mesh(services=_SERVICES, scrape_interval_s=_SCRAPE_S) as mesh:
        note("viewers: filling Prometheus")
        mesh.wait_for_history(_WINDOW_S)
        everything: Scope = ()
        scopes = list(islice(cycle(_some_scopes(mesh)), _VIEWERS))
        one = _watch(mesh, [everything], seconds)
        many = _watch(mesh, [everything] * _VIEWERS, seconds)
        scoped = _watch(mesh, scopes, seconds)
    return [
        _figure(f"queries, {_VIEWERS} viewers", many, one),
        _figure(f"queries, {_VIEWERS} viewers of {len(set(scopes))} scopes", scoped, one),
    ]


def _watch(mesh: Mesh, scopes: Sequence[Scope], seconds: float) -> Outcome:
    name = f"{len(scopes)} viewers of {len(set(scopes))} scopes"
    return watch(mesh, name, scopes, seconds)


def _figure(what: str, crowd: Outcome, one: Outcome) -> Figure:
    return Figure(
        what,
        f"{crowd.queries_per_minute:.0f} a minute",
        f"1 viewer: {one.queries_per_minute:.0f} a minute",
        crowd.queries_per_minute / one.queries_per_minute,
        _BUDGET,
    )


def _some_scopes(mesh: Mesh) -> list[Scope]:
    """Return different namespace filters that have traffic: singles, pairs, triples ..."""
    found = mesh.labels("destination_workload_namespace") - {"unknown", ""}
    return list(islice(_combinations(sorted(found)), _SCOPES))


def _combinations(names: Sequence[str]) -> Iterator[Scope]:
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)
