/** Builders for tests: whole entities with defaults, changed by what a test is about. */
import type { Delta, Snapshot } from "../wire/types";
import type {
  Check,
  Diagnosis,
  Edge,
  Gap,
  History,
  Node,
  Query,
  Rates,
  Series,
  Side,
  SourceFacts,
  SourceStatus,
} from "../model/entities";

const NO_RATES: Rates = {
  rps: null,
  error_ratio: null,
  client_error_ratio: null,
  sent_bps: null,
  received_bps: null,
};

const NO_LATENCY = { avg: null, p50: null, p90: null, p95: null, p99: null };

export function node(id: string, change: Partial<Node> = {}): Node {
  return {
    id,
    kind: "workload",
    name: id,
    cluster: null,
    namespace: "shop",
    workload: id,
    app: id,
    version: null,
    versions: [],
    service: null,
    health: "healthy",
    outside: false,
    in: NO_RATES,
    out: NO_RATES,
    responses: [],
    latency_ms: NO_LATENCY,
    mtls: { state: "unknown", ratio: null },
    principals: [],
    ...change,
  };
}

/** The node for all callers, or callees, in namespaces that the viewer may not see. */
export function outsider(end: "callers" | "callees", change: Partial<Node> = {}): Node {
  const nobody = { namespace: null, workload: null, app: null };
  return node(`z/${end}`, {
    ...nobody,
    kind: "outside",
    name: "outside",
    health: "unknown",
    outside: true,
    ...change,
  });
}

export function side(change: Partial<Side> = {}): Side {
  return {
    rps: 1,
    error_ratio: 0,
    client_error_ratio: 0,
    responses: [],
    latency_ms: NO_LATENCY,
    sent_bps: null,
    received_bps: null,
    sent_mps: null,
    received_mps: null,
    connections_per_s: null,
    connections_closed_per_s: null,
    ...change,
  };
}

export function edge(source: string, target: string, change: Partial<Edge> = {}): Edge {
  const protocol = change.protocol ?? "http";
  return {
    id: `${source}|${target}|${protocol}`,
    source,
    target,
    protocol,
    rps: 1,
    error_ratio: 0,
    client_error_ratio: 0,
    responses: [],
    latency_ms: NO_LATENCY,
    sent_bps: null,
    received_bps: null,
    sent_mps: null,
    received_mps: null,
    connections_per_s: null,
    connections_closed_per_s: null,
    mtls: { state: "mtls", ratio: 1 },
    principals: { source: [], destination: [] },
    hosts: [],
    reporter: "destination",
    client: null,
    server: null,
    gap: null,
    health: "healthy",
    ...change,
  };
}

export function gap(change: Partial<Gap> = {}): Gap {
  return {
    network_ms: null,
    unreached_rps: null,
    timed_out_rps: null,
    abandoned_rps: null,
    retried_rps: null,
    ...change,
  };
}

export function query(field: string, change: Partial<Query> = {}): Query {
  return {
    field,
    meaning: `what ${field} means`,
    reporter: "destination",
    promql: `sum(${field})`,
    url: null,
    series: 3,
    age_s: 1,
    ...change,
  };
}

export function facts(change: Partial<SourceFacts> = {}): SourceFacts {
  return {
    kind: "prometheus",
    flavor: "Prometheus",
    url: "http://prometheus:9090",
    version: "2.53.0",
    scrape_interval_s: 15,
    clock_offset_s: 0,
    eras: [],
    istio_versions: [],
    scraped_times: 1,
    warnings: [],
    ...change,
  };
}

export function check(id: Check["id"], change: Partial<Check> = {}): Check {
  return { id, state: "green", detail: "all is well", advice: "", took_ms: 1, ...change };
}

export function diagnosis(change: Partial<Diagnosis> = {}): Diagnosis {
  return { at: 1000, state: "green", source: facts(), checks: [check("reachability")], ...change };
}

export function status(change: Partial<SourceStatus> = {}): SourceStatus {
  return {
    state: "ok",
    reason: null,
    detail: "",
    advice: "",
    warnings: [],
    age_s: 1,
    slow_age_s: 1,
    scrape_interval_s: 15,
    interval_s: 5,
    cadence_s: 5,
    slow_cadence_s: 5,
    queries: 6,
    query_ms: 20,
    ...change,
  };
}

export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    type: "snapshot",
    protocol: 1,
    epoch: "e1",
    seq: 1,
    at: 1000,
    window_s: 60,
    graph_type: "workload",
    overview: null,
    scope: [],
    perspective: "auto",
    idle: false,
    waypoints: false,
    operations: false,
    collapsed: [],
    namespaces: ["shop"],
    source: status(),
    nodes: [],
    edges: [],
    ...change,
  };
}

export function delta(seq: number, change: Partial<Delta> = {}): Delta {
  return {
    type: "delta",
    epoch: "e1",
    seq,
    at: 1000 + seq,
    source: status(),
    namespaces: null,
    put: { nodes: [], edges: [] },
    drop: { nodes: [], edges: [] },
    ...change,
  };
}

export function series(field: Series["field"], change: Partial<Series> = {}): Series {
  return {
    field,
    label: "",
    version: null,
    way: null,
    reporter: "server",
    promql: `sum(${field})`,
    url: null,
    values: [1, 2, 3],
    ...change,
  };
}

export function history(change: Partial<History> = {}): History {
  return {
    id: "b",
    start: 1000,
    end: 1020,
    step_s: 10,
    window_s: 60,
    times: [1000, 1010, 1020],
    series: [],
    warnings: [],
    ...change,
  };
}
