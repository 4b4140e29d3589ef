"""Every message that leaves meshviz, declared once.

REST answers, websocket frames, the OpenAPI document and the browser's TypeScript types all
come from the TypedDicts below (`make wire` writes the types, `make lint` fails when they drift).

Rules that hold for every field:

* unknown is ``None``, never 0: a rate of 0 was measured, a ``None`` was not;
* ratios are 0..1, never percent;
* units are in the names: ``_ms`` milliseconds, ``_s`` seconds, ``_bps`` BYTES per second (as in
  Istio's and Kiali's dashboards), ``_mps`` messages per second, ``rps`` requests per second;
* "sent" and "received" are Istio's words: sent is what the target sent back (the response
  direction), received is what the target received (the request direction).
"""

from typing import Any, Final, Literal, NotRequired

from typing_extensions import TypedDict

PROTOCOL_VERSION: Final = 1

GraphType = Literal["workload", "app", "versioned_app", "service", "namespace"]
NodeKind = Literal[
    "workload",
    "app",
    "service",
    "namespace",
    "gateway",
    "waypoint",
    "external",
    "passthrough",
    "blackhole",
    # One class of requests to a service, where the mesh labels them (request_operation).
    "operation",
    # Neighbours in namespaces that the viewer may not see, all callers and all callees in one.
    "outside",
    "unknown",
]
Protocol = Literal["http", "grpc", "tcp"]
Health = Literal["healthy", "degraded", "failing", "idle", "unknown"]
MtlsState = Literal["mtls", "mixed", "plaintext", "unknown"]
# Whose numbers the edge shows; "mixed" is the server's numbers plus failures only the client saw.
EdgeReporter = Literal["destination", "waypoint", "source", "mixed"]
# Whose numbers are drawn: by the reporter rule, or one proxy's alone where it reports.
Perspective = Literal["auto", "server", "client"]
SourceState = Literal["ok", "stale", "down", "empty"]
# Generations of Istio's telemetry: Mixer before and after 1.0, Wasm (1.5-1.16) and native (1.17 on)
# proxies, ztunnel and waypoint of ambient meshes.
Era = Literal["mixer-0", "mixer-1", "wasm", "native", "ztunnel", "waypoint"]
# Why there is nothing new (or nothing at all) to show. The browser turns the code into advice.
SourceReason = Literal[
    "starting",
    "unreachable",
    "timeout",
    "rejected",
    "garbled",
    "window_too_short",
    # The numbers are new, but too low: the state stays "ok".
    "gap",
    "no_istio_metrics",
    "no_traffic",
    "namespace_filter",
    # The viewer may see no namespace at all.
    "not_permitted",
    # Scaled mode: the picture is one that somebody left, and a new one is on its way; nobody polls;
    # what the workers tell does not arrive.
    "overdue",
    "no_worker",
    "no_redis",
]


class Latency(TypedDict):
    """Response time in milliseconds. Quantiles are interpolated inside merged buckets."""

    avg: float | None
    p50: float | None
    p90: float | None
    p95: float | None
    p99: float | None


class Response(TypedDict):
    """The share of one outcome.

    ``code`` is the HTTP status, or the gRPC status number on gRPC edges; "0" on an HTTP edge
    means that no response was sent. ``flags`` are Envoy's response flags, "" for none.
    """

    code: str
    flags: str
    rps: float
    error: bool


class NodeResponse(Response):
    """One outcome among all that a node answers."""

    protocol: Protocol


class Mtls(TypedDict):
    """How much of the edge's traffic was mutually authenticated, as the server side saw it."""

    state: MtlsState
    ratio: float | None


class Principals(TypedDict):
    """SPIFFE identities seen on the edge, busiest first, ten at most on each side."""

    source: list[str]
    destination: list[str]


class Side(TypedDict):
    """One proxy's account of an edge."""

    rps: float | None
    error_ratio: float | None
    client_error_ratio: float | None
    responses: list[Response]
    latency_ms: Latency
    sent_bps: float | None
    received_bps: float | None
    sent_mps: float | None
    received_mps: float | None
    connections_per_s: float | None
    connections_closed_per_s: float | None


class Gap(TypedDict):
    """Where the two proxies' accounts of an edge differ; None where it cannot be told.

    Only edges that both proxies report have one.
    """

    # The client's mean minus the server's: network, queues, both proxies, retries.
    network_ms: float | None
    # Requests that no server's proxy saw (no route, no healthy host, circuit open ...).
    unreached_rps: float | None
    # Requests the calling proxy gave up waiting for (flag UT), and those whose caller was gone
    # before the server had answered (flag DC or code 0 at the server).
    timed_out_rps: float | None
    abandoned_rps: float | None
    # Requests the server counted beyond those the client let through: retries.
    retried_rps: float | None


