"""The questions of a survey, and what follows from their answers. Pure.

Many counts travel in one query: each is labelled with the name of the fact that it tells.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from graph.core.samples import Sample
from graph.sources.naming import Matcher, Naming, label_name
from graph.sources.promql import (
    HISTOGRAMS,
    IDENTITY_LABELS,
    KNOWN_LABELS,
    MIXER_0_TRAFFIC,
    OPERATION,
    TRAFFIC,
    relabelled,
)
from graph.sources.shape import Copies

REQUESTS, TCP = TRAFFIC
MIXER_1 = "istio_request_duration_seconds_count"
_HISTOGRAM_PARTS = tuple(f"{name}{part}" for name in HISTOGRAMS for part in ("", "_count"))
_FAMILIES = (*TRAFFIC, *MIXER_0_TRAFFIC, MIXER_1, *_HISTOGRAM_PARTS)

# Names of a pod's labels in use, the commonest first.
PODS = (
    ("pod", "namespace"),
    ("kubernetes_pod_name", "kubernetes_namespace"),
    ("pod_name", "namespace"),
)
# Where a sample was scraped, and by whom: not what it says. "exported_" is what federation makes.
SCRAPE = frozenset(
    {
        "job",
        "instance",
        "endpoint",
        "container",
        "service",
        "prometheus",
        "prometheus_replica",
        "replica",
        "monitor",
        "receive",
        "exported_job",
        "exported_instance",
    }
)
# What may tell people where a copy comes from.
TELLING = frozenset({"job", "cluster", "prometheus", "prometheus_replica", "replica", "receive"})
REPLICAS = frozenset({"job", "prometheus_replica", "replica", "receive"})
ISTIO_PREFIXES = (
    *("source_", "destination_", "request_", "response_", "grpc_", "connection_"),
    *("upstream_", "downstream_", "permissive_"),
)
# How a ztunnel's series can be told, whatever way they are scraped.
ZTUNNEL: Mapping[str, Matcher] = {
    "ztunnel by app": ("app", "=~", "ztunnel"),
    "ztunnel by pod": ("pod", "=~", "ztunnel-.+"),
    "ztunnel by job": ("job", "=~", "(.*[/_-])?ztunnel([/_-].*)?"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many series there are: by family, by job, and by fact. Unknown ones count as none."""

    families: Mapping[str, float] = field(default_factory=dict)
    jobs: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_families(cls, rows: Iterable[Sample], naming: Naming) -> Self:
        """Return the counts that the families' query tells."""
        istio = {naming.metric(name).name: name for name in _FAMILIES}
        families: dict[str, float] = {}
        jobs: dict[str, float] = {}
        for labels, value in rows:
            name = istio.get(labels.get("__name__", ""))
            if name is None:
                continue
            families[name] = families.get(name, 0.0) + value
            job = labels.get("job")
            if job and name in (*TRAFFIC, *MIXER_0_TRAFFIC):
                jobs[job] = jobs.get(job, 0.0) + value
        return cls(families, jobs)

    def with_facts(self, rows: Iterable[Sample]) -> Self:
        """Return these counts and those of the facts' query."""
        told = {labels.get("fact", ""): value for labels, value in rows}
        return type(self)(self.families, self.jobs, told)

    def __getitem__(self, name: str) -> float:
        return self.facts.get(name, 0.0) or self.families.get(name, 0.0)


def families(naming: Naming) -> str:
    """Return the query for which families there are, in which jobs."""
    return f"count by (__name__, job) ({naming.any_of(_FAMILIES)})"


def builds(naming: Naming) -> str:
    """Return the query for how many components of which version there are."""
    return f"count by (component, tag) ({naming.series('istio_build')})"


def generations(naming: Naming) -> str:
    """Return the query for how many request series proxies of each version have."""
    requests = naming.series(REQUESTS, [("reporter", "!=", "waypoint")])
    proxies = naming.series("istio_build", [("component", "=", "proxy")])
    # Two versions in one place, while a proxy is replaced, would be an error without topk.
    version = f"topk by (job, instance) (1, {proxies})"
    return f"count by (tag) ({requests} * on (job, instance) group_left (tag) {version})"


_WAYPOINT_NAMES = ("gateway_networking_k8s_io_gateway_name", "service_istio_io_canonical_name")
_NAMESPACES = ("namespace", "kubernetes_namespace")


def waypoints(naming: Naming) -> str:
    """Return the query for the waypoints, by what scraping said of their pods."""
    by = naming.by((*_NAMESPACES, *_WAYPOINT_NAMES, *(pod for pod, _ in PODS)))
    reported = naming.any_of(TRAFFIC, [("reporter", "=", "waypoint")])
    managed = naming.series(
        "istio_build", [("gateway_istio_io_managed", "=", "istio.io-mesh-controller")]
    )
    return f"count by ({by}) ({reported} or {managed})"


def waypoint_names(rows: Iterable[Sample]) -> frozenset[tuple[str, str]]:
    """Return namespace and workload of each waypoint; its workload is called like its gateway."""
    found = set()
    for labels, _ in rows:
        namespace = next(filter(None, (labels.get(name) for name in _NAMESPACES)), "")
        named = next(filter(None, (labels.get(name) for name in _WAYPOINT_NAMES)), "")
        pod = next(filter(None, (labels.get(name) for name, _ in PODS)), "")
        workload = named or workload_of(pod)
        if namespace and workload:
            found.add((namespace, workload))
    return frozenset(found)


