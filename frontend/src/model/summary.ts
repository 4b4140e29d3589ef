import { type Edge, HEALTHS, type Health, type Node } from "./entities";
import type { Mesh } from "./mesh";

/** What the status bar and the overview say about the whole picture. */
export interface Summary {
  nodes: number;
  edges: number;
  /** Requests per second on all drawn edges together. */
  rps: number;
  nodesByHealth: Record<Health, number>;
  /** Edges that are degraded or failing, worst first. */
  troubled: readonly Edge[];
}

export function summarise(mesh: Mesh): Summary {
  const nodesByHealth: Record<Health, number> = {
    failing: 0,
    degraded: 0,
    healthy: 0,
    idle: 0,
    unknown: 0,
  };
  for (const node of mesh.nodes.values()) nodesByHealth[node.health] += 1;
  let rps = 0;
  for (const edge of mesh.edges.values()) rps += edge.rps ?? 0;
  const troubled = worstFirst(
    [...mesh.edges.values()].filter((e) => e.health === "failing" || e.health === "degraded"),
  );
  return { nodes: mesh.nodes.size, edges: mesh.edges.size, rps, nodesByHealth, troubled };
}

/** Edges by health, then by traffic: what an operator should look at first. */
export function worstFirst(edges: readonly Edge[]): Edge[] {
  return [...edges].sort(
    (a, b) =>
      HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health) ||
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
