/**
 * Where every node goes.
 *
 * 1. Nodes that have a place keep it, exactly.
 * 2. A group (namespace) of which nothing is placed yet is laid out as a block, callers left, and
 *    the block is set beside the others.
 * 3. Newcomers to a placed group join beside their neighbours.
 * 4. A node without a group is a block of its own, set outside the others' boxes.
 *
 * The same input gives the same picture in every browser.
 */
import { type Box, around, grow, overlaps } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { layered } from "./layered";
import { joinNewcomers } from "./newcomers";
import { type Block, pack } from "./pack";
import { type LayoutNode, type Link, OPEN_GROUP } from "./types";

/** The space a group's box needs round its outer nodes: badges, labels, title. */
export const BOX_MARGIN = 58;

/** Like `layout`; a young picture whose newcomers pushed boxes into each other is laid out anew. */
export function arranged(
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  isYoung: boolean,
): Float32Array {
  const places = layout(nodes, links);
  if (!isYoung || !hasMetBoxes(nodes, places)) return places;
  return layout(
    nodes.map((node) => ({ ...node, place: null })),
    links,
  );
}

function hasMetBoxes(nodes: readonly LayoutNode[], places: Float32Array): boolean {
  const points = nodes.map((_, i) => ({ x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0 }));
  const isDrawn = (group: string) => group !== OPEN_GROUP && !isLone(group);
  const boxes = [...boxesOf(byGroup(nodes), points)].filter(([group]) => isDrawn(group));
  return boxes.some(([, a], i) => boxes.slice(i + 1).some(([, b]) => overlaps(a, b)));
}

export function layout(nodes: readonly LayoutNode[], links: readonly Link[]): Float32Array {
  const places = nodes.map((node) => node.place);
  const groups = byGroup(nodes);
  placeNewGroups(groups, nodes, links, places);
  joinNewcomers(nodes, links, places, unplaced(nodes, places));
  return Float32Array.from(places.flatMap((p) => [p?.x ?? 0, p?.y ?? 0]));
}

function byGroup(nodes: readonly LayoutNode[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  nodes.forEach((node, index) => {
    const group = groupOf(node);
    groups.set(group, [...(groups.get(group) ?? []), index]);
  });
  return groups;
}

/** The group's name; of a node that stands alone, a name that no namespace can have. */
function groupOf(node: LayoutNode | undefined): string {
  return node?.group ? node.group : `\n${node?.id ?? ""}`;
}

function unplaced(nodes: readonly LayoutNode[], places: readonly (Point | null)[]): number[] {
  return [...nodes.keys()].filter((i) => places[i] === null);
}

function boxesOf(
  groups: ReadonlyMap<string, number[]>,
  places: readonly (Point | null)[],
): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const [group, members] of groups) {
    const known = members.map((i) => places[i] ?? null).filter((p) => p !== null);
    if (known.length > 0) boxes.set(group, grow(around(known), BOX_MARGIN));
  }
  return boxes;
}

/** Lay out groups that are wholly new, each as a block, and pack the blocks beside the rest. */
function placeNewGroups(
  groups: ReadonlyMap<string, number[]>,
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  places: (Point | null)[],
): void {
  const fixedBoxes = boxesOf(groups, places);
  const names = packingOrder(groups, nodes, links);
  const inner = new Map<string, Point[]>();
  for (const name of names) {
    if (!fixedBoxes.has(name))
      inner.set(name, layoutGroup(groups.get(name) ?? [], links, name === OPEN_GROUP));
  }
  const blocks = names.map((name) => block(name, names, nodes, links, inner.get(name)));
  const fixed = new Map([...fixedBoxes].map(([name, box]) => [names.indexOf(name), box]));
  const boxes = pack(blocks, fixed);
  names.forEach((name, i) => {
    const box = boxes.get(i);
    const relative = inner.get(name);
    if (box && relative) putInto(box, relative, groups.get(name) ?? [], places);
  });
}

function layoutGroup(members: readonly number[], links: readonly Link[], isOpen: boolean): Point[] {
  const local = new Map(members.map((index, i) => [index, i]));
  const inside = links.flatMap(([source, target]): Link[] => {
    const a = local.get(source);
    const b = local.get(target);
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  const places = layered(members.length, inside);
  return isOpen ? places.map(({ x, y }) => ({ x: x * 1.35, y: y * 1.7 })) : places;
}

function putInto(
  box: Box,
  relative: readonly Point[],
  members: readonly number[],
  places: (Point | null)[],
): void {
  const own = around(relative);
  members.forEach((index, i) => {
    const p = relative[i] ?? { x: 0, y: 0 };
    places[index] = {
      x: box.x0 + BOX_MARGIN + p.x - own.x0,
      y: box.y0 + BOX_MARGIN + p.y - own.y0,
    };
  });
}

function block(
  name: string,
  names: readonly string[],
  nodes: readonly LayoutNode[],
  links: readonly Link[],
  relative: readonly Point[] | undefined,
): Block {
  const own = relative === undefined ? { x0: 0, y0: 0, x1: 0, y1: 0 } : around(relative);
  const index = new Map(names.map((other, i) => [other, i]));
  const ties = links.flatMap(([source, target]): Block["ties"] => {
    const from = groupOf(nodes[source]);
    const to = groupOf(nodes[target]);
    if (from === to || (from !== name && to !== name)) return [];
    const other = index.get(from === name ? to : from);
    return other === undefined ? [] : [{ block: other, direction: from === name ? 1 : -1 }];
  });
  return {
    width: own.x1 - own.x0 + 2 * BOX_MARGIN,
    height: own.y1 - own.y0 + 2 * BOX_MARGIN,
    ties,
  };
}

/**
 * First what nobody calls (it stands left), then always the largest group that talks to one
 * already in line, so that neighbours are placed while there is room beside each other.
 */
function packingOrder(
  groups: ReadonlyMap<string, number[]>,
  nodes: readonly LayoutNode[],
  links: readonly Link[],
): string[] {
  const ties = tiesBetween(nodes, links);
  const size = (name: string) => groups.get(name)?.length ?? 0;
  const rest = [...groups.keys()].sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  const line = rest.filter(
    (name) => ties.calling.has(name) && !ties.called.has(name) && !isLone(name),
  );
  const queued = new Set(line);
  while (line.length < rest.length) {
    const open = rest.filter((name) => !queued.has(name));
    const isTied = (name: string) => line.some((other) => ties.pairs.has(`${name}|${other}`));
    const next =
      open.find((name) => !isLone(name) && isTied(name)) ??
      open.find((name) => !isLone(name)) ??
      open[0];
    if (next === undefined) break;
    line.push(next);
    queued.add(next);
  }
  return line;
}

/** Nodes without a group come last: they fit in anywhere. */
function isLone(name: string): boolean {
  return name.startsWith("\n");
}

function tiesBetween(nodes: readonly LayoutNode[], links: readonly Link[]) {
  const called = new Set<string>();
  const calling = new Set<string>();
  const pairs = new Set<string>();
  for (const [source, target] of links) {
    const from = groupOf(nodes[source]);
    const to = groupOf(nodes[target]);
    if (from === to) continue;
    calling.add(from);
    // A lone caller, such as an unknown client, does not make a group less of an entry.
    if (!isLone(from)) called.add(to);
    pairs.add(`${from}|${to}`).add(`${to}|${from}`);
  }
  return { called, calling, pairs };
}
