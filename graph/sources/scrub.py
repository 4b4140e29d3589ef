"""Pseudonyms for recordings: what a stranger may see of a mesh.

The same name always becomes the same pseudonym within one recording, different names never the
same one, and what the graph reads out of names stays: the parts of a host name, the version behind
a workload's name, that something is a gateway or a waypoint. Numbering follows first appearance, so
nothing can be computed back.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Literal

from graph.core.wire import Check, SourceFacts

Extent = Literal["hosts", "all"]

# Words of Istio's and Kubernetes' own, which tell nothing about anybody.
WELL_KNOWN = frozenset(
    {
        *("", "-", "unknown", "latest", "default", "localhost", "Kubernetes"),
        *("PassthroughCluster", "BlackHoleCluster", "InboundPassthroughCluster"),
        *("InboundPassthroughClusterIpv4", "InboundPassthroughClusterIpv6"),
        *("istio-system", "istio-ingress", "istio-egress", "kube-system", "istiod", "ztunnel"),
        *("istio-ingressgateway", "istio-egressgateway", "istio-eastwestgateway"),
        *("ingressgateway", "egressgateway", "gateway", "istio-gateway", "waypoint"),
        *("istio-policy", "istio-telemetry", "cluster.local", "clusterset.local", "cluster.global"),
    }
)
# Values that are words of a protocol, numbers or versions.
_KEPT = frozenset(
    {
        *("reporter", "proxy", "request_protocol", "response_code", "grpc_response_status"),
        *("response_flags", "connection_security_policy", "le"),
        *("source_version", "destination_version"),
        *("source_canonical_revision", "destination_canonical_revision"),
    }
)
_NAMES = frozenset(
    {
        *(
            f"{end}_{label}"
            for end in ("source", "destination")
            for label in ("cluster", "workload", "workload_namespace", "canonical_service", "app")
        ),
        *("destination_service_namespace", "destination_service_name", "destination_service"),
    }
)
_PRINCIPALS = frozenset({"source_principal", "destination_principal"})

_PRINCIPAL = re.compile(r"(spiffe://)?([^/]+)/ns/([^/]+)/sa/(.+)", re.DOTALL)
_CLUSTER_HOST = re.compile(r"(.+)\.([^.]+)\.(svc|global)(?:\.(.+))?", re.DOTALL)
_PORT = re.compile(r"(.*?)(:\d+)?", re.DOTALL)
# The ends of names that the graph reads something out of.
_TELLING_END = re.compile(
    r"(.+?)(-v\d[\w.]*|-(?:(?:in|e)gress-?)?gateway(?:-istio)?|-waypoint(?:-proxy)?)", re.DOTALL
)
_PUBLIC_ENDS = frozenset({"com", "org", "net", "io", "dev", "cloud", "local", "internal", "*"})


class Scrubber:
    """Replaces names, and remembers by what.

    ``extent`` "hosts" takes hosts, principals and trust domains; "all" takes the names of
    namespaces, workloads, services, apps and clusters too.
    """

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self._pools: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the labels of one series as a stranger may see them."""
        return {name: self._value(name, value) for name, value in labels.items()}

    def name(self, name: str) -> str:
        """Return what stands for the name of a namespace, workload, service, app or cluster."""
        if name in WELL_KNOWN:
            return name
        if "." in name or ":" in name:
            return self.host(name)
        if self.extent == "hosts":
            return name
        match = _TELLING_END.fullmatch(name)
        stem, end = match.groups() if match else (name, "")
        return self._pseudonym("name", stem) + end

    def host(self, host: str) -> str:
        """Return what stands for a host, with as many parts, and its port."""
        if host in WELL_KNOWN:
            return host
        if _is_address(host.strip("[]")):
            return self._address(host)
        match = _PORT.fullmatch(host)
        bare, port = match.groups() if match else (host, None)
        port = port or ""
        if _is_address(bare.strip("[]")):
            return self._address(bare) + port
        if inside := _CLUSTER_HOST.fullmatch(bare):
            return self._cluster_host(*inside.groups()) + port
        if "." in bare:
            return self._domain(bare) + port
        return (self.name(bare) if bare != host else self._pseudonym("host", bare)) + port

    def principal(self, principal: str) -> str:
        """Return what stands for an identity; its shape stays."""
        if principal in WELL_KNOWN:
            return principal
        match = _PRINCIPAL.fullmatch(principal)
        if match is None:
            return self._pseudonym("principal", principal)
        scheme, trust, namespace, account = match.groups()
        if trust not in WELL_KNOWN:
            trust = self._pseudonym("trust", trust)
        if account not in WELL_KNOWN:
            account = self._pseudonym("account", account)
        return f"{scheme or ''}{trust}/ns/{self.name(namespace)}/sa/{account}"

    def facts(self, facts: SourceFacts) -> SourceFacts:
        """Return the facts without the address; free texts may name anything, so they go too."""
        return {
            **facts,
            "url": "http://prometheus.example",
            "warnings": self.texts(facts["warnings"]),
        }

    def texts(self, texts: list[str]) -> list[str]:
        """Return a word on how many texts there were, if any."""
        return [f"Warnings left out of this scrubbed recording: {len(texts)}."] if texts else []

    def check(self, check: Check) -> Check:
        """Return the line of a diagnosis without its words, which name jobs and workloads."""
        return {**check, "detail": "Left out of this scrubbed recording.", "advice": ""}

    def _value(self, label: str, value: str) -> str:
        if label in _KEPT:
            return value
        if label in _PRINCIPALS:
            return self.principal(value)
        if label in _NAMES:
            return self.name(value)
        # A label that nobody here knows may hold anything.
        return value if value in WELL_KNOWN else self._pseudonym("value", value)

    def _cluster_host(self, service: str, namespace: str, kind: str, domain: str | None) -> str:
        names = ".".join(self.name(part) for part in service.split("."))
        host = f"{names}.{self.name(namespace)}.{kind}"
        if domain is None:
            return host
        return f"{host}.{domain if domain in WELL_KNOWN else self._domain(domain)}"

    def _domain(self, domain: str) -> str:
        *parts, end = domain.split(".")
        hidden = [part if part == "*" else self._pseudonym("host", part) for part in parts]
        shown = end if end in _PUBLIC_ENDS else self._pseudonym("host", end)
        return ".".join([*hidden, shown])

    def _address(self, address: str) -> str:
        """Return an address out of the block that is reserved and routed nowhere."""
        pool = self._pools["address"]
        number = int(pool.setdefault(address, str(len(pool) + 1)))
        return f"240.{number >> 16}.{number >> 8 & 255}.{number & 255}"

    def _pseudonym(self, kind: str, name: str) -> str:
        pool = self._pools[kind]
        return pool.setdefault(name, f"{kind}-{len(pool) + 1}")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
