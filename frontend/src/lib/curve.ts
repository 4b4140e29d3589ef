/** Cubic Bezier curves as eight numbers: start, two control points, end. */
export type Curve = Float64Array;

export interface Point {
  x: number;
  y: number;
}

export function curve(a: Point, c1: Point, c2: Point, b: Point): Curve {
  return Float64Array.of(a.x, a.y, c1.x, c1.y, c2.x, c2.y, b.x, b.y);
}

/** A quadratic curve with control point `c`, raised to a cubic. */
export function quadratic(a: Point, c: Point, b: Point): Curve {
  const c1 = { x: a.x + ((c.x - a.x) * 2) / 3, y: a.y + ((c.y - a.y) * 2) / 3 };
  const c2 = { x: b.x + ((c.x - b.x) * 2) / 3, y: b.y + ((c.y - b.y) * 2) / 3 };
  return curve(a, c1, c2, b);
}

/** The point at `t` in 0..1. */
export function pointAt(c: Curve, t: number): Point {
  return { x: axisAt(c, 0, t), y: axisAt(c, 1, t) };
}

/** One coordinate of the point at `t`; `axis` is 0 for x and 1 for y. */
export function axisAt(c: ArrayLike<number>, axis: 0 | 1, t: number, at = 0): number {
  const u = 1 - t;
  const p0 = c[at + axis] ?? 0;
  const p1 = c[at + 2 + axis] ?? 0;
  const p2 = c[at + 4 + axis] ?? 0;
  const p3 = c[at + 6 + axis] ?? 0;
  return u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
}

/** The direction of travel at the end, in radians. */
export function endAngle(c: Curve): number {
  return Math.atan2((c[7] ?? 0) - (c[5] ?? 0), (c[6] ?? 0) - (c[4] ?? 0));
}

const STEPS = 16;

/** The curve's length, close enough for spacing dots and labels. */
export function length(c: Curve): number {
  let sum = 0;
  let from = pointAt(c, 0);
  for (let i = 1; i <= STEPS; i++) {
    const to = pointAt(c, i / STEPS);
    sum += Math.hypot(to.x - from.x, to.y - from.y);
    from = to;
  }
  return sum;
}

/** How far `p` is from the curve. */
export function distance(c: Curve, p: Point): number {
  let best = Infinity;
  let from = pointAt(c, 0);
  for (let i = 1; i <= STEPS; i++) {
    const to = pointAt(c, i / STEPS);
    best = Math.min(best, toSegment(p, from, to));
    from = to;
  }
  return best;
}

function toSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
  const at = Math.min(1, Math.max(0, t));
  return Math.hypot(p.x - a.x - dx * at, p.y - a.y - dy * at);
}
