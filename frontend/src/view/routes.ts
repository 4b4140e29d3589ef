import { type Curve, type Point, curve, distance, length, quadratic } from "../lib/curve";
import type { DrawnEdge, DrawnNode, Scene } from "./scene";

/** The space between two parallel lines, as a share of their length. */
const LANE = 0.3;
const GAP = 4;
/** Room for the arrow head before the target. */
const HEAD = 7;
// Tried in this order; the first that passes no strange node wins.
const DETOURS = [0, 0.16, -0.16, 0.3, -0.3, 0.45, -0.45] as const;
// A bend grows with the line: round a far obstacle it would be an arc across the whole picture.
const LONGEST_DETOUR = 700;
// Above this, looking for nodes in the way costs more than it helps at that zoom.
const MOST_CHECKS = 600_000;

/** Choose how each line bends: parallel lines apart, single lines round strange nodes. */
export function bendLines(scene: Scene): void {
  const placed = [...scene.nodes.values()].filter((node) => node.placed);
  const isCheap = placed.length * scene.edges.size <= MOST_CHECKS;
  for (const lane of lanes(scene)) {
    if (lane.length > 1) spread(lane);
    else for (const edge of lane) edge.bend = isCheap ? detour(edge, placed) : 0;
  }
  for (const edge of scene.edges.values()) draw(edge);
}

/** Recompute the lines at one node, as while it is dragged. */
export function redrawLinesAt(scene: Scene, node: DrawnNode): void {
  for (const edge of scene.edges.values()) {
    if (edge.source === node || edge.target === node) draw(edge);
  }
}

/** Recompute every line without choosing anew, as while nodes glide to new places. */
export function redrawLines(scene: Scene): void {
  for (const edge of scene.edges.values()) draw(edge);
}

function lanes(scene: Scene): DrawnEdge[][] {
  const pairs = new Map<string, DrawnEdge[]>();
  for (const edge of scene.edges.values()) {
    const key = [edge.source.id, edge.target.id].sort().join("|");
    pairs.set(key, [...(pairs.get(key) ?? []), edge]);
  }
  return [...pairs.values()];
}

function spread(lane: DrawnEdge[]): void {
  lane.sort((a, b) => (a.id < b.id ? -1 : 1));
  lane.forEach((edge, i) => {
    const offset = (i - (lane.length - 1) / 2) * LANE;
    // A bend is to the left of the way; a line the other way must bend the other way.
    edge.bend = edge.source.id < edge.target.id ? offset : -offset;
    if (edge.source === edge.target) edge.bend = i;
  });
}

function detour(edge: DrawnEdge, nodes: readonly DrawnNode[]): number {
  const { source, target } = edge;
  if (source === target) return 0;
  if (Math.hypot(target.x - source.x, target.y - source.y) > LONGEST_DETOUR) return 0;
  let choice = 0;
  let fewest = Infinity;
  for (const bend of DETOURS) {
    const line = lineOf(edge.source, edge.target, bend);
    const hits = nodes.filter((node) => isInTheWay(node, edge, line)).length;
    if (hits < fewest) [choice, fewest] = [bend, hits];
    if (fewest === 0) break;
  }
  return choice;
}

function isInTheWay(node: DrawnNode, edge: DrawnEdge, line: Curve): boolean {
  if (node === edge.source || node === edge.target) return false;
  const reach = node.radius + 10;
  const xs = [line[0] ?? 0, line[2] ?? 0, line[4] ?? 0, line[6] ?? 0];
  const ys = [line[1] ?? 0, line[3] ?? 0, line[5] ?? 0, line[7] ?? 0];
  if (node.x < Math.min(...xs) - reach || node.x > Math.max(...xs) + reach) return false;
  if (node.y < Math.min(...ys) - reach || node.y > Math.max(...ys) + reach) return false;
  return distance(line, node) < reach;
}

function draw(edge: DrawnEdge): void {
  const { source, target } = edge;
  edge.curve = source === target ? loop(source, edge.bend) : lineOf(source, target, edge.bend);
  edge.length = length(edge.curve);
}

/** The line between two nodes' borders; `bend` moves its middle to the left of the way. */
export function lineOf(a: DrawnNode, b: DrawnNode, bend: number): Curve {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const middle = { x: (a.x + b.x) / 2 + dy * bend, y: (a.y + b.y) / 2 - dx * bend };
  const start = towards(a, middle, a.radius + GAP);
  const end = towards(b, middle, b.radius + GAP + HEAD);
  return quadratic(start, middle, end);
}

function towards(from: Point, to: Point, by: number): Point {
  const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  // Two nodes that touch still get a line, if a short one.
  const share = Math.min(0.45, by / far);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** A call to itself: a loop over the node; further ones stand wider. */
function loop(node: DrawnNode, index: number): Curve {
  const reach = node.radius + GAP;
  const wide = reach * (1.6 + index * 0.8);
  const high = reach * (2.6 + index * 0.8);
  const start = { x: node.x - reach * 0.7, y: node.y - reach * 0.7 };
  const end = { x: node.x + reach * 0.7 + HEAD * 0.5, y: node.y - reach * 0.7 - HEAD * 0.7 };
  return curve(
    start,
    { x: node.x - wide, y: node.y - high },
    { x: node.x + wide, y: node.y - high },
    end,
  );
}
