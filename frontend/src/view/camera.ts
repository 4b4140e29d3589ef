import { type Box, grow, union } from "../lib/box";
import type { Point } from "../lib/curve";
import { clamp } from "../lib/numbers";
import type { DrawnNode, Hull } from "./scene";

/** The parts of the canvas that panels cover, in pixels. */
export interface Insets {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const NEAREST = 4;
export const FARTHEST = 0.04;
const MARGIN_PX = 36;
const REACH_PX = 60;
// A handful of nodes must not fill the screen with their names.
const NEAREST_FIT = 1.3;

/** The rectangle round nodes and the boxes they stand in; null when nothing is placed. */
export function extent(nodes: Iterable<DrawnNode>, hulls: readonly Hull[]): Box | null {
  const boxes: Box[] = hulls.map((hull) => ({ ...hull, y0: hull.y0 - 16 }));
  for (const { placed, x, y, radius } of nodes) {
    if (placed) boxes.push(grow({ x0: x, y0: y, x1: x, y1: y + 24 }, radius + 12));
  }
  return boxes.length === 0 ? null : boxes.reduce(union);
}

/**
 * How far to move the picture, in pixels, so that a box gets into the part that nothing covers;
 * of a box that is too large, its top left corner.
 */
export function nudge(box: Box, size: { width: number; height: number }, insets: Insets): Point {
  const right = size.width - insets.right;
  const bottom = size.height - insets.bottom;
  return {
    x: step(box.x0, box.x1, insets.left + REACH_PX, right - REACH_PX),
    y: step(box.y0, box.y1, insets.top + REACH_PX, bottom - REACH_PX),
  };
}

function step(start: number, end: number, low: number, high: number): number {
  const back = Math.min(0, high - end);
  return start + back < low ? low - start : back;
}

/** Where to look so that `box` fills the part of the canvas that nothing covers. */
export function frameOf(
  box: Box,
  size: { width: number; height: number },
  insets: Insets,
): { centre: Point; scale: number } {
  const width = Math.max(80, size.width - insets.left - insets.right - 2 * MARGIN_PX);
  const height = Math.max(80, size.height - insets.top - insets.bottom - 2 * MARGIN_PX);
  const fits = Math.min(width / (box.x1 - box.x0), height / (box.y1 - box.y0));
  const scale = clamp(fits, FARTHEST, NEAREST_FIT);
  const centre = {
    x: (box.x0 + box.x1) / 2 + (insets.right - insets.left) / 2 / scale,
    y: (box.y0 + box.y1) / 2 + (insets.bottom - insets.top) / 2 / scale,
  };
  return { centre, scale };
}
