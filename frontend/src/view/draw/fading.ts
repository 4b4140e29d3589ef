import type { Box } from "../../lib/box";
import type { Point } from "../../lib/curve";
import { type DrawnEdge, strength } from "../scene";

/** So many lines in sight are a crowd, of which most are background. */
export const CROWD_FROM = 150;
/** What a line keeps of its clearness in a crowd when neither of its ends is in sight. */
export const PASSING = 0.3;
/** The same of the busiest and the quietest of the others. */
const MOST = 1.25;
const LEAST = 0.3;

/** What a line in the middle of the ranks keeps: below that it is quiet, and says no numbers. */
export const QUIET_BELOW = (MOST + LEAST) / 2;

/** True for a line that only crosses what is in sight: it tells nothing of what is there. */
export function isPassing({ source, target }: DrawnEdge, sight: Box): boolean {
  return !isIn(source, sight) && !isIn(target, sight);
}

function isIn({ x, y }: Point, { x0, y0, x1, y1 }: Box): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/**
 * How clear lines of each strength are among so many: the busiest stand out, the quietest step
 * back, by rank rather than by rate, so that there is something to see in every mesh.
 */
export function fading(lines: readonly DrawnEdge[]): (strength: number) => number {
  const counts: number[] = [];
  for (const { edge } of lines) {
    const step = strength(edge);
    counts[step] = (counts[step] ?? 0) + 1;
  }
  const clearness: number[] = [];
  let quieter = 0;
  for (const [step, count = 0] of counts.entries()) {
    // Lines of one step are equals: they stand in the middle of their ranks.
    const rank = (quieter + count / 2) / lines.length;
    clearness[step] = LEAST + (MOST - LEAST) * rank;
    quieter += count;
  }
  return (step) => clearness[step] ?? 1;
}
