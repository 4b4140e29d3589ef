import { type Box, overlaps, shift, union } from "../../lib/box";

/** A group's rectangle, to be placed. Ties are kept in the order given. */
export interface Block {
  width: number;
  height: number;
  /** Lines to other blocks: (index, +1 it calls them, -1 they call it). */
  ties: readonly { block: number; direction: 1 | -1 }[];
}

const GAP = 72;
// The shape of a browser window without its bars.
const ASPECT = 1.6;
/** How much larger than its blocks a packed picture ends up, in each direction. */
const SLACK = 1.15;

/**
 * Where each block goes: near what it talks to, callers left, without covering anything, and so
 * that the whole keeps the shape of a screen.
 */
export function pack(blocks: readonly Block[], fixed: ReadonlyMap<number, Box>): Map<number, Box> {
  const placed = new Map(fixed);
  const free = freeHeight(blocks);
  blocks.forEach((block, index) => {
    if (!placed.has(index)) placed.set(index, best(block, placed, free));
  });
  return placed;
}

/** The height that the finished picture will need anyway: spreading this far costs nothing. */
function freeHeight(blocks: readonly Block[]): number {
  const area = blocks.reduce((sum, b) => sum + (b.width + GAP) * (b.height + GAP), 0);
  return Math.sqrt(area / ASPECT) * SLACK;
}

function best(block: Block, placed: ReadonlyMap<number, Box>, free: number): Box {
  const size = { x0: 0, y0: 0, x1: block.width, y1: block.height };
  const others = [...placed.values()];
  if (others.length === 0) return size;
  const whole = others.reduce(union);
  let choice = size;
  let least = Infinity;
  for (const spot of spots(size, others)) {
    if (others.some((other) => overlaps(spot, other))) continue;
    const cost = Math.max(free, extent(union(spot, whole))) + pull(spot, block, placed, whole);
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

function extent(box: Box): number {
  return Math.max((box.x1 - box.x0) / ASPECT, box.y1 - box.y0);
}

/** How far the block is from what it talks to, and how wrong the direction is. */
function pull(spot: Box, block: Block, placed: ReadonlyMap<number, Box>, whole: Box): number {
  const home = 0.2 * distance(spot, whole);
  const ties = block.ties.flatMap(({ block: index, direction }) => {
    const other = placed.get(index);
    return other === undefined ? [] : [distance(spot, other) + backwards(spot, other, direction)];
  });
  if (ties.length === 0) return home;
  return home + (0.5 * ties.reduce((sum, cost) => sum + cost, 0)) / ties.length;
}

function distance(a: Box, b: Box): number {
  const dx = (a.x0 + a.x1 - b.x0 - b.x1) / 2;
  const dy = (a.y0 + a.y1 - b.y0 - b.y1) / 2;
  return Math.hypot(dx, dy);
}

/** How far the callee begins left of its caller's end. */
function backwards(spot: Box, other: Box, direction: 1 | -1): number {
  const [caller, callee] = direction === 1 ? [spot, other] : [other, spot];
  return 2 * Math.min(400, Math.max(0, caller.x1 - callee.x0));
}
