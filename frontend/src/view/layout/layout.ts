/**
 * Where every node goes.
 *
 * 1. Nodes that have a place keep it, exactly.
 * 2. A group (namespace) of which nothing is placed yet is laid out as a block, callers left, and
 *    the block is set beside the others.
 * 3. Newcomers to a placed group join beside their neighbours.
 * 4. Nodes without a group go outside the boxes, beside what they talk to.
 *
 * The same input gives the same picture in every browser.
 */
import { type Box, grow } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { layered } from "./layered";
import { joinNewcomers } from "./newcomers";
import { placeLoose } from "./loose";
import { type Block, pack } from "./pack";
import type { LayoutNode, Link } from "./types";

/** The space a group's box needs round its outer nodes: badges, labels, title. */
export const BOX_MARGIN = 58;

export function layout(nodes: readonly LayoutNode[], links: readonly Link[]): Float32Array {
  const places = nodes.map((node) => node.place);
  const groups = byGroup(nodes);
  placeNewGroups(groups, nodes, links, places);
  joinNewcomers(nodes, links, places, unplaced(nodes, places));
  placeLoose(nodes, links, places, boxesOf(groups, places));
  return Float32Array.from(places.flatMap((p) => [p?.x ?? 0, p?.y ?? 0]));
}

function byGroup(nodes: readonly LayoutNode[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  nodes.forEach(({ group }, index) => {
    if (group === "") return;
    groups.set(group, [...(groups.get(group) ?? []), index]);
  });
  return groups;
}

function unplaced(nodes: readonly LayoutNode[], places: readonly (Point | null)[]): number[] {
  return [...nodes.keys()].filter((i) => places[i] === null && nodes[i]?.group !== "");
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

function around(points: readonly Point[]): Box {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
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
    if (!fixedBoxes.has(name)) inner.set(name, layoutGroup(groups.get(name) ?? [], links));
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

function layoutGroup(members: readonly number[], links: readonly Link[]): Point[] {
  const local = new Map(members.map((index, i) => [index, i]));
  const inside = links.flatMap(([source, target]): Link[] => {
    const a = local.get(source);
    const b = local.get(target);
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  return layered(members.length, inside);
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
    const from = nodes[source]?.group ?? "";
    const to = nodes[target]?.group ?? "";
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

/** Groups that others do not call come first (they stand left), then larger before smaller. */
function packingOrder(
  groups: ReadonlyMap<string, number[]>,
  nodes: readonly LayoutNode[],
  links: readonly Link[],
): string[] {
  const called = new Set<string>();
  const calling = new Set<string>();
  for (const [source, target] of links) {
    const from = nodes[source]?.group ?? "";
    const to = nodes[target]?.group ?? "";
    if (from === to) continue;
    if (from !== "") called.add(to);
    calling.add(from);
  }
  const isEntry = (name: string) => Number(calling.has(name) && !called.has(name));
  const size = (name: string) => groups.get(name)?.length ?? 0;
  return [...groups.keys()].sort(
    (a, b) => isEntry(b) - isEntry(a) || size(b) - size(a) || (a < b ? -1 : 1),
  );
}
