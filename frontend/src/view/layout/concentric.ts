import type { Point } from "../../lib/curve";
import { neighbours } from "./layered";
import { separate } from "./separate";
import { type LayoutNode, type Link, ROW } from "./types";

/** From ring to ring, and from node to node on a ring. */
const RING = 200;
const APART = 150;
/** Rings that are too full lie in several lines, so far from each other. */
const LINE = ROW * 1.15;
/** Screens are wider than high. */
const WIDE = 1.25;

/**
 * Rings round one node: who talks with it on the first, callees right and callers left, who talks
 * with those on the second, and so on. Nodes stand near
 * those of the rings within that they talk to, so that lines lead outwards. What has no way to the
 * centre is left out.
 */
export function inRings(
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  centre: number,
): Map<number, Point> {
  const near = neighbours(nodes.length, links);
  const callees = new Set(links.filter(([from]) => from === centre).map(([, to]) => to));
  const angles = new Map<number, number>();
  const places = new Map<number, Point>([[centre, { x: 0, y: 0 }]]);
  let radius = 0;
  for (const ring of ringsOf(near, centre)) {
    const wish = wishes(ring, nodes, near, (index) => {
      if (index === centre) return null;
      return angles.get(index) ?? null;
    });
    if (radius === 0) for (const index of ring) wish.set(index, callees.has(index) ? 0 : Math.PI);
    const order = [...ring].sort((a, b) => byWish(a, b, wish, nodes));
    const turn = rotation(order, wish);
    const inner = radius + RING;
    const lines = Math.max(1, Math.ceil((ring.length * APART) / (2 * Math.PI * inner)));
    order.forEach((index, i) => {
      const angle = turn + (2 * Math.PI * i) / order.length;
      const r = inner + (i % lines) * LINE;
      angles.set(index, angle);
      places.set(index, { x: Math.cos(angle) * r * WIDE, y: Math.sin(angle) * r });
    });
    radius = inner + (lines - 1) * LINE;
  }
  return apart(places, nodes);
}

/** Full rings end beside where they begin; what meets there moves a little. */
function apart(places: Map<number, Point>, nodes: readonly LayoutNode[]): Map<number, Point> {
  const indices = [...places.keys()];
  const points = [...places.values()];
  const widths = indices.map((index) => Math.min(APART * 0.9, nodes[index]?.width ?? 0));
  separate(
    points,
    widths,
    indices.map(() => ROW * 0.85),
  );
  return places;
}

/** The nodes by their hops from the centre, which is left out. */
function ringsOf(near: readonly number[][], centre: number): number[][] {
  const seen = new Set([centre]);
  const rings: number[][] = [];
  let ring = [centre];
  while (ring.length > 0) {
    const next = new Set(ring.flatMap((index) => near[index] ?? []));
    ring = [...next].filter((index) => !seen.has(index)).sort((a, b) => a - b);
    for (const index of ring) seen.add(index);
    if (ring.length > 0) rings.push(ring);
  }
  return rings;
}

/** The angle at which each node of a ring would like to stand; versions of an app have one. */
function wishes(
  ring: readonly number[],
  nodes: readonly LayoutNode[],
  near: readonly number[][],
  angleOf: (index: number) => number | null,
): Map<number, number> {
  const key = (index: number) => nodes[index]?.family || `\n${index}`;
  const sums = new Map<string, Point>();
  for (const index of ring) {
    const sum = sums.get(key(index)) ?? { x: 0, y: 0 };
    for (const other of near[index] ?? []) {
      const angle = angleOf(other);
      if (angle === null) continue;
      sum.x += Math.cos(angle);
      sum.y += Math.sin(angle);
    }
    sums.set(key(index), sum);
  }
  return new Map(
    ring.map((index) => {
      const { x, y } = sums.get(key(index)) ?? { x: 0, y: 0 };
      return [index, Math.atan2(y, x)];
    }),
  );
}

function byWish(
  a: number,
  b: number,
  wish: ReadonlyMap<number, number>,
  nodes: readonly LayoutNode[],
): number {
  const far = (wish.get(a) ?? 0) - (wish.get(b) ?? 0);
  if (Math.abs(far) > 1e-9) return far;
  const [one, other] = [nodes[a], nodes[b]];
  const text = (node: LayoutNode | undefined) => `${node?.group} ${node?.family}`;
  return text(one) < text(other) ? -1 : text(one) > text(other) ? 1 : a - b;
}

/** How far to turn an evenly filled ring so that its nodes stand near their wishes. */
function rotation(order: readonly number[], wish: ReadonlyMap<number, number>): number {
  let [x, y] = [0, 0];
  order.forEach((index, i) => {
    const off = (wish.get(index) ?? 0) - (2 * Math.PI * i) / order.length;
    x += Math.cos(off);
    y += Math.sin(off);
  });
  return Math.atan2(y, x);
}
