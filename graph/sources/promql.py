"""Every PromQL query that feeds the graph, each with its meaning in Istio's terms.

One query per question and tick, whatever the number of namespaces and viewers: grouping labels, not
selectors, tell links apart. The core sums what these return; it never asks again.

An ordinary query is ``sum by (LABELS) (rate(METRIC[WINDOW]))``. What the survey found of the mesh
(`graph.sources.shape.Shape`) changes only what stands inside the sum:

* double scraping: ``max without (SCRAPE LABELS) (rate(...))``, so that copies count
  once (docs/adr/0009-double-scraping.md);
* recording rules that copy series under their own name: the copies are left out;
* ztunnels: ``label_replace(..., "proxy", "ztunnel", ...)`` marks what they counted;
* ``request_operation`` joins LABELS when the mesh has it.

Births are the one other form: the first values of series that began inside the window, which rate()
cannot see (docs/adr/0008-births.md).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graph.sources.naming import Matcher, Naming, escape, label_name, quote, selector, series
from graph.sources.shape import PLAIN, Shape

# `rate` takes a sample that is no more than this many intervals away for the next one.
_HARDLY_FARTHER = 1.1
# The share of a window that may be missing at an end of it; as in `graph.core.verdict`.
_HARDLY_SEEN = 0.05
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
_SECURITY = ("connection_security_policy", *_CONTEXT_LABELS)
_OUTCOME = ("request_protocol", "response_code", "grpc_response_status", "response_flags")
# Requests of one class, where an operator had them classified (Telemetry API, Wasm plugin).
OPERATION = "request_operation"

DURATION = "istio_request_duration_milliseconds"
HISTOGRAMS = (DURATION, "istio_request_bytes", "istio_response_bytes")


@dataclass(frozen=True, slots=True)
class Question:
    """One query: a counter, and the labels that stay apart beside reporter and identity."""

    metric: str
    labels: tuple[str, ...]
    # Leave out series that did not move: only where a missing series means zero anyway.
    moving_only: bool = False
    # Always ask for app and version too: this is where the core learns them.
    names_peers: bool = False
    # Requests that may be classified, as opposed to connections and messages.
    has_operations: bool = False
    # Ask for first appearances too.
    has_births: bool = False

    @property
    def is_tcp(self) -> bool:
        """Whether ztunnels count it too."""
        return self.metric.startswith("istio_tcp_")

    def grouping(self, shape: Shape, *, brief: bool) -> tuple[str, ...]:
        """Return the labels that its rows carry."""
        identity = BRIEF_LABELS if brief and not self.names_peers else IDENTITY_LABELS
        operation = (OPERATION,) if self.has_operations and shape.operations else ()
        return ("reporter", *identity, *self.labels, *operation)

    def promql(
        self,
        window_s: int,
        *,
        brief: bool = False,
        naming: Naming | None = None,
        shape: Shape = PLAIN,
    ) -> str:
        """Return the query for a look-back window; ``brief`` tells peers apart by workload only."""
        naming = naming or Naming()
        tail = " > 0" if self.moving_only else ""
        rates = once(shape, lambda some: rate(naming, self.metric, window_s, some))
        return self._summed(rates, naming, shape, brief=brief) + tail

    def births(self, window_s: int, *, brief: bool, naming: Naming, shape: Shape) -> str:
        """Return the query for what series counted before Prometheus first saw them, per second."""
        first = once(
            shape, lambda some: first_values(naming, self.metric, window_s, shape, some), "min"
        )
        most = once(
            shape, lambda some: f"max_over_time({naming.series(self.metric, some)}[{window_s}s])"
        )
        born = f"({first}) > ({most}) / {MOSTLY_BORN}"
        return f"{self._summed(born, naming, shape, brief=brief)} / {window_s}"

    def _summed(self, expression: str, naming: Naming, shape: Shape, *, brief: bool) -> str:
        by = naming.by(self.grouping(shape, brief=brief))
        if self.is_tcp and shape.ztunnel is not None:
            by += ", proxy"
            label, _, pattern = shape.ztunnel
            expression = relabelled(expression, "proxy", "ztunnel", label, pattern)
        return f"sum by ({by}) ({expression})"


QUESTIONS: Mapping[str, Question] = {
    # HTTP and gRPC requests that ended, by outcome.
    "requests": Question(
        "istio_requests_total",
        (*_OUTCOME, *_SECURITY),
        names_peers=True,
        has_operations=True,
        has_births=True,
    ),
    # Bytes of TCP connections, in the response and in the request direction.
    "tcp_sent": Question("istio_tcp_sent_bytes_total", _SECURITY, names_peers=True),
    "tcp_received": Question("istio_tcp_received_bytes_total", _SECURITY, names_peers=True),
    # Connections; their flags tell the ones that failed.
    "tcp_opened": Question(
        "istio_tcp_connections_opened_total", ("response_flags",), has_births=True
    ),
    "tcp_closed": Question(
        "istio_tcp_connections_closed_total", ("response_flags",), has_births=True
    ),
    # Mean response time is sum over count.
    "duration_sum": Question(f"{DURATION}_sum", ("request_protocol",), has_operations=True),
    "duration_count": Question(f"{DURATION}_count", ("request_protocol",), has_operations=True),
    # Buckets once; every quantile is computed from them. Those below the fastest are zero.
    "duration_buckets": Question(
        f"{DURATION}_bucket", ("request_protocol", "le"), moving_only=True, has_operations=True
    ),
    "request_bytes": Question(
        "istio_request_bytes_sum", ("request_protocol",), has_operations=True
    ),
    "response_bytes": Question(
        "istio_response_bytes_sum", ("request_protocol",), has_operations=True
    ),
    # gRPC messages, which also count inside streams that never end.
    "request_messages": Question("istio_request_messages_total", ()),
    "response_messages": Question("istio_response_messages_total", ()),
}

TRAFFIC = ("istio_requests_total", "istio_tcp_sent_bytes_total")
MIXER_0_TRAFFIC = ("istio_request_count", "istio_tcp_bytes_sent")
# A counter that goes on growing from where it was first seen is extrapolated back to zero by rate()
# itself; its first value counts only if it makes up most of what there is.
MOSTLY_BORN = 1.5

KNOWN_METRICS = frozenset(
    {*(question.metric for question in QUESTIONS.values()), *HISTOGRAMS, "istio_build"}
)
KNOWN_LABELS = frozenset(
    {
        "reporter",
        OPERATION,
        *IDENTITY_LABELS,
        *(label for question in QUESTIONS.values() for label in question.labels if label != "le"),
    }
)
SERVER_TIME = "time()"


def rate(naming: Naming, name: str, window_s: int, matchers: Iterable[Matcher] = ()) -> str:
    """Return each series' increase per second; the mean of what is a rate already."""
    function = "avg_over_time" if naming.metric(name).is_rate else "rate"
    return f"{function}({naming.series(name, matchers)}[{window_s}s])"