class Rates(TypedDict):
    """Totals over a node's edges in one direction. ``rps`` covers HTTP and gRPC."""

    rps: float | None
    error_ratio: float | None
    client_error_ratio: float | None
    sent_bps: float | None
    received_bps: float | None


Node = TypedDict(
    "Node",
    {
        "id": str,
        "kind": NodeKind,
        # What to write next to the node: workload, app, service, namespace or host name.
        "name": str,
        "cluster": str | None,
        "namespace": str | None,
        "workload": str | None,
        "app": str | None,
        "version": str | None,
        # Versions seen behind an app or service node; one entry for a workload.
        "versions": list[str],
        "service": str | None,
        "health": Health,
        # True when the namespace filter leaves this node out and a neighbour brought it in;
        # its rates then cover only the edges that are drawn.
        "outside": bool,
        "in": Rates,
        "out": Rates,
        # How it answers its callers: outcomes (HTTP and gRPC apart by `protocol`), latency and
        # security over all of its incoming edges. Entry points, which nobody calls, have none.
        "responses": list[NodeResponse],
        "latency_ms": Latency,
        "mtls": Mtls,
        # Its own SPIFFE identities, ten at most.
        "principals": list[str],
    },
)


class Edge(TypedDict):
    """Traffic of one protocol from one node to another."""

    id: str
    source: str
    target: str
    protocol: Protocol
    rps: float | None
    # Share of requests that failed: HTTP 5xx and no response, gRPC status 1-16.
    error_ratio: float | None
    # Share of HTTP 4xx, shown apart because the caller is usually to blame.
    client_error_ratio: float | None
    responses: list[Response]
    latency_ms: Latency
    sent_bps: float | None
    received_bps: float | None
    # gRPC messages per second; None on other protocols and where Istio does not count them.
    sent_mps: float | None
    received_mps: float | None
    # TCP connections opened and closed per second; None on other protocols.
    connections_per_s: float | None
    connections_closed_per_s: float | None
    mtls: Mtls
    principals: Principals
    # Hosts the client asked for (destination_service), busiest first, ten at most.
    hosts: list[str]
    reporter: EdgeReporter
    # What the calling and the answering proxy said; None where that proxy said nothing.
    client: Side | None
    server: Side | None
    gap: Gap | None
    health: Health


class SourceStatus(TypedDict):
    """How the last question to Prometheus went.

    ``ok``: answered; ``stale``: failed, the graph is the last good one; ``down``: failed and there
    never was a graph; ``empty``: answered, and there is nothing to draw (``reason`` says why).
    """

    state: SourceState
    reason: SourceReason | None
    # One sentence in English: what happened, with numbers. Never contains a secret.
    detail: str
    # What an operator can do about it; "" when nothing is wrong.
    advice: str
    warnings: list[str]
    # Seconds since the evaluation time of the data shown; None before the first.
    age_s: float | None
    # The same for latency quantiles, bytes and messages, which are asked less often.
    slow_age_s: float | None
    scrape_interval_s: float | None
    interval_s: float
    # Seconds from picture to picture as the last tick planned it: more than ``interval_s`` when
    # asking took more than its share of the time. None before the first tick has ended.
    cadence_s: float | None
    # The same for what the slow lane brings.
    slow_cadence_s: float | None
    queries: int
    query_ms: float | None


class Overview(TypedDict):
    """Why namespaces are drawn although something finer was asked for: it is too large."""

    asked: GraphType
    # What the picture would have been made of, and the most that one picture may be.
    nodes: int
    edges: int
    most_nodes: int
    most_edges: int


class Snapshot(TypedDict):
    """The whole view. Also what ``GET /api/v1/graph`` answers."""

    type: Literal["snapshot"]
    protocol: Literal[1]
    epoch: str
    seq: int
    # Evaluation time in unix seconds by Prometheus' clock; 0 before the first data.
    at: float
    window_s: int
    # What is drawn; ``overview`` says so when it is not what was asked for.
    graph_type: GraphType
    overview: Overview | None
    # The namespaces asked for; empty means all.
    scope: list[str]
    perspective: Perspective
    # What else is drawn: edges without traffic, the legs through waypoints, operation nodes.
    idle: bool
    waypoints: bool
    operations: bool
    # The namespaces that are drawn as one node each, whatever the graph type.
    collapsed: list[str]
    # Every namespace known in this window, for the picker.
    namespaces: list[str]
    source: SourceStatus
    nodes: list[Node]
    edges: list[Edge]


