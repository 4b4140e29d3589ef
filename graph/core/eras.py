"""Labels of older telemetry in the words of today's, so that a mesh of several eras is one graph.

Mixer 0.x (Istio 0.5-0.8) named services only; Mixer 1.x (1.0-1.4) wrote identities without their
scheme, and times in seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

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


class Register:
    """What newer proxies say of workloads, to tell which ones Mixer 0.x meant."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._workloads: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for labels, _ in samples:
            for end in _ENDS:
                workload = known(labels.get(f"{end}_workload"))
                place = _place(labels, end)
                if workload and place[1]:
                    self._workloads[place].add(workload)

    def complete(self, sample: Sample) -> Sample:
        """Return the sample with the workloads that can be told for certain."""
        labels = sample.labels
        added = {
            f"{end}_workload": workload
            for end in _ENDS
            if not known(labels.get(f"{end}_workload"))
            and (workload := self._workload(labels, end))
        }
        return Sample({**labels, **added}, sample.value) if added else sample

    def _workload(self, labels: Mapping[str, str], end: End) -> str:
        found = self._workloads.get(_place(labels, end), set())
        return next(iter(found)) if len(found) == 1 else ""


def _place(labels: Mapping[str, str], end: End) -> tuple[str, str, str]:
    """Return namespace, app and version."""
    name = known(labels.get(f"{end}_canonical_service")) or known(labels.get(f"{end}_app"))
    version = known(labels.get(f"{end}_canonical_revision"))
    if not version or version == "latest":
        version = known(labels.get(f"{end}_version"))
    return known(labels.get(f"{end}_workload_namespace")), name, version


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
