"""The PromQL behind each number of one node or edge, ready to paste into Prometheus.

Written for a reader: the queries select the one entity instead of grouping the whole mesh, and ask
Prometheus itself for quantiles. They give the numbers that meshviz shows, up to rounding.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from graph.core.outcomes import NEVER_REACHED
from graph.core.wire import Edge, Node, Queries, Query, Snapshot
from graph.sources.base import Source
from graph.sources.promql import selector

Matcher = tuple[str, str, str]
Reporter = Literal["source", "destination", "waypoint"]
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
_QUANTILES = (("p50", "0.5"), ("p90", "0.9"), ("p95", "0.95"), ("p99", "0.99"))
_OUTCOME = "request_protocol, response_code, grpc_response_status, response_flags"
_LOST = (
    "response_flags",
    "=~",
    "(.*,)?(" + "|".join(sorted(NEVER_REACHED)) + ")(,.*)?",
)
_HTTP_ERRORS: Matcher = ("response_code", "=~", "0|5..")
_GRPC_ERRORS: Matcher = ("grpc_response_status", "!~", "0|")


class _Line(NamedTuple):
    """A query before it is given its link."""

    field: str
    meaning: str
    reporter: Reporter
    promql: str


def explain(source: Source, view: Snapshot, *, node: str | None, edge: str | None) -> Queries:
    """Return the queries behind one node or edge of the view.

    Raises KeyError when the view does not have it.
    """
    writer = _Writer(view)
    name = edge if edge is not None else node or ""
    lines = writer.edge(name) if edge is not None else writer.node(name)
    return {
        "id": name,
        "at": view["at"],
        "window_s": view["window_s"],
        "queries": [_link(source, line, view["at"]) for line in lines],
    }


def _link(source: Source, line: _Line, at: float) -> Query:
    return {
        "field": line.field,
        "meaning": line.meaning,
        "reporter": line.reporter,
        "promql": line.promql,
        "url": source.page_url(line.promql, at),
    }


class _Writer:
    def __init__(self, view: Snapshot) -> None:
        self._nodes = {node["id"]: node for node in view["nodes"]}
        self._edges = {edge["id"]: edge for edge in view["edges"]}
        self._window_s = view["window_s"]
        clusters = {node["cluster"] for node in view["nodes"] if node["cluster"]}
        self._many_clusters = len(clusters) > 1

    def edge(self, name: str) -> Iterator[_Line]:
        edge = self._edges[name]
        ends = [
            *self._matchers(self._nodes[edge["source"]], "source"),
            *self._matchers(self._nodes[edge["target"]], "destination"),
        ]
        return self._tcp(edge, ends) if edge["protocol"] == "tcp" else self._requests(edge, ends)

    def node(self, name: str) -> Iterator[_Line]:
        node = self._nodes[name]
        inbound = [edge for edge in self._edges.values() if edge["target"] == name]
        outbound = [edge for edge in self._edges.values() if edge["source"] == name]
        yield from self._node_side(self._matchers(node, "destination"), inbound, "in")
        yield from self._node_side(self._matchers(node, "source"), outbound, "out")

    def _node_side(
        self, ends: list[Matcher], edges: list[Edge], side: Literal["in", "out"]
    ) -> Iterator[_Line]:
        calls = "calls to it" if side == "in" else "calls from it"
        protocols = {edge["protocol"] for edge in edges}
        for reporter in _node_reporters(edges):
            where: list[Matcher] = [("reporter", "=", reporter), *ends]
            by = f"counted by the {reporter} proxies"
            if protocols & {"http", "grpc"}:
                yield _Line(
                    f"{side}.rps",
                    f"HTTP and gRPC {calls}, {by}",
                    reporter,
                    self._rate("istio_requests_total", where, by="request_protocol"),
                )
                yield _Line(
                    f"{side}.error_ratio",
                    f"{calls} by outcome, {by}; 5xx, no response and gRPC status 1-16 are errors",
                    reporter,
                    self._rate("istio_requests_total", where, by=_OUTCOME),
                )
            if "tcp" in protocols:
                yield from self._tcp_bytes(where, reporter, f"{side}.")

    def _requests(self, edge: Edge, ends: list[Matcher]) -> Iterator[_Line]:
        protocol: Matcher = ("request_protocol", "=", edge["protocol"])
        for reporter in _edge_reporters(edge):
            where: list[Matcher] = [("reporter", "=", reporter), *ends, protocol]
            yield from self._outcomes(edge, where, reporter)
            if not (edge["reporter"] == "mixed" and reporter == "source"):
                yield from self._latency(where, reporter)
                yield from self._volume(edge, where, reporter)

    def _outcomes(self, edge: Edge, where: list[Matcher], reporter: Reporter) -> Iterator[_Line]:
        only_lost = edge["reporter"] == "mixed" and reporter == "source"
        meaning = (
            "failures that only the calling proxy saw, added to the server's count"
            if only_lost
            else f"requests that ended, counted by the {reporter} proxy"
        )
        counted = [*_unanswered(where, edge["hosts"]), _LOST] if only_lost else where
        yield _Line("rps", meaning, reporter, self._rate("istio_requests_total", counted))
        error = _GRPC_ERRORS if edge["protocol"] == "grpc" else _HTTP_ERRORS
        yield _Line(
            "error_ratio",
            f"failed requests per second ({meaning}); divide by the rps above",
            reporter,
            self._rate("istio_requests_total", [*counted, error]),
        )
        yield _Line(
            "responses",
            "requests by response code, gRPC status and Envoy's flags",
            reporter,
            self._rate("istio_requests_total", counted, by=_OUTCOME),
        )
        if reporter != "source":
            yield _Line(
                "mtls",
                "requests by security policy; only the server's proxy knows it",
                reporter,
                self._rate("istio_requests_total", where, by="connection_security_policy"),
            )

    def _latency(self, where: list[Matcher], reporter: Reporter) -> Iterator[_Line]:
        metric = "istio_request_duration_milliseconds"
        side = "by the server's proxy" if reporter != "source" else "by the caller's proxy"
        yield _Line(
            "latency_ms.avg",
            f"mean response time in milliseconds, measured {side}",
            reporter,
            f"{self._rate(metric + '_sum', where)} / {self._rate(metric + '_count', where)}",
        )
        for name, quantile in _QUANTILES:
            buckets = self._rate(metric + "_bucket", where, by="le")
            yield _Line(
                f"latency_ms.{name}",
                f"{name} of the response time in milliseconds, measured {side}",
                reporter,
                f"histogram_quantile({quantile}, {buckets})",
            )

    def _volume(self, edge: Edge, where: list[Matcher], reporter: Reporter) -> Iterator[_Line]:
        yield _Line(
            "sent_bps",
            "response bytes per second",
            reporter,
            self._rate("istio_response_bytes_sum", where),
        )
        yield _Line(
            "received_bps",
            "request bytes per second",
            reporter,
            self._rate("istio_request_bytes_sum", where),
        )
        if edge["protocol"] == "grpc":
            # Message counters have no request_protocol label.
            bare = [matcher for matcher in where if matcher[0] != "request_protocol"]
            yield _Line(
                "sent_mps",
                "gRPC response messages per second",
                reporter,
                self._rate("istio_response_messages_total", bare),
            )
            yield _Line(
                "received_mps",
                "gRPC request messages per second",
                reporter,
                self._rate("istio_request_messages_total", bare),
            )

    def _tcp(self, edge: Edge, ends: list[Matcher]) -> Iterator[_Line]:
        for reporter in _edge_reporters(edge):
            where: list[Matcher] = [("reporter", "=", reporter), *ends]
            yield from self._tcp_bytes(where, reporter)
            yield _Line(
                "connections_per_s",
                "TCP connections opened per second",
                reporter,
                self._rate("istio_tcp_connections_opened_total", where),
            )
            if reporter != "source":
                yield _Line(
                    "mtls",
                    "bytes by security policy; only the server's proxy knows it",
                    reporter,
                    self._rate(
                        "istio_tcp_received_bytes_total", where, by="connection_security_policy"
                    ),
                )

    def _tcp_bytes(
        self, where: list[Matcher], reporter: Reporter, prefix: str = ""
    ) -> Iterator[_Line]:
        for field, metric, direction in (
            ("sent_bps", "istio_tcp_sent_bytes_total", "response"),
            ("received_bps", "istio_tcp_received_bytes_total", "request"),
        ):
            meaning = f"TCP bytes per second in the {direction} direction"
            yield _Line(prefix + field, meaning, reporter, self._rate(metric, where))

    def _rate(self, metric: str, where: list[Matcher], by: str = "") -> str:
        grouping = f" by ({by}) " if by else ""
        return f"sum{grouping}(rate({metric}{selector(where)}[{self._window_s}s]))"

    def _matchers(self, node: Node, end: End) -> list[Matcher]:
        matchers = list(_identity(node, end))
        if self._many_clusters and node["cluster"]:
            matchers.append((f"{end}_cluster", "=", node["cluster"]))
        return matchers


def _edge_reporters(edge: Edge) -> tuple[Reporter, ...]:
    """Return the proxies whose reports make the edge's numbers, the leading one first."""
    match edge["reporter"]:
        case "mixed":
            return ("destination", "source")
        case single:
            return (single,)