class Put(TypedDict):
    """Entities to add or replace, whole."""

    nodes: list[Node]
    edges: list[Edge]


class Drop(TypedDict):
    """Ids to remove."""

    nodes: list[str]
    edges: list[str]


class Delta(TypedDict):
    """What changed since ``seq - 1`` of the same epoch. Applying it twice changes nothing."""

    type: Literal["delta"]
    epoch: str
    seq: int
    at: float
    source: SourceStatus
    # None when the list is unchanged.
    namespaces: list[str] | None
    put: Put
    drop: Drop


class Status(TypedDict):
    """No new data: the last graph stays, with its age and the reason."""

    type: Literal["status"]
    source: SourceStatus


class ErrorFrame(TypedDict):
    """The client asked for something that does not exist; the view it had goes on."""

    type: Literal["error"]
    parameter: str
    detail: str
    accepted: str


class ViewRequest(TypedDict):
    """Client to server: watch something else on the same socket. A snapshot follows."""

    type: Literal["view"]
    graph_type: GraphType
    window: str
    namespaces: list[str]
    # Absent: "auto" and false.
    perspective: NotRequired[Perspective]
    idle: NotRequired[bool]
    waypoints: NotRequired[bool]
    operations: NotRequired[bool]
    # Absent: none.
    collapsed: NotRequired[list[str]]


class Resync(TypedDict):
    """Client to server: a frame was missed, send a snapshot."""

    type: Literal["resync"]


class Query(TypedDict):
    """One number's origin: paste ``promql`` into Prometheus to see it."""

    # The wire field(s) it feeds, e.g. "rps" or "latency_ms.p95".
    field: str
    # What it means in Istio's terms.
    meaning: str
    reporter: Literal["source", "destination", "waypoint"]
    promql: str
    # Prometheus' own page for it; None when no address for browsers is known.
    url: str | None
    # Time series that the query adds up; None when Prometheus could not be asked.
    series: int | None
    # Seconds since the moment that the number shown was computed for.
    age_s: float | None


class Queries(TypedDict):
    """Answer of ``GET /api/v1/queries``."""

    id: str
    at: float
    window_s: int
    queries: list[Query]


SeriesField = Literal[
    "rps",
    "error_rps",
    "client_error_rps",
    "latency_ms",
    "sent_bps",
    "received_bps",
    "connections_per_s",
    # TCP connections that ended with one of Envoy's flags of failure.
    "failed_connections_per_s",
]
# Whose numbers these are: the callers' proxies', the servers', or the servers' with failures added
# that only the callers saw.
ReporterSide = Literal["client", "server", "mixed"]


class Series(TypedDict):
    """One line of a chart."""

    field: SeriesField
    # Tells lines of one field apart: "avg" or a quantile ("p95"), or a response code with Envoy's
    # flags ("503 UF", "gRPC 14"); else "".
    label: str
    # Of the servers, where lines were asked for by version; None where nothing tells it.
    version: str | None
    # Towards a node or namespace, or away from it; None for an edge and for the whole picture.
    way: Literal["in", "out"] | None
    reporter: ReporterSide
    promql: str
    # Prometheus' own page for it, as a graph; None when no address for browsers is known.
    url: str | None
    # One for each of the answer's times; None is unknown.
    values: list[float | None]


class History(TypedDict):
    """Answer of ``GET /api/v1/history``."""

    # Of a node or an edge; a namespace's name; "" for the whole picture.
    id: str
    start: float
    end: float
    step_s: float
    # How far back each value looks.
    window_s: int
    # Unix seconds by Prometheus' clock.
    times: list[float]
    series: list[Series]
    # What could not be had, and why.
    warnings: list[str]


class Bucket(TypedDict):
    """Requests that took longer than the bucket before and no longer than ``le_ms``."""

    # None: however long.
    le_ms: float | None
    rps: float


class DistributionSide(TypedDict):
    """Response times as one side's proxies measured them."""

    reporter: Literal["client", "server"]
    promql: str
    url: str | None
    buckets: list[Bucket]


class Distribution(TypedDict):
    """Answer of ``GET /api/v1/distribution``."""

    id: str
    at: float
    window_s: int
    # Those that report; none where nobody measures times, as on TCP.
    sides: list[DistributionSide]


