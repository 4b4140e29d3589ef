import type { Box } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { mean } from "../../lib/numbers";
import { COLUMN, type LayoutNode, type Link, ROW } from "./types";

const TRIES = 200;

/**
 * Give nodes without a group a place outside all boxes: callers left of what they call, external
 * hosts right of their callers, at the height of their neighbours, never on top of another node.
 */
export function placeLoose(
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  places: (Point | null)[],
  boxes: ReadonlyMap<string, Box>,
): void {
  places.forEach((place, index) => {
    if (place === null) places[index] = spot(index, nodes, links, places, boxes);
  });
}

function spot(
  index: number,
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  places: readonly (Point | null)[],
  boxes: ReadonlyMap<string, Box>,
): Point {
  const callees = links.flatMap(([source, target]) => (source === index ? [target] : []));
  const callers = links.flatMap(([source, target]) => (target === index ? [source] : []));
  const isCaller = callees.length > 0 && callers.length === 0;
  const around = isCaller ? callees : callers;
  const spots = around.map((other) => places[other] ?? null).filter((p) => p !== null);
  const groups = around.map((other) => boxes.get(nodes[other]?.group ?? ""));
  const edges = groups.filter((box) => box !== undefined);
  const start = {
    x: isCaller ? left(edges, spots) : right(edges, spots),
    y: mean(spots.map((p) => p.y)),
  };
  return free(start, isCaller ? -1 : 1, places, [...boxes.values()]);
}

function left(boxes: readonly Box[], spots: readonly Point[]): number {
  const edges = [...boxes.map((box) => box.x0), ...spots.map((p) => p.x)];
  return (edges.length === 0 ? 0 : Math.min(...edges)) - COLUMN / 2;
}

function right(boxes: readonly Box[], spots: readonly Point[]): number {
  const edges = [...boxes.map((box) => box.x1), ...spots.map((p) => p.x)];
  return (edges.length === 0 ? 0 : Math.max(...edges)) + COLUMN / 2;
}

/** The nearest free place: up and down first, then one column further out. */
function free(
  start: Point,
  outward: 1 | -1,
  places: readonly (Point | null)[],
  boxes: readonly Box[],
): Point {
  for (let i = 0; i < TRIES; i++) {
    const step = i % 9;
    const y = start.y + (step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2) * ROW;
    const candidate = { x: start.x + outward * Math.floor(i / 9) * COLUMN, y };
    if (isFree(candidate, places, boxes)) return candidate;
  }
  return start;
}

function isFree(p: Point, places: readonly (Point | null)[], boxes: readonly Box[]): boolean {
  const near = places.some(
    (q) => q !== null && Math.abs(q.x - p.x) < COLUMN * 0.6 && Math.abs(q.y - p.y) < ROW * 0.8,
  );
  const margin = COLUMN * 0.3;
  const inside = boxes.some(
    (box) =>
      p.x > box.x0 - margin &&
      p.x < box.x1 + margin &&
      p.y > box.y0 - ROW / 2 &&
      p.y < box.y1 + ROW / 2,
  );
  return !near && !inside;
}
