import { HEALTHS, type Node } from "./entities";
import type { Mesh } from "./mesh";

/** Nodes whose health is worse than before, the worst first, and those that are well again. */
export interface HealthChanges {
  readonly worse: readonly Node[];
  readonly better: readonly Node[];
}

const NONE: HealthChanges = { worse: [], better: [] };

/** What changed between two states of one picture; between two pictures, nothing did. */
export function healthChanges(before: Mesh, after: Mesh): HealthChanges {
  const isSamePicture =
    before.graphType === after.graphType && before.scope.join("\n") === after.scope.join("\n");
  if (!isSamePicture || before.nodes === after.nodes) return NONE;
  const changed = [...after.nodes.values()].filter((node) => {
    const old = before.nodes.get(node.id);
    return old !== undefined && old.health !== node.health;
  });
  const worse = changed.filter((node) => isTroubled(node));
  const better = changed.filter((node) => {
    const old = before.nodes.get(node.id);
    return node.health === "healthy" && old !== undefined && isTroubled(old);
  });
  return { worse: worse.sort(worstFirst), better };
}

function isTroubled({ health }: Node): boolean {
  return health === "failing" || health === "degraded";
}

function worstFirst(a: Node, b: Node): number {
  return HEALTHS.indexOf(a.health) - HEALTHS.indexOf(b.health) || (a.id < b.id ? -1 : 1);
}
