"""Whose lines are on a chart: the flows behind a node, an edge, a namespace or everything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from graph.core import outcomes
from graph.core.accounts import Entry
from graph.core.origins import Behind, EdgeOrigin, Origins
from graph.sources.flows import Flow
from graph.sources.selecting import Selecting

Way = Literal["in", "out"]

# More lines than these are no comparison, and each version is asked for apart.
VERSIONS_MAX = 5


@dataclass(frozen=True, slots=True)
class Target:
    """What a chart is about; nothing of it: the whole picture."""

    node: str | None = None
    edge: str | None = None
    namespace: str | None = None

    @property
    def name(self) -> str:
        return self.node or self.edge or self.namespace or ""

    @property
    def is_entity(self) -> bool:
        """Whether it is one thing that is drawn."""
        return self.node is not None or self.edge is not None


@dataclass(frozen=True, slots=True)
class Strand:
    """The flows that are added up for one line of each kind."""

    flows: Sequence[Flow]
    way: Way | None = None
    version: str | None = None
    # Whether its queries may be told.
    is_open: bool = True


class Strands:
    """Finds the flows behind what a chart is about."""

    def __init__(self, found: Origins, selecting: Selecting) -> None:
        self._found = found
        self._selecting = selecting
        # Said of what is left out.
        self.warnings: list[str] = []

    def of(self, target: Target, *, by_version: bool) -> list[Strand]:
        """Return the strands of a target. Raises KeyError when the picture does not have it."""
        if target.edge is not None:
            return self._split([self._found.edges[target.edge]], None, by_version=by_version)
        if target.node is not None:
            self._found.namespaces[target.node]  # or it is not drawn
            inbound = self._found.inbound(target.node)
            outbound = self._found.outbound(target.node)
            return [
                *self._split(inbound, "in", by_version=by_version),
                *self._split(outbound, "out", by_version=False),
            ]
        whole = [edge for edge in self._found.edges.values() if not edge.is_leg]
        if target.namespace is None:
            return self._split(whole, None, by_version=False)
        places = self._found.namespaces
        if target.namespace not in places.values():
            raise KeyError(target.namespace)
        inbound = [edge for edge in whole if places[edge.target] == target.namespace]
        outbound = [edge for edge in whole if places[edge.source] == target.namespace]
        return [
            *self._split(inbound, "in", by_version=False),
            *self._split(outbound, "out", by_version=False),
        ]

    def _split(
        self, edges: Sequence[EdgeOrigin], way: Way | None, *, by_version: bool
    ) -> list[Strand]:
        if not edges:
            return []
        is_open = all(edge.is_open for edge in edges)
        # Versions are as good as names.
        if not by_version or not is_open:
            return [Strand(Flow.by_protocol(edges, self._selecting), way, is_open=is_open)]
        versions = sorted({self._version(entry) for edge in edges for entry in _all(edge.total)})
        return [
            Strand(self._of_version(edges, version), way, version or None)
            for version in self._busiest(versions, edges)
        ]

    def _busiest(self, versions: Sequence[str], edges: Sequence[EdgeOrigin]) -> Sequence[str]:
        if len(versions) <= VERSIONS_MAX:
            return versions
        weights = dict.fromkeys(versions, 0.0)
        for edge in edges:
            for entry in edge.total.counted:
                weights[self._version(entry)] += outcomes.total(entry.account.outcomes)
        chosen = sorted(versions, key=lambda version: (-weights[version], version))[:VERSIONS_MAX]
        left_out = len(versions) - VERSIONS_MAX
        self.warnings.append(f"Only the {VERSIONS_MAX} busiest versions: {left_out} are left out.")
        return sorted(chosen)

    def _of_version(self, edges: Iterable[EdgeOrigin], version: str) -> list[Flow]:
        kept = (replace(edge, total=self._only(edge.total, version)) for edge in edges)
        return Flow.by_protocol(kept, self._selecting)

    def _only(self, behind: Behind, version: str) -> Behind:
        kept = (
            tuple(entry for entry in entries if self._version(entry) == version)
            for entries in (behind.counted, behind.lost, behind.moved, behind.timed)
        )
        return Behind(*kept)

    def _version(self, entry: Entry) -> str:
        target = entry.link.target
        name = self._found.names.get(target)
        return name.version if name else target.version


def _all(behind: Behind) -> Iterator[Entry]:
    for entries in (behind.counted, behind.lost, behind.moved, behind.timed):
        yield from entries
