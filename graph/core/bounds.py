"""How much one picture may hold: what is larger is drawn as its namespaces, which lead into it."""

from dataclasses import dataclass, replace

from graph.core import topology
from graph.core.frame import settle
from graph.core.picture import Picture, draw
from graph.core.readings import Readings
from graph.core.topology import Look
from graph.core.wire import Overview

# A picture about as large as its limit would change its form at every tick: it takes its old form
# again only this far below. Sizes that are told may be as wrong as that.
_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """How many nodes and edges a picture may have at most."""

    nodes: int
    edges: int

    def holds(self, nodes: int, edges: int, share: float = 1.0) -> bool:
        """Tell whether a picture of this size is no larger than a share of the limits."""
        return nodes <= self.nodes * share and edges <= self.edges * share


def bounded(
    readings: Readings,
    look: Look,
    before: Picture,
    limits: Limits | None,
    shown: Overview | None = None,
) -> tuple[Picture, Overview | None]:
    """Return the picture of a look, and why it is one of namespaces although that was not asked.

    ``before`` is what was shown, ``shown`` why if it was an overview. Namespaces are never cut.
    """
    overview = None
    if limits is not None and look.graph_type != "namespace":
        overview = _overview(*topology.size(readings, look), look, limits, shown)
    if overview is not None:
        look = replace(look, graph_type="namespace")
    graph = topology.build(readings, look)
    drawn = draw(graph, readings, look.scope, before, look.permit)
    # A graph holds itself: emptied, all that hangs on it is freed now, not by the next collection.
    graph.clear()
    return settle(before, drawn, readings.window_s), overview


def _overview(
    nodes: int, edges: int, look: Look, limits: Limits, shown: Overview | None
) -> Overview | None:
    if limits.holds(nodes, edges, 1.0 - _SLACK if shown else 1.0):
        return None
    made: Overview = {
        "asked": look.graph_type,
        "nodes": nodes,
        "edges": edges,
        "most_nodes": limits.nodes,
        "most_edges": limits.edges,
    }
    return shown if shown and _is_about(shown, made) else made


def _is_about(shown: Overview, made: Overview) -> bool:
    """Tell whether what is shown is still true enough: only a whole picture can say it anew."""
    asked = (shown["asked"], shown["most_nodes"], shown["most_edges"])
    return asked == (made["asked"], made["most_nodes"], made["most_edges"]) and all(
        abs(now - then) <= _SLACK * then
        for then, now in (
            (shown["nodes"], made["nodes"]),
            (shown["edges"], made["edges"]),
        )
    )
