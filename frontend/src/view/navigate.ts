import type { DrawnNode, Scene } from "./scene";

export type Direction = "left" | "right" | "up" | "down";

/** The node that lies next in a direction from `from`; the leftmost one when nothing is chosen. */
export function nextNode(scene: Scene, from: DrawnNode | null, way: Direction): DrawnNode | null {
  const nodes = [...scene.nodes.values()].filter((node) => node.placed);
  if (from === null) return nodes.sort((a, b) => a.x - b.x || a.y - b.y)[0] ?? null;
  let best: DrawnNode | null = null;
  let least = Infinity;
  for (const node of nodes) {
    const cost = costOf(node.x - from.x, node.y - from.y, way);
    if (node !== from && cost < least) [best, least] = [node, cost];
  }
  return best;
}

/** Distance along the way, with sideways steps dear; Infinity behind. */
function costOf(dx: number, dy: number, way: Direction): number {
  const isSideways = way === "left" || way === "right";
  const sign = way === "left" || way === "up" ? -1 : 1;
  const ahead = (isSideways ? dx : dy) * sign;
  const aside = Math.abs(isSideways ? dy : dx);
  return ahead <= 1 ? Infinity : ahead + aside * 2.5;
}
