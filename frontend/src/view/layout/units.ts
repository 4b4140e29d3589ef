import type { Point } from "../../lib/curve";
import { type LayoutNode, type Link, ROW, STACK } from "./types";

/** What is moved as one: a node by itself, or all versions of an app in a stack. */
export interface Units {
  /** The nodes (by index) of each unit. */
  members: readonly (readonly number[])[];
  /** How much room each unit takes from top to bottom. */
  heights: readonly number[];
  widths: readonly number[];
  /** Calls between different units, each pair once. */
  links: readonly Link[];
}

/** Room for the title and the frame round the versions of an app. */
const FRAME = 36;

/** The units of some nodes (by index), in the order of their first members. */
export function unitsOf(
  nodes: readonly LayoutNode[],
  chosen: readonly number[],
  links: readonly Link[],
): Units {
  const byFamily = new Map<string, number[]>();
  for (const index of chosen) {
    const family = nodes[index]?.family || `\n${index}`;
    const unit = byFamily.get(family);
    if (unit === undefined) byFamily.set(family, [index]);
    else unit.push(index);
  }
  const members = [...byFamily.values()];
  const widths = members.map((unit) => Math.max(...unit.map((i) => nodes[i]?.width ?? 0)));
  return { members, heights: members.map(heightOf), widths, links: between(members, links) };
}

function heightOf(members: readonly number[]): number {
  return members.length === 1 ? ROW : (members.length - 1) * STACK + ROW + FRAME;
}

function between(members: readonly (readonly number[])[], links: readonly Link[]): Link[] {
  const unitOf = new Map(members.flatMap((unit, i) => unit.map((index) => [index, i] as const)));
  const seen = new Set<number>();
  return links.flatMap(([source, target]): Link[] => {
    const from = unitOf.get(source);
    const to = unitOf.get(target);
    if (from === undefined || to === undefined || from === to) return [];
    const key = from * members.length + to;
    if (seen.has(key)) return [];
    seen.add(key);
    return [[from, to]];
  });
}

/** Where the members stand, given where their units do: one under the other. */
export function spread(units: Units, centres: readonly Point[]): Map<number, Point> {
  const places = new Map<number, Point>();
  units.members.forEach((members, unit) => {
    const { x, y } = centres[unit] ?? { x: 0, y: 0 };
    // The frame's title needs more room above than there is below.
    const first = y - ((members.length - 1) * STACK) / 2 + (members.length > 1 ? FRAME / 4 : 0);
    members.forEach((index, i) => places.set(index, { x, y: first + i * STACK }));
  });
  return places;
}
