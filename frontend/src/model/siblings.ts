import type { Node } from "./entities";
import type { Mesh } from "./mesh";
import { byParts } from "./versions";

/** The versions of a node's app that are drawn as nodes of their own, itself among them, by name. */
export function siblingsOf(mesh: Mesh, node: Node): readonly Node[] {
  const { app, namespace, cluster, version } = node;
  if (app === null || version === null) return [];
  return [...mesh.nodes.values()]
    .filter(
      (other) =>
        other.app === app &&
        other.namespace === namespace &&
        other.cluster === cluster &&
        other.kind === node.kind &&
        other.version !== null,
    )
    .sort((a, b) => byParts.compare(a.version ?? "", b.version ?? ""));
}
