"""Which series are behind a node or an edge: matchers in Istio's names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal
from urllib.parse import unquote

from graph.core.outcomes import NEVER_REACHED
from graph.core.wire import Edge, Node
from graph.sources.naming import Matcher, escape
from graph.sources.promql import OPERATION

End = Literal["source", "destination"]

_ANSWERED_BY = frozenset(
    {
        "destination_workload",
        "destination_workload_namespace",
        "destination_canonical_service",
        "destination_canonical_revision",
        "destination_cluster",
    }
)
UNKNOWN = "unknown|"


def flagged(flags: Iterable[str]) -> Matcher:
    """Return the matcher for responses with any of Envoy's flags."""
    return ("response_flags", "=~", f"(.*,)?({'|'.join(sorted(flags))})(,.*)?")


def not_flagged(flags: Iterable[str]) -> Matcher:
    """Return the matcher for responses with none of Envoy's flags."""
    label, _, pattern = flagged(flags)
    return (label, "!~", pattern)


LOST = flagged(NEVER_REACHED)


def ends_of(edge: Edge, nodes: dict[str, Node], *, many_clusters: bool) -> list[Matcher]:
    """Return the matchers of an edge's two ends."""
    source, target = nodes[edge["source"]], nodes[edge["target"]]
    if source["kind"] == "operation":
        return at_end(source, "destination", nodes, many_clusters=many_clusters)
    return [
        *at_end(source, "source", nodes, many_clusters=many_clusters),
        *at_end(target, "destination", nodes, many_clusters=many_clusters),
    ]


def at_end(node: Node, end: End, nodes: dict[str, Node], *, many_clusters: bool) -> list[Matcher]:
    """Return the matchers that select one node at one end of a series."""
    if node["kind"] == "operation":
        _, target, operation = map(unquote, node["id"].split("/"))
        answering = at_end(nodes[target], "destination", nodes, many_clusters=many_clusters)
        return [*answering, (OPERATION, "=", operation)]
    matchers = list(_identity(node, end))
    if many_clusters and node["cluster"]:
        matchers.append((f"{end}_cluster", "=", node["cluster"]))
    return matchers


def _identity(node: Node, end: End) -> Iterator[Matcher]:
    namespace = node["namespace"] or ""
    if node["kind"] == "unknown":
        yield (f"{end}_workload", "=~", UNKNOWN)
        yield (f"{end}_canonical_service", "=~", UNKNOWN)
        if namespace:
            yield (f"{end}_workload_namespace", "=", namespace)
    elif node["kind"] == "namespace":
        yield (f"{end}_workload_namespace", "=", namespace)
    elif node["workload"]:
        yield _named(f"{end}_workload", node["workload"])
        yield (f"{end}_workload_namespace", "=", namespace)
    elif node["app"]:
        yield _named(f"{end}_canonical_service", node["app"])
        if node["version"]:
            yield (f"{end}_canonical_revision", "=", node["version"])
        yield (f"{end}_workload_namespace", "=", namespace)
    elif end == "destination":
        yield _service(node["service"] or node["name"])
        if namespace:
            yield ("destination_service_namespace", "=", namespace)
    else:
        yield _named("source_canonical_service", node["service"] or node["name"])
        yield ("source_workload_namespace", "=", namespace)


def _service(name: str) -> Matcher:
    if name == "InboundPassthroughCluster":  # older proxies append Ipv4 or Ipv6
        return ("destination_service_name", "=~", f"{name}.*")
    return _named("destination_service_name", name)


def _named(label: str, name: str) -> Matcher:
    """Return the matcher for a name, or for a family of names that goes by its pattern."""
    pattern = _pattern(name)
    return (label, "=", name) if pattern == escape(name) else (label, "=~", pattern)


def _pattern(name: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(sign) or escape(sign) for sign in name)


def mixer_0_ends(told: Mapping[str, str]) -> Iterator[Matcher]:
    """Yield the matchers by which Mixer 0.x knew the same ends: services by their hosts."""
    for end in ("source", "destination"):
        name = told.get(f"{end}_canonical_service")
        if name is not None:
            namespace = escape(told.get(f"{end}_workload_namespace", ""))
            yield (f"{end}_service", "=~", rf"{escape(name)}\.{namespace or '[^.]+'}\.svc\..*")


def asked_hosts(edges: Iterable[Edge]) -> list[Matcher]:
    """Return the matcher for the hosts that were asked for, none when they are not known."""
    hosts = sorted({host for edge in edges for host in edge["hosts"]})
    return [("destination_service", "=~", "|".join(map(escape, hosts)))] if hosts else []


def unanswered(where: Iterable[Matcher]) -> list[Matcher]:
    """Return matchers that also find requests for which no workload was ever chosen.

    Their destination is unknown, so the host that was asked for has to stand in for it.
    """
    return [_or_unknown(matcher) if matcher[0] in _ANSWERED_BY else matcher for matcher in where]


def _or_unknown(matcher: Matcher) -> Matcher:
    label, op, value = matcher
    # "latest" is what Istio writes for a revision that nobody said.
    nobody = f"latest|{UNKNOWN}" if label.endswith("_canonical_revision") else UNKNOWN
    return (label, "=~", f"{value if op == '=~' else escape(value)}|{nobody}")


def among_others(edges: list[Edge], end: End, nodes: Mapping[str, Node]) -> list[Matcher]:
    """Return matchers that leave out the other edges of a node; ``end`` is where the node is."""
    other: End = "destination" if end == "source" else "source"
    way: Literal["source", "target"] = "target" if end == "source" else "source"
    peers = [nodes[edge[way]] for edge in edges]
    workloads = sorted({peer["workload"] or "" for peer in peers})
    if all(workloads):
        return [(f"{other}_workload", "=~", "|".join(map(_pattern, workloads)))]
    apps = sorted({peer["app"] or "" for peer in peers})
    if all(apps):
        return [(f"{other}_canonical_service", "=~", "|".join(map(_pattern, apps)))]
    return asked_hosts(edges)
