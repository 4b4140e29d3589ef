"""Line by line: which sums make which field of a node or an edge, by whose account."""

from collections.abc import Iterable, Iterator

from graph.core.wire import Edge, Snapshot
from graph.sources.flows import Flows
from graph.sources.gap_lines import gap_lines
from graph.sources.line import Line, Reporter, Series
from graph.sources.matching import (
    LOST,
    End,
    among_others,
    asked_hosts,
    at_end,
    ends_of,
    unanswered,
)
from graph.sources.naming import Matcher
from graph.sources.sums import Sums


class Writer:
    """Writes the lines of one view."""

    def __init__(self, view: Snapshot, sums: Sums) -> None:
        self._nodes = {node["id"]: node for node in view["nodes"]}
        self._edges = {edge["id"]: edge for edge in view["edges"]}
        self._perspective = view["perspective"]
        self._sums = sums
        self._flows = Flows(sums)
        clusters = {node["cluster"] for node in view["nodes"] if node["cluster"]}
        self._many_clusters = len(clusters) > 1

    def edge(self, name: str) -> Iterator[Line]:
        """Yield the lines of an edge: its own numbers, each side's, and their difference."""
        edge = self._edges[name]
        ends = ends_of(edge, self._nodes, many_clusters=self._many_clusters)
        if edge["protocol"] != "tcp":
            ends.append(("request_protocol", "=", edge["protocol"]))
        yield from self._flows.flow(self._series([edge], ends), "")
        client = self._clients([edge], ends)
        server = Series(
            self._server([edge]),
            [("reporter", "=", self._server([edge])), *ends],
            None,
            (edge["protocol"],),
        )
        if edge["client"] is not None:
            yield from self._flows.flow(client, "client.")
        if edge["server"] is not None:
            yield from self._flows.flow(server, "server.")
        if edge["gap"] is not None:
            yield from gap_lines(self._sums, client, server)

    def node(self, name: str) -> Iterator[Line]:
        """Yield the lines of a node, in both directions."""
        node = self._nodes[name]
        inbound = [edge for edge in self._edges.values() if edge["target"] == name]
        outbound = [edge for edge in self._edges.values() if edge["source"] == name]
        many = self._many_clusters
        called = at_end(node, "destination", self._nodes, many_clusters=many)
        calling = called
        if node["kind"] != "operation":
            calling = at_end(node, "source", self._nodes, many_clusters=many)
        yield from self._node_side(called, inbound, "destination")
        yield from self._node_side(calling, outbound, "source")

    def _node_side(self, ends: list[Matcher], edges: list[Edge], end: End) -> Iterator[Line]:
        prefix = "in." if end == "destination" else "out."
        leads: dict[Reporter, list[Edge]] = {}
        for edge in edges:
            leads.setdefault(self._lead([edge]), []).append(edge)
        counted: list[Series] = []
        for some in leads.values():
            narrowing = among_others(some, end, self._nodes) if len(leads) > 1 else []
            narrowed = [*ends, *narrowing]
            requests = [edge for edge in some if edge["protocol"] != "tcp"]
            if requests:
                series = self._series(requests, narrowed)
                counted.append(series)
                yield from self._flows.requests(series, prefix)
                if prefix == "in.":
                    yield from self._flows.answers(series, "")
                yield from self._flows.volume(series, prefix)
            connections = [edge for edge in some if edge["protocol"] == "tcp"]
            if connections:
                yield from self._flows.tcp_bytes(self._series(connections, narrowed), prefix)
        yield from self._flows.shares(counted, prefix)

    def _series(self, edges: list[Edge], ends: list[Matcher]) -> Series:
        """Return the series that make the numbers of some edges together."""
        protocols = tuple(sorted({edge["protocol"] for edge in edges}))
        used = {edge["reporter"] for edge in edges}
        lead = self._lead(edges)
        if lead == "source":
            if self._perspective == "client":
                return self._clients(edges, ends)
            return Series("source", [("reporter", "=", "source"), *ends], None, protocols)
        lost: list[Matcher] | None = None
        if used & {"source", "mixed"} and self._perspective == "auto":
            lost = [
                *unanswered([("reporter", "=", "source"), *ends]),
                *asked_hosts(edges),
                LOST,
            ]
        return Series(lead, [("reporter", "=", lead), *ends], lost, protocols)

    def _lead(self, edges: list[Edge]) -> Reporter:
        """Return whose account makes the numbers, apart from failures that only callers saw."""
        if all(edge["reporter"] == "source" for edge in edges):
            return "source"
        if self._perspective == "client" and any(edge["client"] for edge in edges):
            return "source"
        return self._server(edges)

    def _server(self, edges: list[Edge]) -> Reporter:
        """Return the server-side proxies that answer: waypoints where they stand in front."""
        targets = {edge["target"] for edge in edges}
        used = {edge["reporter"] for edge in edges}
        if "waypoint" in used:
            return "waypoint"
        if "mixed" in used and any(
            edge["reporter"] == "waypoint" and edge["target"] in targets
            for edge in self._edges.values()
        ):
            return "waypoint"
        return "destination"

    def _clients(self, edges: list[Edge], ends: list[Matcher]) -> Series:
        """Return the series of the callers' proxies, answered or not."""
        protocols = tuple(sorted({edge["protocol"] for edge in edges}))
        is_served = any(edge["server"] is not None for edge in edges)
        answered: list[Matcher] | None = [("reporter", "=", "source"), *ends] if is_served else None
        return Series("source", self._by_client(edges, ends), None, protocols, answered)

    def _by_client(self, edges: list[Edge], ends: list[Matcher]) -> list[Matcher]:
        """Return the matchers of what callers counted, answered or not."""
        hosts = asked_hosts(edges)
        where: Iterable[Matcher] = [("reporter", "=", "source"), *ends]
        return [*unanswered(where), *hosts] if hosts else list(where)
