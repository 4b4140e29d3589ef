import { type Box, overlaps, shift, union } from "../../lib/box";

/** A group's rectangle, to be placed. Ties are kept in the order given. */
export interface Block {
  width: number;
  height: number;
  /** How much traffic lines tie it to other blocks: (index, +1 it calls them, -1 they call it). */
  ties: readonly { block: number; direction: 1 | -1 }[];
}

const GAP = 56;
// The shape of a browser window without its bars.
const ASPECT = 1.7;

/**
 * Where each block goes: next to what is there already, near what it talks to, callers left,
 * without covering anything, and so that the whole keeps the shape of a screen.
 */
export function pack(blocks: readonly Block[], fixed: ReadonlyMap<number, Box>): Map<number, Box> {
  const placed = new Map(fixed);
  blocks.forEach((block, index) => {
    if (!placed.has(index)) placed.set(index, best(block, placed));
  });
  return placed;
}

function best(block: Block, placed: ReadonlyMap<number, Box>): Box {
  const size = { x0: 0, y0: 0, x1: block.width, y1: block.height };
  const others = [...placed.values()];
  if (others.length === 0) return size;
  const whole = others.reduce(union);
  let choice = size;
  let least = Infinity;
  for (const spot of spots(size, others)) {
    if (others.some((other) => overlaps(spot, other))) continue;
    const cost = costOf(spot, block, placed, whole);
    if (cost < least - 1e-6) [choice, least] = [spot, cost];
  }
  return choice;
}

/** Right of, below, left of and above every placed block, aligned with either of its corners. */
function spots(size: Box, others: readonly Box[]): Box[] {
  const { x1: width, y1: height } = size;
  return others.flatMap((other) => {
    const tops = [other.y0, other.y1 - height, (other.y0 + other.y1 - height) / 2];
    const lefts = [other.x0, other.x1 - width, (other.x0 + other.x1 - width) / 2];
    return [
      ...tops.map((y) => shift(size, other.x1 + GAP, y)),
      ...lefts.map((x) => shift(size, x, other.y1 + GAP)),
      ...lefts.map((x) => shift(size, x, other.y0 - GAP - height)),
      ...tops.map((y) => shift(size, other.x0 - GAP - width, y)),
    ];
  });
}

function costOf(spot: Box, block: Block, placed: ReadonlyMap<number, Box>, whole: Box): number {
  const all = union(spot, whole);
  const extent = Math.max((all.x1 - all.x0) / ASPECT, all.y1 - all.y0);
  let pull = 0;
  for (const { block: index, direction } of block.ties) {
    const other = placed.get(index);
    if (other !== undefined) pull += distance(spot, other) + backwards(spot, other, direction);
  }
  return extent + (0.35 * pull) / Math.max(1, block.ties.length);
}

function distance(a: Box, b: Box): number {
  const dx = (a.x0 + a.x1 - b.x0 - b.x1) / 2;
  const dy = (a.y0 + a.y1 - b.y0 - b.y1) / 2;
  return Math.hypot(dx, dy);
}

/** How far the callee lies left of its caller. */
function backwards(spot: Box, other: Box, direction: 1 | -1): number {
  const dx = (other.x0 + other.x1 - spot.x0 - spot.x1) / 2;
  return Math.max(0, -direction * dx) * 1.5;
}
