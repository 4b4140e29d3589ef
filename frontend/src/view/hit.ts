import type { Box } from "../lib/box";
import { type Point, distance } from "../lib/curve";
import type { Selection } from "../model/page";
import type { DrawnEdge, DrawnNode, Scene } from "./scene";

/** How near to a line counts as on it, in pixels of the screen. */
const REACH_PX = 7;

/** What is at a point of the graph: a node, the title of a box, a node's name, a line, or null. */
export function hit(scene: Scene, at: Point, scale: number): Selection {
  const node = nodeAt(scene, at, scale);
  if (node !== null) return { kind: "node", id: node.id };
  const title = scene.hulls.find(({ handle }) => handle !== null && isIn(handle, at));
  if (title?.namespace) return { kind: "namespace", id: title.namespace };
  const named = namedAt(scene, at);
  if (named !== null) return { kind: "node", id: named.id };
  const edge = edgeAt(scene, at, REACH_PX / scale);
  return edge === null ? null : { kind: "edge", id: edge.id };
}

/** The namespace whose sign to collapse it is at a point; null when there is none. */
export function signAt(scene: Scene, at: Point): string | null {
  return scene.hulls.find(({ sign }) => sign !== null && isIn(sign, at))?.namespace ?? null;
}

function isIn({ x0, y0, x1, y1 }: Box, { x, y }: Point): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

function nodeAt(scene: Scene, at: Point, scale: number): DrawnNode | null {
  let best: DrawnNode | null = null;
  let least = Infinity;
  for (const node of scene.nodes.values()) {
    if (!node.placed) continue;
    const far = Math.hypot(node.x - at.x, node.y - at.y);
    // Far out nodes are specks; they stay as large as a fingertip can aim at.
    const reach = Math.max(node.radius + 3, 8 / scale);
    if (far <= reach && far < least) [best, least] = [node, far];
  }
  return best;
}

/** The node whose name is at a point. */
function namedAt(scene: Scene, at: Point): DrawnNode | null {
  for (const node of scene.nodes.values()) {
    if (node.named !== null && isIn(node.named, at)) return node;
  }
  return null;
}

function edgeAt(scene: Scene, at: Point, reach: number): DrawnEdge | null {
  let best: DrawnEdge | null = null;
  let least = reach;
  for (const edge of scene.edges.values()) {
    if (!isNear(edge, at, reach)) continue;
    const far = distance(edge.curve, at);
    if (far < least) [best, least] = [edge, far];
  }
  return best;
}

function isNear({ curve: c, source, target }: DrawnEdge, at: Point, reach: number): boolean {
  if (!source.placed || !target.placed) return false;
  const left = Math.min(c[0] ?? 0, c[2] ?? 0, c[4] ?? 0, c[6] ?? 0);
  const right = Math.max(c[0] ?? 0, c[2] ?? 0, c[4] ?? 0, c[6] ?? 0);
  const top = Math.min(c[1] ?? 0, c[3] ?? 0, c[5] ?? 0, c[7] ?? 0);
  const bottom = Math.max(c[1] ?? 0, c[3] ?? 0, c[5] ?? 0, c[7] ?? 0);
  return at.x > left - reach && at.x < right + reach && at.y > top - reach && at.y < bottom + reach;
}
