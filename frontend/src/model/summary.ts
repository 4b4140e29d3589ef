import { type Edge, HEALTHS, type Health, type Node } from "./entities";
import type { Mesh } from "./mesh";

/** What the status bar and the overview say about the whole picture. */
export interface Summary {
  nodes: number;
  edges: number;
  /** Requests per second on all drawn edges together, each request's way counted once. */
  rps: number;
  edgesByHealth: Record<Health, number>;
  /** Edges that are degraded or failing, worst first. */
  troubled: readonly Edge[];
  /** Edges with traffic in plain text, the least encrypted first. */
  unencrypted: readonly Edge[];
  /** The few edges with the longest p95, healthy or not. */
  slowest: readonly Edge[];
  /** How many edges are in trouble or not encrypted. */
  attention: number;
}

// Whoever waits for somebody slow is slow as well: with fewer, the last of a chain would be missing.
const SLOWEST = 5;

export function summarise(mesh: Mesh): Summary {
  const edges = [...mesh.edges.values()];
  const edgesByHealth: Record<Health, number> = {
    failing: 0,
    degraded: 0,
    healthy: 0,
    idle: 0,
    unknown: 0,
  };
  let rps = 0;
  for (const edge of edges) {
    edgesByHealth[edge.health] += 1;
    if (!isCountedElsewhere(mesh, edge)) rps += edge.rps ?? 0;
  }
  const troubled = worstFirst(
    edges.filter((e) => e.health === "failing" || e.health === "degraded"),
  );
  const unencrypted = leastEncryptedFirst(edges);
  const attention = new Set([...troubled, ...unencrypted]).size;
  const sizes = { nodes: mesh.nodes.size, edges: edges.length, rps, edgesByHealth, attention };
  return { ...sizes, troubled, unencrypted, slowest: slowestFirst(edges).slice(0, SLOWEST) };
}

/** Whether other edges have these requests too: those that operations lead on, or the whole of a leg. */
export function isCountedElsewhere({ nodes, waypoints }: Mesh, { source, target }: Edge): boolean {
  const ends = [source, target].map((id) => nodes.get(id)?.kind);
  return ends[1] === "operation" || (waypoints && ends.includes("waypoint"));
}

export function leastEncryptedFirst(edges: readonly Edge[]): Edge[] {
  return edges
    .filter(({ mtls }) => mtls.state === "plaintext" || mtls.state === "mixed")
    .sort((a, b) => (a.mtls.ratio ?? 0) - (b.mtls.ratio ?? 0) || (a.id < b.id ? -1 : 1));
}

export function slowestFirst(edges: readonly Edge[]): Edge[] {
  const p95 = ({ latency_ms }: Edge) => latency_ms.p95 ?? 0;
  return edges
    .filter((edge) => p95(edge) > 0)
    .sort((a, b) => p95(b) - p95(a) || (a.id < b.id ? -1 : 1));
}

/** Edges by health, share of errors, then traffic: what an operator should look at first. */
export function worstFirst(edges: readonly Edge[]): Edge[] {
  return [...edges].sort(
    (a, b) =>
      HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health) ||
      (b.error_ratio ?? 0) - (a.error_ratio ?? 0) ||
      (b.rps ?? 0) - (a.rps ?? 0) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** Nodes in the same order. */
export function worstNodesFirst(nodes: readonly Node[]): Node[] {
  return [...nodes].sort(
    (a, b) =>
      HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health) ||
      (b.in.rps ?? 0) - (a.in.rps ?? 0) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** The edges that end at, or start from, a node: its callers and what it calls. */
export function edgesAt(mesh: Mesh, id: string): { inbound: Edge[]; outbound: Edge[] } {
  const edges = [...mesh.edges.values()];
  return {
    inbound: worstFirst(edges.filter((edge) => edge.target === id)),
    outbound: worstFirst(edges.filter((edge) => edge.source === id)),
  };
}
