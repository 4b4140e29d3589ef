import type { Delta, Edge, Node, Snapshot } from "../../../frontend/src/wire/types";

/** What has been said about the mesh so far. */
export interface Mesh {
  seq: number;
  readonly nodes: Map<string, Node>;
  readonly edges: Map<string, Edge>;
}

export function meshOf(snapshot: Snapshot): Mesh {
  return {
    seq: snapshot.seq,
    nodes: new Map(snapshot.nodes.map((node) => [node.id, node])),
    edges: new Map(snapshot.edges.map((edge) => [edge.id, edge])),
  };
}

export function apply(mesh: Mesh, delta: Delta): void {
  for (const id of delta.drop.nodes) mesh.nodes.delete(id);
  for (const id of delta.drop.edges) mesh.edges.delete(id);
  for (const node of delta.put.nodes) mesh.nodes.set(node.id, node);
  for (const edge of delta.put.edges) mesh.edges.set(edge.id, edge);
  mesh.seq = delta.seq;
}
