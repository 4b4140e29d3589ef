/** What leaves a node out of the picture although the mesh has it, and how to see it again. */
import type { Question } from "./asking";
import { type Filter, NO_FILTER } from "./filter";
import type { Mesh } from "./mesh";
import { pictureOf } from "./picture";

/** Parts of a filter that nodes go by. Edge modes leave them all. */
export const COVERS = ["focus", "limits", "hide"] as const;
export type Cover = (typeof COVERS)[number];

const PARTS: Readonly<Record<Cover, readonly (keyof Filter)[]>> = {
  focus: ["focus"],
  limits: ["minRps", "minErrorRatio"],
  hide: ["hide"],
};

export interface Uncovering {
  /** What has to go for the node to be seen: as little as will do. */
  readonly covers: readonly Cover[];
  readonly filter: Filter;
}

/** Tells of nodes that are not in the picture how to see them; null where no filter is the reason. */
export function uncoverings(
  mesh: Mesh,
  filter: Filter,
  hide: Question | null,
): (id: string) => Uncovering | null {
  const active = COVERS.filter((cover) => isActive(filter, cover));
  const ways = subsets(active)
    .sort((a, b) => a.length - b.length)
    .map((covers) => ({ covers, filter: without(filter, covers) }));
  // Whoever searches asks about many nodes, and hardly about all ways.
  const nodes = ways.map(({ covers, filter: left }) =>
    once(() => pictureOf(mesh, left, covers.includes("hide") ? null : hide).nodes),
  );
  return (id) => ways.find((_, i) => nodes[i]?.().has(id)) ?? null;
}

function isActive(filter: Filter, cover: Cover): boolean {
  return PARTS[cover].some((part) => filter[part] !== NO_FILTER[part]);
}

function without(filter: Filter, covers: readonly Cover[]): Filter {
  const parts = covers.flatMap((cover) => PARTS[cover]);
  return { ...filter, ...Object.fromEntries(parts.map((part) => [part, NO_FILTER[part]])) };
}

/** All ways to choose at least one. */
function subsets<T>(all: readonly T[]): T[][] {
  const [first, ...rest] = all;
  if (first === undefined) return [];
  const others = subsets(rest);
  return [[first], ...others, ...others.map((some) => [first, ...some])];
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
