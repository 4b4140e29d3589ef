/* Made by `make wire` from graph/core/wire.py. Change that file, not this one. */

export type ClientMessage = ViewRequest | Resync;
export type ServerMessage = Snapshot | Delta | Status | ErrorFrame;

/**
 * Requests that took longer than the bucket before and no longer than ``le_ms``.
 */
export interface Bucket {
  le_ms: number | null;
  rps: number;
}
/**
 * One line of the diagnosis: green is good, amber works but lies in wait, red does not work.
 *
 * Skipped means that an earlier red line makes it pointless to ask.
 */
export interface Check {
  id:
    | "reachability"
    | "authentication"
    | "version"
    | "scrape_interval"
    | "metrics"
    | "labels"
    | "proxies"
    | "double_scraping"
    | "clock"
    | "cost"
    | "rules";
  state: "green" | "amber" | "red" | "skipped";
  detail: string;
  advice: string;
  took_ms: number;
}
/**
 * Client to server: watch something else on the same socket. A snapshot follows.
 */
export interface ViewRequest {
  type: "view";
  graph_type: "workload" | "app" | "versioned_app" | "service" | "namespace";
  window: string;
  namespaces: string[];
  perspective?: "auto" | "server" | "client";
  idle?: boolean;
  waypoints?: boolean;
  operations?: boolean;
  collapsed?: string[];
}
/**
 * Client to server: a frame was missed, send a snapshot.
 */
export interface Resync {
  type: "resync";
}
/**
 * What changed since ``seq - 1`` of the same epoch. Applying it twice changes nothing.
 */
export interface Delta {
  type: "delta";
  epoch: string;
  seq: number;
  at: number;
  source: SourceStatus;
  namespaces: string[] | null;
  put: Put;
  drop: Drop;
}
/**
 * How the last question to Prometheus went.
 *
 * ``ok``: answered; ``stale``: failed, the graph is the last good one; ``down``: failed and there
 * never was a graph; ``empty``: answered, and there is nothing to draw (``reason`` says why).
 */
export interface SourceStatus {
  state: "ok" | "stale" | "down" | "empty";
  reason:
    | (
        | "starting"
        | "unreachable"
        | "timeout"
        | "rejected"
        | "garbled"
        | "window_too_short"
        | "gap"
        | "no_istio_metrics"
        | "no_traffic"
        | "namespace_filter"
        | "not_permitted"
        | "overdue"
        | "no_worker"
        | "no_redis"
      )
    | null;
  detail: string;
  advice: string;
  warnings: string[];
  age_s: number | null;
  slow_age_s: number | null;
  scrape_interval_s: number | null;
  interval_s: number;
  cadence_s: number | null;
  slow_cadence_s: number | null;
  queries: number;
  query_ms: number | null;
}
/**
 * Entities to add or replace, whole.
 */
export interface Put {
  nodes: Node[];
  edges: Edge[];
}
export interface Node {
  id: string;
  kind:
    | "workload"
    | "app"
    | "service"
    | "namespace"
    | "gateway"
    | "waypoint"
    | "external"
    | "passthrough"
    | "blackhole"
    | "operation"
    | "outside"
    | "unknown";
  name: string;
  cluster: string | null;
  namespace: string | null;
  workload: string | null;
  app: string | null;
  version: string | null;
  versions: string[];
  service: string | null;
  health: "healthy" | "degraded" | "failing" | "idle" | "unknown";
  outside: boolean;
  in: Rates;
  out: Rates;
  responses: NodeResponse[];
  latency_ms: Latency;
  mtls: Mtls;
  principals: string[];
}
/**
 * Totals over a node's edges in one direction. ``rps`` covers HTTP and gRPC.
 */
export interface Rates {
  rps: number | null;
  error_ratio: number | null;
  client_error_ratio: number | null;
  sent_bps: number | null;
  received_bps: number | null;
}
/**
 * One outcome among all that a node answers.
 */
export interface NodeResponse {
  code: string;
  flags: string;
  rps: number;
  error: boolean;
  protocol: "http" | "grpc" | "tcp";
}
/**
 * Response time in milliseconds. Quantiles are interpolated inside merged buckets.
 */