class FeedStatus(TypedDict):
    """One watched look-back window."""

    window: str
    window_s: int
    views: int
    viewers: int
    source: SourceStatus


class EraFound(TypedDict):
    """A generation of Istio's telemetry that the mesh sends."""

    era: Era
    # Traffic counters of this generation.
    series: int


class IstioVersion(TypedDict):
    """How many Istio components of one version report (istio_build)."""

    component: str
    version: str
    count: int


class SourceFacts(TypedDict):
    """What is asked, and what it said of itself."""

    # "prometheus" or "recording".
    kind: str
    # Who answers, as far as it shows: Prometheus, Thanos, Mimir, VictoriaMetrics; else None.
    flavor: str | None
    url: str
    version: str | None
    scrape_interval_s: float | None
    # Prometheus' clock minus this machine's.
    clock_offset_s: float | None
    eras: list[EraFound]
    istio_versions: list[IstioVersion]
    # How many times over the proxies are scraped: 1.0 is once. None while unknown.
    scraped_times: float | None
    # What is odd about the source but does not stop it, such as certificates not verified.
    warnings: list[str]


class Limits(TypedDict):
    """What one process serves at most, and what one picture may hold."""

    viewers: int
    views: int
    nodes: int
    edges: int


class MeshvizStatus(TypedDict):
    """Answer of ``GET /api/v1/status``."""

    version: str
    # Embedded: this process polls. Scaled: workers poll, and tell through Redis.
    mode: Literal["embedded", "scaled"]
    limits: Limits
    protocol: int
    epoch: str
    viewers: int
    windows: list[str]
    default_window: str
    queries_total: int
    source: SourceFacts
    feeds: list[FeedStatus]


# How people sign in: not at all, by name and password here, at a proxy in front, by OpenID Connect.
SignIn = Literal["none", "users", "proxy", "oidc"]
# Viewers look, editors also save and share views, admins also remove what others share.
Role = Literal["viewer", "editor", "admin"]


class Me(TypedDict):
    """Answer of ``GET /api/v1/me``: who asks, where people sign in."""

    sign_in: SignIn
    # None where nobody signs in.
    user: str | None
    role: Role
    # Patterns of the namespaces that they may see; None for all. A list of lists has to let a
    # namespace in as a whole: one pattern of each.
    namespaces: list[list[str]] | None
    # To be sent back as X-CSRFToken with whatever changes something.
    csrf_token: str | None


class SavedView(TypedDict):
    """A page under a name: one's own, or one that somebody else shares."""

    id: str
    name: str
    # The query of the page's address: "" or "?...".
    query: str
    # Others see it, too.
    shared: bool
    owner: str
    # Only its owner may change it.
    mine: bool
    # Unix seconds.
    created: float
    updated: float


class SavedViewWhole(SavedView):
    """The same with where its nodes lay, as the browser wrote it; None for nothing special."""

    places: dict[str, Any] | None


class SavedViews(TypedDict):
    """Answer of ``GET /api/v1/saved-views``: one's own by name, then others' by name."""

    views: list[SavedView]
    # How many of one's own there may be.
    most: int


class SavedViewDraft(TypedDict):
    """Client to server: what to save. A new view needs a name; what is absent stays as it is."""

    name: NotRequired[str]
    query: NotRequired[str]
    shared: NotRequired[bool]
    places: NotRequired[dict[str, Any] | None]


CheckState = Literal["green", "amber", "red", "skipped"]
CheckId = Literal[
    "reachability",
    "authentication",
    "version",
    "scrape_interval",
    "metrics",
    "labels",
    "proxies",
    "double_scraping",
    "clock",
    "cost",
    "rules",
]


class Check(TypedDict):
    """One line of the diagnosis: green is good, amber works but lies in wait, red does not work.

    Skipped means that an earlier red line makes it pointless to ask.
    """

    id: CheckId
    state: CheckState
    # What was found, with numbers; then what to do, "" when nothing is.
    detail: str
    advice: str
    took_ms: float


class Diagnosis(TypedDict):
    """Answer of ``GET /api/v1/doctor``: the checks, each of which builds on those before."""

    at: float
    # The worst of the checks.
    state: CheckState
    source: SourceFacts
    checks: list[Check]


Frame = Snapshot | Delta | Status
ServerMessage = Snapshot | Delta | Status | ErrorFrame
ClientMessage = ViewRequest | Resync
