"""A look at the mesh's series, every now and then: which telemetry there is and how it is stored.

Eight questions, whatever the mesh's size, most of them counts. None of them is needed: a server
that refuses one is taken to hold an ordinary mesh, scraped once.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

from graph.core.samples import Sample
from graph.core.wire import EraFound, IstioVersion
from graph.sources import answers, facts, findings, promql, rulebook
from graph.sources.base import Garbled, Rejected
from graph.sources.body import Body
from graph.sources.facts import Counts
from graph.sources.naming import Naming
from graph.sources.shape import PLAIN, Shape

Call = Callable[[str, Mapping[str, str] | None], Body]

# Labels come from the index, which keeps them for hours: only recent series are of interest.
_LABELS_FROM_S = 900.0


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found, beside the shape that decides how to ask."""

    shape: Shape = PLAIN
    eras: tuple[EraFound, ...] = ()
    istio_versions: tuple[IstioVersion, ...] = ()
    # Which jobs carry Istio's traffic counters, with how many series each has.
    jobs: Mapping[str, float] = field(default_factory=dict)
    scraped_times: float | None = None
    waypoints: frozenset[tuple[str, str]] = frozenset()
    # That proxies are scraped several times, and what to do about it.
    copied: tuple[str, str] | None = None
    # The fingerprints of the recording rules that are loaded (`graph.sources.rulebook`).
    rules: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def gist(self) -> Hashable:
        """What was found, but for the numbers that grow with every pod."""
        return (
            self.shape,
            tuple(found["era"] for found in self.eras),
            tuple((found["component"], found["version"]) for found in self.istio_versions),
            frozenset(self.jobs),
            self.waypoints,
            self.rules,
        )


class Surveyor:
    """Asks the questions of `facts`, those together that need no other's answer."""

    def __init__(self, call: Call, pool: Executor, naming: Naming) -> None:
        self._call = call
        self._pool = pool
        self._naming = naming

    def survey(self, at: float) -> Survey:
        """Return what there is. Raises Unavailable when Prometheus stops answering."""
        families = self._later(facts.families(self._naming), at)
        builds = self._later(facts.builds(self._naming), at)
        generations = self._later(facts.generations(self._naming), at)
        waypoints = self._later(facts.waypoints(self._naming), at)
        rules = self._later(rulebook.loaded(), at)
        labels = self._pool.submit(self._labels, at)
        found = Counts.of_families(families.result(), self._naming)
        names = labels.result()
        pods = facts.pod_labels(names)
        found = found.with_facts(self._ask(facts.counts(self._naming, found, pods, names), at))
        shape = findings.shape(found, pods, names)
        times = self._scraped_times(found, shape, at)
        # An ordinary mesh is asked in the ordinary way, which is cheaper.
        if times is None or times <= 1:
            shape = replace(shape, copies=())
        differing = self._telling(found, shape, names, at) if shape.copies else {}
        copied = findings.copies_warning(times, found.jobs, differing)
        return Survey(
            shape=shape,
            eras=findings.eras(found, generations.result()),
            istio_versions=findings.versions(builds.result()),
            jobs=found.jobs,
            scraped_times=None if times is None else round(times, 2),
            waypoints=facts.waypoint_names(waypoints.result()),
            copied=copied,
            rules=frozenset(labels.get(rulebook.MARK, "") for labels, _ in rules.result()) - {""},
            warnings=findings.warnings(shape, copied),
        )

    def _scraped_times(self, found: Counts, shape: Shape, at: float) -> float | None:
        if not any(found[metric] for metric in promql.TRAFFIC):
            return None
        query = facts.copy_counts(self._naming, found, shape.copies)
        return findings.scraped_times(self._ask(query, at))

    def _telling(
        self, found: Counts, shape: Shape, names: frozenset[str], at: float
    ) -> Mapping[str, tuple[str, ...]]:
        query = facts.telling(self._naming, found, shape.copies, names)
        return findings.apart(self._ask(query, at)) if query else {}

    def _later(self, query: str, at: float) -> Any:
        return self._pool.submit(self._ask, query, at)

    def _ask(self, query: str, at: float) -> Sequence[Sample]:
        try:
            return answers.vector(
                self._call("/api/v1/query", {"query": query, "time": f"{at:.3f}"})
            )
        except (Rejected, Garbled):
            return ()

    def _labels(self, at: float) -> frozenset[str]:
        """Return the names of all labels that Istio's traffic counters have; none if unknown."""
        form = {
            "match[]": self._naming.any_of(promql.TRAFFIC),
            "start": f"{at - _LABELS_FROM_S:.0f}",
            "end": f"{at:.0f}",
        }
        try:
            names: Iterable[Any] = self._call("/api/v1/labels", form).content()
            return frozenset(map(str, names))
        except (Rejected, Garbled, KeyError, TypeError):
            return frozenset()
