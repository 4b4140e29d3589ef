import type { Point } from "../../lib/curve";

const ROUNDS = 40;
/** Large groups are seen from far: there a few names less matter little, and time much. */
const LARGE = 600;
const FEW_ROUNDS = 12;

/** Push what lies over each other apart, the shorter way, a little each round. */
export function separate(
  places: Point[],
  widths: readonly number[],
  heights: readonly number[],
): void {
  const rounds = places.length > LARGE ? FEW_ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    if (!pushOnce(places, widths, heights)) return;
  }
}

/** True when something lay over something else. */
function pushOnce(places: Point[], widths: readonly number[], heights: readonly number[]): boolean {
  // From left to right: only what is within reach is compared.
  const order = [...places.keys()].sort((a, b) => leftOf(a) - leftOf(b) || a - b);
  function leftOf(i: number): number {
    return (places[i]?.x ?? 0) - (widths[i] ?? 0) / 2;
  }
  let isPushed = false;
  order.forEach((i, at) => {
    const a = places[i];
    if (a === undefined) return;
    const right = a.x + (widths[i] ?? 0) / 2;
    for (let next = at + 1; next < order.length; next++) {
      const j = order[next] ?? 0;
      const b = places[j];
      if (b === undefined || leftOf(j) >= right) break;
      const wide = ((widths[i] ?? 0) + (widths[j] ?? 0)) / 2 - Math.abs(b.x - a.x);
      const high = ((heights[i] ?? 0) + (heights[j] ?? 0)) / 2 - Math.abs(b.y - a.y);
      if (wide <= 0.5 || high <= 0.5) continue;
      isPushed = true;
      // Rows are nearer to each other than columns: a push down moves less of the picture.
      if (wide < high) push(a, b, "x", wide / 2);
      else push(a, b, "y", high / 2);
    }
  });
  return isPushed;
}

function push(a: Point, b: Point, axis: "x" | "y", by: number): void {
  const way = b[axis] >= a[axis] ? 1 : -1;
  a[axis] -= way * by;
  b[axis] += way * by;
}
