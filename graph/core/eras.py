"""Labels of older telemetry in the words of today's, so that a mesh of several eras is one graph.

Mixer 0.x (Istio 0.5-0.8) named services only; Mixer 1.x (1.0-1.4) lacked canonical names and wrote
identities without their scheme; proxies before 1.10 said nothing of clusters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from graph.core.identity import known
from graph.core.samples import Sample

End = Literal["source", "destination"]
Answers = Mapping[str, Sequence[Sample]]

_ENDS: tuple[End, End] = ("source", "destination")
_SPIFFE = "spiffe://"
_MTLS = {"true": "mutual_tls", "false": "none"}
MS_PER_S = 1000.0


def from_mixer_0(sample: Sample, protocol: str) -> Sample:
    """Return a series of Mixer 0.x with today's labels. Only servers reported then."""
    labels = sample.labels
    made = {
        "reporter": "destination",
        "request_protocol": protocol,
        "connection_security_policy": _MTLS.get(labels.get("connection_mtls", ""), "unknown"),
    }
    for end in _ENDS:
        host = known(labels.get(f"{end}_service"))
        name, namespace = split_host(host)
        made[f"{end}_canonical_service"] = name
        made[f"{end}_workload_namespace"] = namespace
        made[f"{end}_canonical_revision"] = known(labels.get(f"{end}_version"))
    host = known(labels.get("destination_service"))
    made["destination_service"] = host
    made["destination_service_name"] = made["destination_canonical_service"] or host
    made["destination_service_namespace"] = made["destination_workload_namespace"]
    for label in ("response_code", "le"):
        if label in labels:
            made[label] = labels[label]
    return Sample({label: value for label, value in made.items() if value}, sample.value)


def split_host(host: str) -> tuple[str, str]:
    """Return service and namespace of a cluster's host name; ("", "") for any other host."""
    name, _, rest = host.partition(".")
    namespace, _, suffix = rest.partition(".")
    if namespace and suffix.split(".")[0] == "svc":
        return name, namespace
    return "", ""


def from_mixer_1(sample: Sample) -> Sample:
    """Return a series of Mixer 1.x with today's form of identities."""
    labels = sample.labels
    for end in _ENDS:
        principal = known(labels.get(f"{end}_principal"))
        if principal and not principal.startswith(_SPIFFE):
            labels = {**labels, f"{end}_principal": _SPIFFE + principal}
    return Sample(labels, sample.value)


def in_milliseconds(samples: Iterable[Sample]) -> Iterable[Sample]:
    """Yield sums of seconds as sums of milliseconds."""
    return (Sample(labels, value * MS_PER_S) for labels, value in samples)


def bounds_in_milliseconds(samples: Iterable[Sample]) -> Iterable[Sample]:
    """Yield buckets bounded in seconds as buckets bounded in milliseconds."""
    for labels, value in samples:
        try:
            bound = f"{float(labels.get('le', '')) * MS_PER_S:.12g}"
        except ValueError:
            continue
        yield Sample({**labels, "le": "+Inf" if bound == "inf" else bound}, value)


class _Place(NamedTuple):
    namespace: str
    name: str


class Register:
    """What newer proxies say of workloads, to complete what older ones say of them."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._workloads: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._clusters: defaultdict[_Place, set[str]] = defaultdict(set)
        self._every_cluster: set[str] = set()
        for labels, _ in samples:
            for end in _ENDS:
                self._learn(labels, end)

    def complete(self, sample: Sample) -> Sample:
        """Return the sample with the workloads and clusters that can be told for certain."""
        labels = sample.labels
        added: dict[str, str] = {}
        has_clusters = any(known(labels.get(f"{end}_cluster")) for end in _ENDS)
        for end in _ENDS:
            workload = known(labels.get(f"{end}_workload")) or self._workload(labels, end)
            if workload:
                added[f"{end}_workload"] = workload
            # Proxies that know clusters leave one out when they do not know the other end.
            if not has_clusters:
                cluster = self._cluster(labels, end, workload)
                if cluster:
                    added[f"{end}_cluster"] = cluster
        return Sample({**labels, **added}, sample.value)

    def _learn(self, labels: Mapping[str, str], end: End) -> None:
        namespace = known(labels.get(f"{end}_workload_namespace"))
        workload = known(labels.get(f"{end}_workload"))
        cluster = known(labels.get(f"{end}_cluster"))
        name, version = _canonical(labels, end)
        if workload and name:
            self._workloads[namespace, name, version].add(workload)
        if cluster:
            self._every_cluster.add(cluster)
            if workload:
                self._clusters[_Place(namespace, workload)].add(cluster)

    def _workload(self, labels: Mapping[str, str], end: End) -> str:
        namespace = known(labels.get(f"{end}_workload_namespace"))
        found = self._workloads.get((namespace, *_canonical(labels, end)), set())
        return next(iter(found)) if len(found) == 1 else ""

    def _cluster(self, labels: Mapping[str, str], end: End, workload: str) -> str:
        namespace = known(labels.get(f"{end}_workload_namespace"))
        if not namespace:
            return ""  # an outsider, who is in no cluster
        found = self._clusters.get(_Place(namespace, workload)) or self._every_cluster
        return next(iter(found)) if len(found) == 1 else ""


def _canonical(labels: Mapping[str, str], end: End) -> tuple[str, str]:
    name = known(labels.get(f"{end}_canonical_service")) or known(labels.get(f"{end}_app"))
    version = known(labels.get(f"{end}_canonical_revision"))
    if not version or version == "latest":
        version = known(labels.get(f"{end}_version"))
    return name, version


def register(answers: Answers) -> Register:
    """Return what the fast lane's answers say of workloads."""
    return Register(
        sample for question in ("requests", "tcp_sent") for sample in answers.get(question, ())
    )


def complete(answers: Answers, known_peers: Register) -> dict[str, list[Sample]]:
    """Return the answers with old series completed by what new ones say of the same workloads."""
    return {
        question: [known_peers.complete(sample) for sample in samples]
        for question, samples in answers.items()
    }