export interface Latency {
  avg: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
}
/**
 * How much of the edge's traffic was mutually authenticated, as the server side saw it.
 */
export interface Mtls {
  state: "mtls" | "mixed" | "plaintext" | "unknown";
  ratio: number | null;
}
/**
 * Traffic of one protocol from one node to another.
 */
export interface Edge {
  id: string;
  source: string;
  target: string;
  protocol: "http" | "grpc" | "tcp";
  rps: number | null;
  error_ratio: number | null;
  client_error_ratio: number | null;
  responses: Response[];
  latency_ms: Latency;
  sent_bps: number | null;
  received_bps: number | null;
  sent_mps: number | null;
  received_mps: number | null;
  connections_per_s: number | null;
  connections_closed_per_s: number | null;
  mtls: Mtls;
  principals: Principals;
  hosts: string[];
  reporter: "destination" | "waypoint" | "source" | "mixed";
  client: Side | null;
  server: Side | null;
  gap: Gap | null;
  health: "healthy" | "degraded" | "failing" | "idle" | "unknown";
}
/**
 * The share of one outcome.
 *
 * ``code`` is the HTTP status, or the gRPC status number on gRPC edges; "0" on an HTTP edge
 * means that no response was sent. ``flags`` are Envoy's response flags, "" for none.
 */
export interface Response {
  code: string;
  flags: string;
  rps: number;
  error: boolean;
}
/**
 * SPIFFE identities seen on the edge, busiest first, ten at most on each side.
 */
export interface Principals {
  source: string[];
  destination: string[];
}
/**
 * One proxy's account of an edge.
 */
export interface Side {
  rps: number | null;
  error_ratio: number | null;
  client_error_ratio: number | null;
  responses: Response[];
  latency_ms: Latency;
  sent_bps: number | null;
  received_bps: number | null;
  sent_mps: number | null;
  received_mps: number | null;
  connections_per_s: number | null;
  connections_closed_per_s: number | null;
}
/**
 * Where the two proxies' accounts of an edge differ; None where it cannot be told.
 *
 * Only edges that both proxies report have one.
 */
export interface Gap {
  network_ms: number | null;
  unreached_rps: number | null;
  timed_out_rps: number | null;
  abandoned_rps: number | null;
  retried_rps: number | null;
}
/**
 * Ids to remove.
 */
export interface Drop {
  nodes: string[];
  edges: string[];
}
/**
 * Answer of ``GET /api/v1/doctor``: the checks, each of which builds on those before.
 */
export interface Diagnosis {
  at: number;
  state: "green" | "amber" | "red" | "skipped";
  source: SourceFacts;
  checks: Check[];
}
/**
 * What is asked, and what it said of itself.
 */
export interface SourceFacts {
  kind: string;
  flavor: string | null;
  url: string;
  version: string | null;
  scrape_interval_s: number | null;
  clock_offset_s: number | null;
  eras: EraFound[];
  istio_versions: IstioVersion[];
  scraped_times: number | null;
  warnings: string[];
}
/**
 * A generation of Istio's telemetry that the mesh sends.
 */
export interface EraFound {
  era: "mixer-0" | "mixer-1" | "wasm" | "native" | "ztunnel" | "waypoint";
  series: number;
}
/**
 * How many Istio components of one version report (istio_build).
 */
export interface IstioVersion {
  component: string;
  version: string;
  count: number;
}
/**
 * Answer of ``GET /api/v1/distribution``.
 */
export interface Distribution {
  id: string;
  at: number;
  window_s: number;
  sides: DistributionSide[];
}
/**
 * Response times as one side's proxies measured them.
 */
export interface DistributionSide {
  reporter: "client" | "server";
  promql: string;
  url: string | null;
  buckets: Bucket[];
}
/**
 * The client asked for something that does not exist; the view it had goes on.
 */
export interface ErrorFrame {
  type: "error";
  parameter: string;
  detail: string;
  accepted: string;
}
/**
 * One watched look-back window.
 */