def workload_of(pod: str) -> str:
    """Return the Deployment of a pod by its name, "" when it has not the form of one."""
    parts = pod.rsplit("-", 2)
    is_deployment = len(parts) == 3 and len(parts[2]) == 5 and 6 <= len(parts[1]) <= 10
    return parts[0] if is_deployment else ""


def pod_labels(names: frozenset[str]) -> tuple[str, str] | None:
    """Return the labels that tell a pod, None when series have none."""
    return next((pair for pair in PODS if names.issuperset(pair)), None)


def decorations(names: frozenset[str], pods: tuple[str, str]) -> list[str]:
    """Return the labels that may have come with the pod: neither Istio's own nor scraping's."""
    return sorted(
        name
        for name in names - KNOWN_LABELS - SCRAPE - {*pods, "__name__", "cluster"}
        if not name.startswith(ISTIO_PREFIXES)
    )


def counts(
    naming: Naming, found: Counts, pods: tuple[str, str] | None, names: frozenset[str]
) -> str:
    """Return the query for all facts at once."""
    return _together(_facts(naming, found, pods, names))


def copy_counts(naming: Naming, found: Counts, kinds: Iterable[Copies]) -> str:
    """Return the query for how many series are stored, and how many but for copies."""
    return _together(
        fact
        for metric in TRAFFIC
        if found[metric]
        for number, some in enumerate(kinds)
        for fact in _copy_facts(naming, metric, number, some)
    )


def telling(naming: Naming, found: Counts, kinds: Iterable[Copies], names: frozenset[str]) -> str:
    """Return the query for which labels tell copies apart, with their values; "" if none may."""
    metric = next((metric for metric in TRAFFIC if found[metric]), "")
    return _together(
        fact
        for some in kinds
        for label in some.without
        if metric and label in TELLING & names
        for fact in _telling_facts(naming.series(metric, some.matchers), label, some.without)
    )


def _telling_facts(stored: str, label: str, taken: Iterable[str]) -> Iterator[tuple[str, str]]:
    others = ", ".join(label_name(name) for name in taken if name != label)
    values = f"count without ({others}) ({stored})" if others else stored
    several = f"count without ({label_name(label)}) ({values}) > 1"
    yield f"apart {label}", f"count by ({label_name(label)}) ({values}) and on () ({several})"


def _together(told: Iterable[tuple[str, str]]) -> str:
    return " or ".join(relabelled(query, "fact", name) for name, query in told)


def _copy_facts(
    naming: Naming, metric: str, number: int, some: Copies
) -> Iterator[tuple[str, str]]:
    stored = naming.series(metric, some.matchers)
    without = ", ".join(map(label_name, some.without))
    yield f"stored {metric} {number}", f"count({stored})"
    yield f"once {metric} {number}", f"count(count without ({without}) ({stored}))"


def _facts(
    naming: Naming, found: Counts, pods: tuple[str, str] | None, names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    yield "up", "count(up)"
    yield "targets", f"count(up{{{naming.selector}}})"
    for metric in TRAFFIC:
        if pods and found[metric]:
            yield f"{metric} in pods", f"count({naming.series(metric, [(pods[0], '!=', '')])})"
    if found[REQUESTS]:
        yield from _request_facts(naming, pods, names)
    if found[TCP]:
        for name, matcher in ZTUNNEL.items():
            yield name, f"count({naming.series(TCP, [matcher])})"
        canonical = [(f"{end}_canonical_service", "=", "") for end in ("source", "destination")]
        yield "uncanonical tcp", f"count({naming.series(TCP, canonical)})"
        yield "waypoint tcp", f"count({naming.series(TCP, [('reporter', '=', 'waypoint')])})"


def _request_facts(
    naming: Naming, pods: tuple[str, str] | None, names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    def some(*matchers: Matcher) -> str:
        return naming.series(REQUESTS, matchers)

    waypoint = some(("reporter", "=", "waypoint"))
    proxies = some(("reporter", "=~", "source|destination"))
    yield "operations", f"count({some((OPERATION, '!=', ''))})"
    yield "waypoint", f"count({waypoint})"
    yield "waypoint copies", f"count({proxies} and ignoring (reporter) {waypoint})"
    by = naming.by(IDENTITY_LABELS)
    ruled, scraped = some(("job", "=", "")), some(("job", "!=", ""))
    yield "ruled", f"count(count by ({by}) ({ruled}) and count by ({by}) ({scraped}))"
    canonical = [(f"{end}_canonical_service", "=", "") for end in ("source", "destination")]
    yield "uncanonical", f"count({some(*canonical)})"
    clusters = [(f"{end}_cluster", "=", "") for end in ("source", "destination")]
    yield "clusterless", f"count({some(*clusters)})"
    yield "not in a cluster", f"count({some(('cluster', '=', ''))})"
    taken = {"job", "instance", *(SCRAPE & names), *(decorations(names, pods) if pods else ())}
    for name, labels in (("clusters apart", taken), ("clusters together", {*taken, "cluster"})):
        without = ", ".join(map(label_name, sorted(labels)))
        yield name, f"count(count without ({without}) ({some(('cluster', '!=', ''))}))"
    if pods and (extra := decorations(names, pods)):
        places = ", ".join(map(label_name, (*pods, "job", "instance")))
        several = ", ".join(map(label_name, (*pods, "job", "instance", *extra)))
        yield "places", f"count(count by ({places}) ({some()}))"
        yield "decorated places", f"count(count by ({several}) ({some()}))"
