import type { Node } from "./entities";
import type { Mesh } from "./mesh";

/** Ids of the nodes in which every word of `text` occurs; null when nothing is asked. */
export function matches(mesh: Mesh, text: string): ReadonlySet<string> | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const found = [...mesh.nodes.values()].filter((node) => hasAll(node, words));
  return new Set(found.map((node) => node.id));
}

function hasAll(node: Node, words: readonly string[]): boolean {
  const parts = [node.name, node.namespace, node.workload, node.app, node.service, node.version];
  const text = [...parts, node.kind, node.health].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}
