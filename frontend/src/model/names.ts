import type { Node } from "./entities";

/** A node's name with its version, as the badge under it shows: "reviews v2". */
export function fullName(node: Node): string {
  const { name, version } = node;
  if (version === null || version === "latest") return name;
  // A workload's name often says it already: reviews-v2.
  return name.endsWith(`-${version}`) ? name : `${name} ${version}`;
}

/** The full name of the node with this id; the id itself where the node is not known. */
export function nameOf(nodes: ReadonlyMap<string, Node>, id: string): string {
  const node = nodes.get(id);
  return node === undefined ? id : fullName(node);
}
