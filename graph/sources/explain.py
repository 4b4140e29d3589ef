"""The PromQL behind each number of one node or edge, ready to paste into Prometheus.

Written for a reader: the queries select the one entity instead of grouping the whole mesh, and ask
Prometheus itself for quantiles. They give the numbers that meshviz shows, up to rounding.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from graph.core.outcomes import NEVER_REACHED
from graph.core.wire import Edge, Node, Protocol, Queries, Query, Snapshot
from graph.sources.base import Source
from graph.sources.naming import selector

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
# What counts as an error, by protocol; each group of matchers is a sum of its own.
_ERRORS: Mapping[Protocol, tuple[list[Matcher], ...]] = {
    "http": ([("response_code", "=~", "0|5..")],),
    "grpc": (
        [("grpc_response_status", "!~", "0|")],
        [("grpc_response_status", "=~", "0|"), ("response_code", "=~", "5..")],
    ),
    "tcp": (),
}
_CLIENT_ERRORS: Mapping[Protocol, tuple[list[Matcher], ...]] = {
    "http": ([("response_code", "=~", "4..")],),
    "grpc": (),
    "tcp": (),
}
_REQUESTS = "istio_requests_total"
_DURATION = "istio_request_duration_milliseconds"


class _Line(NamedTuple):
    """A query before it is given its link."""

    field: str
    meaning: str
    reporter: Reporter
    promql: str


class _Series(NamedTuple):
    """The series behind some numbers: those of the leading reporter, and failures that only the
    calling proxies saw."""

    reporter: Reporter
    where: list[Matcher]
    lost: list[Matcher] | None
    protocols: tuple[Protocol, ...]


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
        "series": None,
        "age_s": None,
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
        if edge["protocol"] == "tcp":
            series = _series([edge], ends)
            yield from self._tcp(series)
            yield from self._mtls(series, "istio_tcp_received_bytes_total", "bytes")
            return
        series = _series([edge], [*ends, ("request_protocol", "=", edge["protocol"])])
        yield from self._requests(series)
        yield from self._answers(series)
        yield from self._volume(series)

    def node(self, name: str) -> Iterator[_Line]:
        node = self._nodes[name]
        inbound = [edge for edge in self._edges.values() if edge["target"] == name]
        outbound = [edge for edge in self._edges.values() if edge["source"] == name]
        yield from self._node_side(self._matchers(node, "destination"), inbound, "in.")
        yield from self._node_side(self._matchers(node, "source"), outbound, "out.")

    def _node_side(self, ends: list[Matcher], edges: list[Edge], prefix: str) -> Iterator[_Line]:
        for some, narrowed in _by_reporter(edges, ends):
            requests = [edge for edge in some if edge["protocol"] != "tcp"]
            if requests:
                series = _series(requests, narrowed)
                yield from self._requests(series, prefix)
                if prefix == "in.":
                    yield from self._answers(series)
                yield from self._volume(series, prefix)
            connections = [edge for edge in some if edge["protocol"] == "tcp"]
            if connections:
                yield from self._tcp(_series(connections, narrowed), prefix)

    def _requests(self, series: _Series, prefix: str = "") -> Iterator[_Line]:
        reporter, where, lost, _ = series
        by = f"requests that ended, counted by the {reporter} proxy"
        yield _Line(f"{prefix}rps", by, reporter, self._rate(_REQUESTS, where))
        if lost is not None:
            meaning = "failures that only the calling proxy saw, added to the server's count"
            yield _Line(f"{prefix}rps", meaning, "source", self._rate(_REQUESTS, lost))
        yield _Line(
            f"{prefix}error_ratio",
            "share of them that failed: HTTP 5xx, no response, gRPC status 1-16",
            reporter,
            self._share(series, _ERRORS),
        )
        if "http" in series.protocols:
            yield _Line(
                f"{prefix}client_error_ratio",
                "share of them that the caller is to blame for: HTTP 4xx",
                reporter,
                self._share(series, _CLIENT_ERRORS),
            )

    def _share(self, series: _Series, bad: Mapping[Protocol, tuple[list[Matcher], ...]]) -> str:
        """Return the query for the share of requests with one of these outcomes."""
        groups = [series.where] if series.lost is None else [series.where, series.lost]
        errors = [
            self._rate(_REQUESTS, [*where, ("request_protocol", "=", protocol), *matchers])
            for where in groups
            for protocol in series.protocols
            for matchers in bad[protocol]
        ]
        every = [self._rate(_REQUESTS, where) for where in groups]
        return f"({_added(errors)}) / ({_added(every)})"

    def _answers(self, series: _Series) -> Iterator[_Line]:
        """Yield outcomes, latency and security."""
        yield from self._outcomes(series)
        yield from self._latency(series)
        yield from self._mtls(series, _REQUESTS, "requests")

    def _outcomes(self, series: _Series) -> Iterator[_Line]:
        meaning = "requests by response code, gRPC status and Envoy's flags"
        query = self._rate(_REQUESTS, series.where, by=_OUTCOME)
        yield _Line("responses", meaning, series.reporter, query)
        if series.lost is not None:
            query = self._rate(_REQUESTS, series.lost, by=_OUTCOME)
            yield _Line("responses", "the same, where no server was reached", "source", query)

    def _latency(self, series: _Series) -> Iterator[_Line]:
        reporter, where = series.reporter, series.where
        measured = f"measured by the {'caller' if reporter == 'source' else 'server'}'s proxy"
        total, count = (
            self._rate(f"{_DURATION}_sum", where),
            self._rate(f"{_DURATION}_count", where),
        )
        meaning = f"mean response time in milliseconds, {measured}"
        yield _Line("latency_ms.avg", meaning, reporter, f"{total} / {count}")
        buckets = self._rate(f"{_DURATION}_bucket", where, by="le")
        for name, quantile in _QUANTILES:
            meaning = f"{name} of the response time in milliseconds, {measured}"
            query = f"histogram_quantile({quantile}, {buckets})"
            yield _Line(f"latency_ms.{name}", meaning, reporter, query)

    def _mtls(self, series: _Series, metric: str, what: str) -> Iterator[_Line]:
        if series.reporter != "source":
            meaning = f"{what} by security policy; only the server's proxy knows it"
            query = self._rate(metric, series.where, by="connection_security_policy")
            yield _Line("mtls", meaning, series.reporter, query)

    def _volume(self, series: _Series, prefix: str = "") -> Iterator[_Line]:
        reporter, where = series.reporter, series.where
        for field, metric, meaning in (
            ("sent_bps", "istio_response_bytes_sum", "response bytes per second"),
            ("received_bps", "istio_request_bytes_sum", "request bytes per second"),
        ):
            yield _Line(prefix + field, meaning, reporter, self._rate(metric, where))
        if "grpc" not in series.protocols or prefix:
            return
        # Message counters have no request_protocol label.
        bare = [matcher for matcher in where if matcher[0] != "request_protocol"]
        for field, metric, meaning in (
            ("sent_mps", "istio_response_messages_total", "gRPC response messages per second"),
            ("received_mps", "istio_request_messages_total", "gRPC request messages per second"),
        ):
            yield _Line(field, meaning, reporter, self._rate(metric, bare))

    def _tcp(self, series: _Series, prefix: str = "") -> Iterator[_Line]:
        reporter, where = series.reporter, series.where
        for field, metric, meaning in (
            ("sent_bps", "istio_tcp_sent_bytes_total", "TCP bytes sent back"),
            ("received_bps", "istio_tcp_received_bytes_total", "TCP bytes received"),
        ):
            query = self._rate(metric, where)
            yield _Line(prefix + field, f"{meaning}, per second", reporter, query)
        if not prefix:
            query = self._rate("istio_tcp_connections_opened_total", where)
            yield _Line("connections_per_s", "TCP connections opened per second", reporter, query)

    def _rate(self, metric: str, where: list[Matcher], by: str = "") -> str:
        grouping = f" by ({by}) " if by else ""
        return f"sum{grouping}(rate({metric}{selector(where)}[{self._window_s}s]))"

    def _matchers(self, node: Node, end: End) -> list[Matcher]:
        matchers = list(_identity(node, end))
        if self._many_clusters and node["cluster"]:
            matchers.append((f"{end}_cluster", "=", node["cluster"]))
        return matchers


def _added(queries: Iterable[str]) -> str:
    """Return the sum of queries of which any may have no series."""
    return " + ".join(f"({query} or vector(0))" for query in queries)


def _by_reporter(
    edges: list[Edge], ends: list[Matcher]
) -> Iterator[tuple[list[Edge], list[Matcher]]]:
    """Yield the edges that a server's proxy reports, and those that only callers do, each with
    matchers that leave the others out."""
    served = [edge for edge in edges if edge["reporter"] != "source"]
    unserved = [edge for edge in edges if edge["reporter"] == "source"]
    if served:
        yield served, ends
    if unserved:
        yield unserved, [*ends, *(_asked(unserved) if served else [])]


def _asked(edges: list[Edge]) -> list[Matcher]:
    """Return the matcher for the hosts that were asked for, none when they are not known."""
    hosts = sorted({host for edge in edges for host in edge["hosts"]})
    return [("destination_service", "=~", "|".join(map(re.escape, hosts)))] if hosts else []


def _series(edges: list[Edge], ends: list[Matcher]) -> _Series:
    """Return the series that make the numbers of some edges together."""
    used = {reporter for edge in edges for reporter in _edge_reporters(edge)}
    order: tuple[Reporter, ...] = ("destination", "waypoint", "source")
    lead = next(reporter for reporter in order if reporter in used)
    lost: list[Matcher] | None = None
    if lead != "source" and "source" in used:
        lost = [*_unanswered([("reporter", "=", "source"), *ends]), *_asked(edges), _LOST]
    protocols = tuple(sorted({edge["protocol"] for edge in edges}))
    return _Series(lead, [("reporter", "=", lead), *ends], lost, protocols)


def _edge_reporters(edge: Edge) -> tuple[Reporter, ...]:
    """Return the proxies whose reports make the edge's numbers, the leading one first."""
    match edge["reporter"]:
        case "mixed":
            return ("destination", "source")
        case single:
            return (single,)


def _unanswered(where: list[Matcher]) -> list[Matcher]:
    """Return matchers that also find requests for which no workload was ever chosen.

    Their destination is unknown, so the host that was asked for has to stand in for it.
    """
    return [
        (label, "=~", f"{re.escape(value)}|unknown|")
        if label in _ANSWERED_BY
        else (label, op, value)
        for label, op, value in where
    ]


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
