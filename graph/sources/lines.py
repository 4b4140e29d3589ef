"""Line by line: which sums make which field of a node or an edge, by whose account."""

from collections.abc import Iterable, Iterator

from graph.core.origins import EdgeOrigin, Origins
from graph.core.wire import Snapshot
from graph.sources.flows import Flow, Flows
from graph.sources.gap_lines import gap_lines
from graph.sources.line import Line
from graph.sources.selecting import Selecting
from graph.sources.sums import Sums


class Writer:
    """Writes the lines of one view, given what is behind it."""

    def __init__(self, view: Snapshot, found: Origins, sums: Sums) -> None:
        self._nodes = {node["id"]: node for node in view["nodes"]}
        self._edges = {edge["id"]: edge for edge in view["edges"]}
        self._found = found
        self._sums = sums
        self._flows = Flows(sums)
        self._selecting = Selecting(found, sums.shape)

    def edge(self, name: str) -> Iterator[Line]:
        """Yield the lines of an edge: its own numbers, each side's, and their difference."""
        edge, found = self._edges[name], self._found.edges[name]
        total, client, server = (
            Flow.of(found.protocol, behind, self._selecting)
            for behind in (found.total, found.client, found.server)
        )
        yield from self._flows.flow(total, "")
        yield from self._flows.lent(self._selecting.parts(found.lent))
        if edge["client"] is not None:
            yield from self._flows.flow(client, "client.")
        if edge["server"] is not None:
            yield from self._flows.flow(server, "server.")
        if edge["gap"] is not None:
            both = client.all_counted, server.all_counted
            yield from gap_lines(self._sums, *both, (client.all_timed, server.all_timed))

    def node(self, name: str) -> Iterator[Line]:
        """Yield the lines of a node, in both directions."""
        self._nodes[name]  # or it is not drawn
        yield from self._node_side(self._found.inbound(name), "in.")
        yield from self._node_side(self._found.outbound(name), "out.")

    def _node_side(self, edges: Iterable[EdgeOrigin], prefix: str) -> Iterator[Line]:
        flows = Flow.by_protocol(edges, self._selecting)
        requests = [flow for flow in flows if flow.protocol != "tcp"]
        yield from self._flows.requests(requests, prefix)
        if prefix == "in." and requests:
            yield from self._flows.answers(requests, "")
        yield from self._flows.shares(requests, prefix)
        yield from self._flows.volume(requests, prefix)
        for flow in flows:
            if flow.protocol == "tcp":
                yield from self._flows.tcp_bytes(flow, prefix)
