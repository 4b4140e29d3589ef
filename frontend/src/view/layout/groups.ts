import type { Box } from "../../lib/box";
import { around, grow } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { type LayoutNode, type Link, OPEN_GROUP } from "./types";

/** The space a group's box needs round its outer nodes: badges, labels, title. */
export const BOX_MARGIN = 58;
/** More nodes without a group than this are set together: each by itself would take too long. */
const MOST_LONE = 40;

/** Nodes (by index) by group. A node that stands alone has a name that no namespace can have. */
export function byGroup(nodes: readonly LayoutNode[]): Map<string, number[]> {
  const isCrowd = nodes.filter(({ group }) => group === "").length > MOST_LONE;
  const groups = new Map<string, number[]>();
  nodes.forEach((node, index) => {
    const name = node.group || (isCrowd ? "\n" : `\n${node.id}`);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [index]);
    else members.push(index);
  });
  return groups;
}

/** True for what has no box drawn round it. */
export function isLone(name: string): boolean {
  return name.startsWith("\n");
}

export function isBoxed(name: string): boolean {
  return !name.startsWith(OPEN_GROUP) && !isLone(name);
}

/** The room round a group's outer nodes: one that stands for a namespace has many lines to it. */
export function marginOf(name: string): number {
  const isNamespace = name.startsWith(OPEN_GROUP) && name !== OPEN_GROUP;
  return isNamespace ? 2.2 * BOX_MARGIN : BOX_MARGIN;
}

/** The boxes round what is placed of each group. */
export function boxesOf(
  groups: ReadonlyMap<string, readonly number[]>,
  places: readonly (Point | null)[],
): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const [group, members] of groups) {
    const known = members.map((i) => places[i] ?? null).filter((p) => p !== null);
    if (known.length > 0) boxes.set(group, grow(around(known), BOX_MARGIN));
  }
  return boxes;
}

/** Calls between groups, in the order of the links: [caller, callee]. */
export function callsBetween(
  groups: ReadonlyMap<string, readonly number[]>,
  links: readonly Link[],
): (readonly [string, string])[] {
  const groupOf = new Map(
    [...groups].flatMap(([name, members]) => members.map((index) => [index, name] as const)),
  );
  return links.flatMap(([source, target]) => {
    const from = groupOf.get(source) ?? "";
    const to = groupOf.get(target) ?? "";
    return from === to ? [] : [[from, to] as const];
  });
}

/**
 * First what nobody calls (it stands left), then always the largest group that talks to one
 * already in line, so that neighbours are placed while there is room beside each other.
 */
export function packingOrder(
  groups: ReadonlyMap<string, readonly number[]>,
  calls: readonly (readonly [string, string])[],
): string[] {
  const ties = tiesOf(calls);
  const size = (name: string) => groups.get(name)?.length ?? 0;
  const rest = [...groups.keys()].sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  const isEntry = (name: string) => ties.calling.has(name) && !ties.called.has(name);
  const line = rest.filter((name) => isEntry(name) && !isLone(name));
  const queued = new Set(line);
  // What talks to something in line: kept up, since asking anew for each would be cubic.
  const tied = new Set(line.flatMap((name) => [...(ties.near.get(name) ?? [])]));
  while (line.length < rest.length) {
    const open = rest.filter((name) => !queued.has(name));
    const next =
      open.find((name) => !isLone(name) && tied.has(name)) ??
      open.find((name) => !isLone(name)) ??
      open[0];
    if (next === undefined) break;
    line.push(next);
    queued.add(next);
    for (const near of ties.near.get(next) ?? []) tied.add(near);
  }
  return line;
}

function tiesOf(calls: readonly (readonly [string, string])[]) {
  const called = new Set<string>();
  const calling = new Set<string>();
  const near = new Map<string, Set<string>>();
  const join = (a: string, b: string) => {
    const known = near.get(a);
    if (known === undefined) near.set(a, new Set([b]));
    else known.add(b);
  };
  for (const [from, to] of calls) {
    calling.add(from);
    // A lone caller, such as an unknown client, does not make a group less of an entry.
    if (!isLone(from)) called.add(to);
    join(from, to);
    join(to, from);
  }
  return { called, calling, near };
}
