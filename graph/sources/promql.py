"""Every PromQL query of meshviz, each with its meaning in Istio's terms.

One query per question and tick, whatever the number of namespaces and viewers: grouping labels, not
selectors, tell links apart. The core sums what these return; it never asks again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_END_LABELS = (
    "cluster",
    "workload_namespace",
    "workload",
    "canonical_service",
    "canonical_revision",
    "app",
    "version",
)
IDENTITY_LABELS = (
    *(f"source_{label}" for label in _END_LABELS),
    *(f"destination_{label}" for label in _END_LABELS),
    "destination_service_namespace",
    "destination_service_name",
)
# Enough to tell links apart when every peer has a workload; 40 % fewer bytes on the way.
BRIEF_LABELS = tuple(
    label
    for label in IDENTITY_LABELS
    if not label.endswith(("_canonical_service", "_canonical_revision", "_app", "_version"))
)
_CONTEXT_LABELS = ("source_principal", "destination_principal", "destination_service")


@dataclass(frozen=True, slots=True)
class Question:
    """One query: a counter, and the labels that stay apart beside reporter and identity."""

    metric: str
    labels: tuple[str, ...]
    # Leave out series that did not move: only where a missing series means zero anyway.
    moving_only: bool = False
    # Always ask for app and version too: this is where the core learns them.
    names_peers: bool = False

    def promql(self, window_s: int, *, brief: bool = False) -> str:
        """Return the query for a look-back window; ``brief`` tells peers apart by workload only."""
        identity = BRIEF_LABELS if brief and not self.names_peers else IDENTITY_LABELS
        by = ", ".join(("reporter", *identity, *self.labels))
        tail = " > 0" if self.moving_only else ""
        return f"sum by ({by}) (rate({self.metric}[{window_s}s])){tail}"


_SECURITY = ("connection_security_policy", *_CONTEXT_LABELS)

QUESTIONS: Mapping[str, Question] = {
    # HTTP and gRPC requests that ended, by outcome.
    "requests": Question(
        "istio_requests_total",
        (
            "request_protocol",
            "response_code",
            "grpc_response_status",
            "response_flags",
            *_SECURITY,
        ),
        names_peers=True,
    ),
    # Bytes of TCP connections, in the response and in the request direction.
    "tcp_sent": Question("istio_tcp_sent_bytes_total", _SECURITY, names_peers=True),
    "tcp_received": Question("istio_tcp_received_bytes_total", _SECURITY, names_peers=True),
    "tcp_opened": Question("istio_tcp_connections_opened_total", ()),
    # Mean response time is sum over count.
    "duration_sum": Question("istio_request_duration_milliseconds_sum", ("request_protocol",)),
    "duration_count": Question("istio_request_duration_milliseconds_count", ("request_protocol",)),
    # Buckets once; every quantile is computed from them. Those below the fastest are zero.
    "duration_buckets": Question(
        "istio_request_duration_milliseconds_bucket", ("request_protocol", "le"), moving_only=True
    ),
    "request_bytes": Question("istio_request_bytes_sum", ("request_protocol",)),
    "response_bytes": Question("istio_response_bytes_sum", ("request_protocol",)),
    # gRPC messages, which also count inside streams that never end.
    "request_messages": Question("istio_request_messages_total", ()),
    "response_messages": Question("istio_response_messages_total", ()),
}

# How many series a mesh has at all: tells "no metrics" from "no traffic".
ISTIO_SERIES = 'count({__name__=~"istio_requests_total|istio_tcp_sent_bytes_total"})'
# The scrape jobs that carry Istio's metrics, to look up how often they are scraped.
ISTIO_JOBS = 'count by (job) ({__name__=~"istio_requests_total|istio_tcp_sent_bytes_total"})'
SERVER_TIME = "time()"


def quote(value: str) -> str:
    r"""Return the value as a PromQL string; backslash, quote and newline are escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def selector(matchers: Iterable[tuple[str, str, str]]) -> str:
    """Return ``{label op "value", ...}`` from (label, operator, value) triples."""
    return "{" + ", ".join(f"{label}{op}{quote(value)}" for label, op, value in matchers) + "}"


def scrapes_of(job: str, instance: str) -> str:
    """Return the query for the raw samples that show how often one target is scraped."""
    return f"up{selector([('job', '=', job), ('instance', '=', instance)])}[10m]"


def one_target_of(job: str) -> str:
    """Return the query for any one target of a job."""
    return f"topk(1, up{selector([('job', '=', job)])})"


def coverage(jobs: Iterable[str], window_s: int) -> str:
    """Return the query for how often the longest-known proxies were scraped inside the window."""
    named = selector([("job", "=~", "|".join(map(re.escape, sorted(jobs))))])
    return f"max(count_over_time(up{named}[{window_s}s]))"