def _node_reporters(edges: list[Edge]) -> tuple[Reporter, ...]:
    used = {reporter for edge in edges for reporter in _edge_reporters(edge)}
    order: tuple[Reporter, ...] = ("destination", "waypoint", "source")
    return tuple(reporter for reporter in order if reporter in used)


def _unanswered(where: list[Matcher], hosts: list[str]) -> list[Matcher]:
    """Return matchers that also find requests for which no workload was ever chosen.

    Their destination is unknown, so the host that was asked for has to stand in for it.
    """
    asked: list[Matcher] = [("destination_service", "=~", "|".join(map(re.escape, hosts)))]
    return [
        (label, "=~", f"{re.escape(value)}|unknown|")
        if label in _ANSWERED_BY
        else (label, op, value)
        for label, op, value in where
    ] + (asked if hosts else [])


def _identity(node: Node, end: End) -> Iterator[Matcher]:
    """Yield the matchers that select one node at one end of a series."""
    namespace = node["namespace"] or ""
    if node["kind"] == "unknown":
        yield (f"{end}_workload", "=~", "unknown|")
    elif node["kind"] == "namespace":
        yield (f"{end}_workload_namespace", "=", namespace)
    elif node["workload"]:
        yield (f"{end}_workload", "=", node["workload"])
        yield (f"{end}_workload_namespace", "=", namespace)
    elif node["app"]:
        yield (f"{end}_canonical_service", "=", node["app"])
        if node["version"]:
            yield (f"{end}_canonical_revision", "=", node["version"])
        yield (f"{end}_workload_namespace", "=", namespace)
    elif end == "destination":
        yield ("destination_service_name", "=", node["service"] or node["name"])
        if namespace:
            yield ("destination_service_namespace", "=", namespace)
    else:
        yield ("source_canonical_service", "=", node["service"] or node["name"])
        yield ("source_workload_namespace", "=", namespace)
