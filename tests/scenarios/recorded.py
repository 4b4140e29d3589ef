"""A case as blocks in a folder, with the truth of the windows that tests look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph import poll
from graph.core import engine
from graph.core.engine import FeedState, ViewSpec
from graph.core.rules import DEFAULT, MeshRules
from graph.core.wire import Edge, GraphType, Node, Snapshot
from graph.demo.backfill import Recording, backfill
from graph.demo.scenarios import mesh_of
from graph.demo.simulator import Options, Simulator
from graph.demo.truth import TrueRange
from graph.sources import Source, open_source
from tests.scenarios.cases import Case
from tests.stack import PrometheusServer

Truths = Mapping[float, TrueRange]


def make(case: Case, ended_at: float, data: Path) -> Truths:
    """Record the case so that it ends at this time; return the truth behind each look."""
    started = ended_at - case.seconds
    mesh = Simulator(mesh_of(case.scenario), Options(case.scenario, case.seed, case.load), started)
    how = Recording(case.interval_s, honor_labels=case.honor_labels, drop=case.drop)
    backfill(mesh, case.seconds, how, data)
    return {
        moment: mesh.truth.between(started + moment - case.window_s, started + moment)
        for moment in case.moments
    }


@dataclass(frozen=True)
class Recorded:
    """A recorded case, in a Prometheus that can be asked about it."""

    case: Case
    started_at: float
    truths: Truths
    server: PrometheusServer
    source: Source

    def truth(self, moment: float | None = None) -> TrueRange:
        """Return what really flowed in the window before the moment; None is the end."""
        return self.truths[self.case.seconds if moment is None else moment]

    def feed(
        self,
        moment: float | None = None,
        window_s: int | None = None,
        rules: MeshRules = DEFAULT,
    ) -> FeedState:
        """Return what meshviz read of the window before the moment."""
        at = self.started_at + (self.case.seconds if moment is None else moment)
        feed = poll.look(self.source, window_s or self.case.window_s, at, 5.0, rules)
        assert feed.readings is not None, feed.status["detail"]
        return feed

    def view(
        self,
        graph_type: GraphType = "workload",
        moment: float | None = None,
        rules: MeshRules = DEFAULT,
        **spec: object,
    ) -> Snapshot:
        """Return the snapshot that meshviz draws of the window before the moment."""
        feed = self.feed(moment, rules=rules)
        wanted = ViewSpec(graph_type, self.case.window_s, (), **spec)  # type: ignore[arg-type]
        state, _ = engine.render(None, feed, wanted, "scenarios")
        return engine.snapshot(state, state.status)


def open_case(case: Case, ended_at: float, truths: Truths, server: PrometheusServer) -> Recorded:
    """Return the case for asking; its scrape interval is given, as by a setting."""
    source = open_source(server.url, timeout_s=20, scrape_interval_s=case.interval_s)
    return Recorded(case, ended_at - case.seconds, truths, server, source)


@dataclass(frozen=True)
class Graph:
    """A snapshot by the names that people use."""

    view: Snapshot

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes by id."""
        return {node["id"]: node for node in self.view["nodes"]}

    def label(self, node: str) -> str:
        """Return the node's name."""
        return self.nodes[node]["name"]

    @property
    def edges(self) -> dict[tuple[str, str, str], Edge]:
        """The edges by the names of their ends and their protocol; no two are the same."""
        drawn = {
            (self.label(edge["source"]), self.label(edge["target"]), str(edge["protocol"])): edge
            for edge in self.view["edges"]
        }
        assert len(drawn) == len(self.view["edges"]), "two edges with the same names"
        return drawn

    def edge(self, source: str, target: str, protocol: str = "http") -> Edge:
        """Return one edge."""
        found = [
            edge
            for edge in self.view["edges"]
            if (self.label(edge["source"]), self.label(edge["target"])) == (source, target)
            and edge["protocol"] == protocol
        ]
        assert len(found) == 1, f"{len(found)} edges from {source} to {target} by {protocol}"
        return found[0]

    def kind(self, name: str) -> str:
        """Return the kind of the only node of this name."""
        (node,) = (node for node in self.view["nodes"] if node["name"] == name)
        return node["kind"]
