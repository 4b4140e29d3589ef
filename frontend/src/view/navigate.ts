import type { DrawnNode, Scene } from "./scene";

export type Direction = "left" | "right" | "up" | "down";

/**
 * Walks the graph from node to node: right follows the calls, left goes to the callers, up and
 * down go to the others that are reached from the same node. Where no call leads, up and down go
 * to what lies there, so that every node can be reached.
 */
export class Walk {
  /** How the last node was reached: the siblings of it are what else is reached so. */
  private last: { from: DrawnNode; way: "left" | "right"; to: DrawnNode } | null = null;

  /** The next node in a direction from `from`; the leftmost one when nothing is chosen. */
  next(scene: Scene, from: DrawnNode | null, way: Direction): DrawnNode | null {
    const nodes = [...scene.nodes.values()].filter((node) => node.placed);
    if (from === null) return nodes.sort((a, b) => a.x - b.x || a.y - b.y)[0] ?? null;
    if (way === "left" || way === "right") return this.follow(scene, from, way);
    return this.sibling(scene, from, way) ?? beyond(nodes, from, way);
  }

  private follow(scene: Scene, from: DrawnNode, way: "left" | "right"): DrawnNode | null {
    // Back to where one came from, if that is the way.
    const { last } = this;
    const isBack = last !== null && last.to === from && last.way !== way;
    const ends = endsOf(scene, from, way);
    const to = isBack && ends.includes(last.from) ? last.from : nearest(ends, from);
    if (to !== null) this.last = { from, way, to };
    return to;
  }

  private sibling(scene: Scene, from: DrawnNode, way: "up" | "down"): DrawnNode | null {
    const { last } = this;
    const siblings =
      last?.to === from && scene.nodes.get(last.from.id) === last.from
        ? endsOf(scene, last.from, last.way)
        : endsOf(scene, from, "left").flatMap((caller) => endsOf(scene, caller, "right"));
    const line = [...new Set(siblings)].sort((a, b) => a.y - b.y || a.x - b.x);
    const at = line.indexOf(from);
    const next = at < 0 ? undefined : line[at + (way === "down" ? 1 : -1)];
    if (next === undefined) return null;
    if (last?.to === from) this.last = { ...last, to: next };
    return next;
  }
}

/** What a node calls (right), or what calls it (left). */
function endsOf(scene: Scene, node: DrawnNode, way: "left" | "right"): DrawnNode[] {
  const ends = [...scene.edges.values()].flatMap(({ source, target }) => {
    if (source === target) return [];
    if (way === "right") return source === node ? [target] : [];
    return target === node ? [source] : [];
  });
  return [...new Set(ends)].filter((end) => end.placed);
}

function nearest(nodes: readonly DrawnNode[], from: DrawnNode): DrawnNode | null {
  const far = (node: DrawnNode) => Math.abs(node.y - from.y) * 2 + Math.abs(node.x - from.x);
  return [...nodes].sort((a, b) => far(a) - far(b) || (a.id < b.id ? -1 : 1))[0] ?? null;
}

/** The node that lies next above or below; sideways steps are dear. */
function beyond(
  nodes: readonly DrawnNode[],
  from: DrawnNode,
  way: "up" | "down",
): DrawnNode | null {
  let best: DrawnNode | null = null;
  let least = Infinity;
  for (const node of nodes) {
    const ahead = (node.y - from.y) * (way === "up" ? -1 : 1);
    const cost = ahead <= 1 ? Infinity : ahead + Math.abs(node.x - from.x) * 2.5;
    if (node !== from && cost < least) [best, least] = [node, cost];
  }
  return best;
}
