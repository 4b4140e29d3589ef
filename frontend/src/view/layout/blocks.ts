import { type Box, around, grow, shift, union } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { boxesOf, byGroup, callsBetween, marginOf, packingOrder } from "./groups";
import type { Columned } from "./layered";
import { type Block, pack } from "./pack";
import { type LayoutNode, type Link, OPEN_GROUP } from "./types";
import { spread, unitsOf } from "./units";

/** How the inside of a block is laid out. */
export type Inner = (columned: Columned) => Point[];
type Calls = readonly (readonly [string, string])[];

/** The space between the boxes of namespaces and that of their cluster. */
const CLUSTER_MARGIN = 46;

/**
 * Lay out groups of which nothing is placed yet, each as a block, and pack the blocks beside the
 * rest; in a picture that is wholly new, first those of each cluster.
 */
export function placeBlocks(
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  places: (Point | null)[],
  inner: Inner,
): void {
  const groups = byGroup(nodes);
  const fixed = boxesOf(groups, places);
  const calls = callsBetween(groups, links);
  const fresh = new Map<string, Map<number, Point>>();
  for (const [name, members] of groups) {
    if (!fixed.has(name)) fresh.set(name, inside(name, members, nodes, links, inner));
  }
  const sizes = new Map<string, Box>(
    [...fresh].map(([name, at]) => [name, grow(around([...at.values()]), marginOf(name))]),
  );
  const order = packingOrder(groups, calls);
  const isWhole = fixed.size === 0;
  const boxes = isWhole
    ? packClusters(order, clustersOf(groups, nodes), sizes, calls)
    : packNames(order, sizes, calls, fixed);
  for (const [name, at] of fresh) put(at, sizes.get(name), boxes.get(name), places);
}

function inside(
  name: string,
  members: readonly number[],
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  inner: Inner,
): Map<number, Point> {
  const units = unitsOf(nodes, members, links);
  const centres = inner(units);
  // Namespaces as nodes are larger, and their names longer.
  const isOpen = name === OPEN_GROUP;
  return spread(units, isOpen ? centres.map(({ x, y }) => ({ x: x * 1.35, y: y * 1.7 })) : centres);
}

function put(
  at: ReadonlyMap<number, Point>,
  own: Box | undefined,
  box: Box | undefined,
  places: (Point | null)[],
): void {
  if (own === undefined || box === undefined) return;
  for (const [index, { x, y }] of at) {
    places[index] = { x: x + box.x0 - own.x0, y: y + box.y0 - own.y0 };
  }
}

/** The cluster of each group. */
function clustersOf(
  groups: ReadonlyMap<string, readonly number[]>,
  nodes: readonly LayoutNode[],
): Map<string, string> {
  return new Map(
    [...groups].map(([name, members]) => {
      const cluster = nodes[members[0] ?? 0]?.cluster ?? "";
      return [name, cluster === "" ? name : `cluster ${cluster}`];
    }),
  );
}

/** Pack the groups of each cluster, then the clusters; groups without one are their own. */
function packClusters(
  order: readonly string[],
  clusterOf: ReadonlyMap<string, string>,
  sizes: ReadonlyMap<string, Box>,
  calls: Calls,
): Map<string, Box> {
  const clusters = [...new Set(order.map((name) => clusterOf.get(name) ?? name))];
  if (clusters.length === order.length) return packNames(order, sizes, calls, new Map());
  const inner = new Map<string, Map<string, Box>>();
  const outer = new Map<string, Box>();
  for (const cluster of clusters) {
    const names = order.filter((name) => clusterOf.get(name) === cluster);
    const boxes = packNames(names, sizes, calls, new Map());
    inner.set(cluster, boxes);
    const margin = cluster === names[0] ? 0 : CLUSTER_MARGIN;
    outer.set(cluster, grow([...boxes.values()].reduce(union), margin));
  }
  const between = calls.flatMap(([from, to]): [string, string][] => {
    const [a, b] = [clusterOf.get(from) ?? from, clusterOf.get(to) ?? to];
    return a === b ? [] : [[a, b]];
  });
  const spots = packNames(clusters, outer, between, new Map());
  return new Map(
    [...inner].flatMap(([cluster, boxes]) => {
      const [from, to] = [outer.get(cluster), spots.get(cluster)];
      const [dx, dy] = from && to ? [to.x0 - from.x0, to.y0 - from.y0] : [0, 0];
      return [...boxes].map(([name, box]) => [name, shift(box, dx, dy)] as const);
    }),
  );
}

function packNames(
  names: readonly string[],
  sizes: ReadonlyMap<string, Box>,
  calls: Calls,
  fixed: ReadonlyMap<string, Box>,
): Map<string, Box> {
  const index = new Map(names.map((name, i) => [name, i]));
  const ties: Block["ties"][number][][] = names.map(() => []);
  for (const [from, to] of calls) {
    const [a, b] = [index.get(from), index.get(to)];
    if (a === undefined || b === undefined) continue;
    ties[a]?.push({ block: b, direction: 1 });
    ties[b]?.push({ block: a, direction: -1 });
  }
  const blocks = names.map((name, i): Block => {
    const { x0, y0, x1, y1 } = sizes.get(name) ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
    return { width: x1 - x0, height: y1 - y0, ties: ties[i] ?? [] };
  });
  const known = [...fixed].map(([name, box]) => [index.get(name) ?? -1, box] as const);
  const packed = pack(blocks, new Map(known));
  return new Map(
    names.flatMap((name, i) => {
      const box = packed.get(i);
      return box === undefined ? [] : [[name, box] as const];
    }),
  );
}