def first_values(
    naming: Naming, name: str, window_s: int, shape: Shape, matchers: Iterable[Matcher] = ()
) -> str:
    """Return the first value of each series that began inside the window.

    Only where its target was answering before the window did: what such a target did not show had
    not been counted. A target that is new to Prometheus may have counted for a year.
    """
    chosen = naming.series(name, (*matchers, *shape.births_of))
    answering = series("up", naming.matchers if shape.selects_targets else ())
    up = f"{answering} offset {window_s}s == 1"
    on = ", ".join(map(label_name, shape.births_on))
    return (
        f"(min_over_time({chosen}[{window_s}s]) unless {chosen} offset {window_s}s) "
        f"and on ({on}) ({up})"
    )


def once(shape: Shape, expression: Callable[[tuple[Matcher, ...]], str], merge: str = "max") -> str:
    """Return the expression with every series counted once, however often it was stored.

    ``expression`` gives the numbers of the series that it is handed matchers for.
    """

    def genuine(matchers: tuple[Matcher, ...]) -> str:
        chosen = (*matchers, *shape.genuine)
        everything = expression(chosen)
        if not shape.waypoint_copies:
            return everything
        waypoints = expression((*chosen, ("reporter", "=", "waypoint")))
        copies = " or ".join(
            relabelled(waypoints, "reporter", reporter) for reporter in ("source", "destination")
        )
        return f"({everything}) unless ({copies})"

    if not shape.copies:
        return genuine(())
    return " or ".join(
        f"{merge} without ({', '.join(map(label_name, copies.without))}) "
        f"({genuine(copies.matchers)})"
        for copies in shape.copies
    )


def relabelled(expression: str, label: str, value: str, source: str = "", pattern: str = "") -> str:
    """Return the expression with a label set where another one matches; "" matches always."""
    arguments = ", ".join(map(quote, (label, value, source, pattern)))
    return f"label_replace({expression}, {arguments})"


def traffic(naming: Naming, shape: Shape) -> str:
    """Return the selector of the traffic counters of every era that the mesh has."""
    return naming.any_of((*TRAFFIC, *(MIXER_0_TRAFFIC if shape.mixer_0 else ())))


def istio_series(naming: Naming, shape: Shape) -> str:
    """Return the query for how many series a mesh has: tells "no metrics" from "no traffic"."""
    return f"count({traffic(naming, shape)})"


def targets(jobs: Iterable[str], matchers: Iterable[Matcher] = ()) -> str:
    """Return the braces that select the targets of these jobs."""
    return selector((("job", "=~", "|".join(map(escape, sorted(jobs)))), *matchers))


def scrapes_of(job: str, instance: str) -> str:
    """Return the query for the raw samples that show how often one target is scraped."""
    return f"up{selector([('job', '=', job), ('instance', '=', instance)])}[10m]"


def one_target_of(job: str) -> str:
    """Return the query for any one target of a job."""
    return f"topk(1, up{selector([('job', '=', job)])})"


def late(
    jobs: Iterable[str], scrape_interval_s: float, window_s: int, matchers: Iterable[Matcher] = ()
) -> str:
    """Return the query for the seconds at a window's ends that `rate` knows nothing of.

    On average over the targets. It goes on for half an interval beyond the first and last sample,
    or to the end of the window where this is hardly farther than one interval away.
    """
    up = f"up{targets(jobs, matchers)}"
    bridged_s = scrape_interval_s / 2
    age = f"(time() - timestamp({up}))"
    farthest_s = scrape_interval_s * _HARDLY_FARTHER
    end = f"avg(({age} > bool {farthest_s:g}) * ({age} - {bridged_s:g}))"
    # At the other end a first sample is looked for in the time in which one is good enough.
    within_s = scrape_interval_s + max(scrape_interval_s, window_s * _HARDLY_SEEN)
    back_ms = round((window_s - within_s) * 1000)
    if back_ms <= 0:
        return end
    then = f"(time() - {back_ms / 1000:g} - timestamp({up} offset {back_ms}ms))"
    # A target that was not there at that time has missed nothing.
    return f"{end} + (avg({then} > bool {within_s:g}) * {within_s - bridged_s:g} or vector(0))"


def coverage(jobs: Iterable[str], window_s: int, matchers: Iterable[Matcher] = ()) -> str:
    """Return the query for how often each job's longest-known proxy was scraped in the window."""
    return f"max by (job) (count_over_time(up{targets(jobs, matchers)}[{window_s}s]))"