export interface FeedStatus {
  window: string;
  window_s: number;
  views: number;
  viewers: number;
  source: SourceStatus;
}
/**
 * Answer of ``GET /api/v1/history``.
 */
export interface History {
  id: string;
  start: number;
  end: number;
  step_s: number;
  window_s: number;
  times: number[];
  series: Series[];
  warnings: string[];
}
/**
 * One line of a chart.
 */
export interface Series {
  field:
    | "rps"
    | "error_rps"
    | "client_error_rps"
    | "latency_ms"
    | "sent_bps"
    | "received_bps"
    | "connections_per_s"
    | "failed_connections_per_s";
  label: string;
  version: string | null;
  way: ("in" | "out") | null;
  reporter: "client" | "server" | "mixed";
  promql: string;
  url: string | null;
  values: (number | null)[];
}
/**
 * What one process serves at most, and what one picture may hold.
 */
export interface Limits {
  viewers: number;
  views: number;
  nodes: number;
  edges: number;
}
/**
 * Answer of ``GET /api/v1/me``: who asks, where people sign in.
 */
export interface Me {
  sign_in: "none" | "users" | "proxy" | "oidc";
  user: string | null;
  role: "viewer" | "editor" | "admin";
  namespaces: string[][] | null;
  csrf_token: string | null;
}
/**
 * Answer of ``GET /api/v1/status``.
 */
export interface MeshvizStatus {
  version: string;
  mode: "embedded" | "scaled";
  limits: Limits;
  protocol: number;
  epoch: string;
  viewers: number;
  windows: string[];
  default_window: string;
  queries_total: number;
  source: SourceFacts;
  feeds: FeedStatus[];
}
/**
 * Why namespaces are drawn although something finer was asked for: it is too large.
 */
export interface Overview {
  asked: "workload" | "app" | "versioned_app" | "service" | "namespace";
  nodes: number;
  edges: number;
  most_nodes: number;
  most_edges: number;
}
/**
 * Answer of ``GET /api/v1/queries``.
 */
export interface Queries {
  id: string;
  at: number;
  window_s: number;
  queries: Query[];
}
/**
 * One number's origin: paste ``promql`` into Prometheus to see it.
 */
export interface Query {
  field: string;
  meaning: string;
  reporter: "source" | "destination" | "waypoint";
  promql: string;
  url: string | null;
  series: number | null;
  age_s: number | null;
}
/**
 * A page under a name: one's own, or one that somebody else shares.
 */
export interface SavedView {
  id: string;
  name: string;
  query: string;
  shared: boolean;
  owner: string;
  mine: boolean;
  created: number;
  updated: number;
}
/**
 * Client to server: what to save. A new view needs a name; what is absent stays as it is.
 */
export interface SavedViewDraft {
  name?: string;
  query?: string;
  shared?: boolean;
  places?: {
    [k: string]: unknown;
  } | null;
}
/**
 * The same with where its nodes lay, as the browser wrote it; None for nothing special.
 */
export interface SavedViewWhole {
  id: string;
  name: string;
  query: string;
  shared: boolean;
  owner: string;
  mine: boolean;
  created: number;
  updated: number;
  places: {
    [k: string]: unknown;
  } | null;
}
/**
 * Answer of ``GET /api/v1/saved-views``: one's own by name, then others' by name.
 */
export interface SavedViews {
  views: SavedView[];
  most: number;
}
/**
 * The whole view. Also what ``GET /api/v1/graph`` answers.
 */
export interface Snapshot {
  type: "snapshot";
  protocol: 1;
  epoch: string;
  seq: number;
  at: number;
  window_s: number;
  graph_type: "workload" | "app" | "versioned_app" | "service" | "namespace";
  overview: Overview | null;
  scope: string[];
  perspective: "auto" | "server" | "client";
  idle: boolean;
  waypoints: boolean;
  operations: boolean;
  collapsed: string[];
  namespaces: string[];
  source: SourceStatus;
  nodes: Node[];
  edges: Edge[];
}
/**
 * No new data: the last graph stays, with its age and the reason.
 */
export interface Status {
  type: "status";
  source: SourceStatus;
}
