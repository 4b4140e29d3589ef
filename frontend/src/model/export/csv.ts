import type { Edge, Node } from "../entities";
import type { Mesh } from "../mesh";
import { nameOf } from "../names";

type Cell = string | number | boolean | null;
/** Columns by name; the name says the unit. */
type Row = Readonly<Record<string, Cell>>;

/** The nodes of the picture as a table for a spreadsheet. */
export function nodesCsv({ nodes }: Mesh): string {
  return csv(
    [...nodes.values()].map((node) => nodeRow(node)),
    NODE_COLUMNS,
  );
}

/** The edges of the picture as a table for a spreadsheet. */
export function edgesCsv({ nodes, edges }: Mesh): string {
  return csv(
    [...edges.values()].map((edge) => edgeRow(edge, (id) => nameOf(nodes, id))),
    EDGE_COLUMNS,
  );
}

const NODE_COLUMNS = [
  ...["id", "name", "kind", "cluster", "namespace", "workload", "app", "version", "versions"],
  ...["service", "health", "outside", "in_requests_per_s", "in_error_ratio", "in_4xx_ratio"],
  ...["in_received_bytes_per_s", "in_sent_bytes_per_s", "out_requests_per_s", "out_error_ratio"],
  ...["out_4xx_ratio", "out_received_bytes_per_s", "out_sent_bytes_per_s", "latency_avg_ms"],
  ...["latency_p50_ms", "latency_p90_ms", "latency_p95_ms", "latency_p99_ms"],
  ...["mtls_state", "mtls_ratio"],
];

function nodeRow(node: Node): Row {
  return {
    id: node.id,
    name: node.name,
    kind: node.kind,
    cluster: node.cluster,
    namespace: node.namespace,
    workload: node.workload,
    app: node.app,
    version: node.version,
    versions: node.versions.join(" "),
    service: node.service,
    health: node.health,
    outside: node.outside,
    in_requests_per_s: node.in.rps,
    in_error_ratio: node.in.error_ratio,
    in_4xx_ratio: node.in.client_error_ratio,
    in_received_bytes_per_s: node.in.received_bps,
    in_sent_bytes_per_s: node.in.sent_bps,
    out_requests_per_s: node.out.rps,
    out_error_ratio: node.out.error_ratio,
    out_4xx_ratio: node.out.client_error_ratio,
    out_received_bytes_per_s: node.out.received_bps,
    out_sent_bytes_per_s: node.out.sent_bps,
    ...latency(node),
    ...mtls(node),
  };
}

const EDGE_COLUMNS = [
  ...["id", "source", "source_name", "target", "target_name", "protocol", "health"],
  ...["requests_per_s", "error_ratio", "4xx_ratio", "latency_avg_ms", "latency_p50_ms"],
  ...["latency_p90_ms", "latency_p95_ms", "latency_p99_ms", "received_bytes_per_s"],
  ...["sent_bytes_per_s", "received_messages_per_s", "sent_messages_per_s"],
  ...["connections_opened_per_s", "connections_closed_per_s", "mtls_state", "mtls_ratio"],
  ...["source_principals", "target_principals", "hosts", "reporter"],
];

function edgeRow(edge: Edge, name: (id: string) => string): Row {
  return {
    id: edge.id,
    source: edge.source,
    source_name: name(edge.source),
    target: edge.target,
    target_name: name(edge.target),
    protocol: edge.protocol,
    health: edge.health,
    requests_per_s: edge.rps,
    error_ratio: edge.error_ratio,
    "4xx_ratio": edge.client_error_ratio,
    ...latency(edge),
    received_bytes_per_s: edge.received_bps,
    sent_bytes_per_s: edge.sent_bps,
    received_messages_per_s: edge.received_mps,
    sent_messages_per_s: edge.sent_mps,
    connections_opened_per_s: edge.connections_per_s,
    connections_closed_per_s: edge.connections_closed_per_s,
    ...mtls(edge),
    source_principals: edge.principals.source.join(" "),
    target_principals: edge.principals.destination.join(" "),
    hosts: edge.hosts.join(" "),
    reporter: edge.reporter,
  };
}

function latency({ latency_ms: ms }: Pick<Edge, "latency_ms">): Row {
  return {
    latency_avg_ms: ms.avg,
    latency_p50_ms: ms.p50,
    latency_p90_ms: ms.p90,
    latency_p95_ms: ms.p95,
    latency_p99_ms: ms.p99,
  };
}

function mtls({ mtls: { state, ratio } }: Pick<Edge, "mtls">): Row {
  return { mtls_state: state, mtls_ratio: ratio };
}

/** RFC 4180: a line of heads, CRLF after every line, quotes where a field needs them. */
function csv(rows: readonly Row[], columns: readonly string[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((name) => field(row[name] ?? null)))];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

// Spreadsheets take such a text for a formula, whoever wrote it; so they do after white space, and
// with the wide forms of East Asian keyboards.
const FORMULA = /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** What is unknown is empty; 0 would be a claim. */
export function field(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
