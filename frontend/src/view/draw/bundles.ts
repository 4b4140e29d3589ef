import { quadratic } from "../../lib/curve";
import { clamp } from "../../lib/numbers";
import type { DrawnEdge, Hull } from "../scene";
import type { Brush } from "./brush";

/** Seen from so far, single lines between namespaces cannot be told apart, and dots do not move. */
const BELOW = 0.18;
/** So few lines are legible each by itself. */
const FROM = 300;

/** True where lines between namespaces are drawn as one for each pair. */
export function isBundled({ scale, scene, focus }: Brush, lines: readonly DrawnEdge[]): boolean {
  return scale < BELOW && focus === null && lines.length > FROM && scene.hulls.length > 2;
}

/**
 * One line for all calm calls from a namespace to another, the wider the more calls there are.
 * What is left is returned: the lines within namespaces, and those from outside of any.
 */
export function paintBundles(brush: Brush, lines: readonly DrawnEdge[]): DrawnEdge[] {
  const hulls = new Map(brush.scene.hulls.map((hull) => [hull.group, hull]));
  const counts = new Map<string, number>();
  const rest = lines.filter(({ source, target }) => {
    const isAcross = source.group !== target.group;
    if (!isAcross || !hulls.has(source.group) || !hulls.has(target.group)) return true;
    const key = `${source.group}\n${target.group}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return false;
  });
  for (const [width, keys] of byWidth(counts)) strokeAll(brush, width, keys, hulls);
  return rest;
}

/** Pairs by the width of their line: each width is stroked once. */
function byWidth(counts: ReadonlyMap<string, number>): Map<number, string[]> {
  const widths = new Map<number, string[]>();
  for (const [key, count] of counts) {
    const width = clamp(Math.round(1 + Math.log2(count) * 0.7), 1, 4);
    const keys = widths.get(width);
    if (keys === undefined) widths.set(width, [key]);
    else keys.push(key);
  }
  return widths;
}

function strokeAll(
  { ctx, palette, hair }: Brush,
  width: number,
  keys: readonly string[],
  hulls: ReadonlyMap<string, Hull>,
): void {
  ctx.beginPath();
  for (const key of keys) {
    const [from, to] = key.split("\n").map((group) => hulls.get(group));
    if (from === undefined || to === undefined) continue;
    const [a, b] = [middle(from), middle(to)];
    // Bent to the left of its way: the calls back lie beside it.
    const bend = {
      x: (a.x + b.x) / 2 + (b.y - a.y) * 0.08,
      y: (a.y + b.y) / 2 - (b.x - a.x) * 0.08,
    };
    const c = quadratic(a, bend, b);
    ctx.moveTo(a.x, a.y);
    ctx.bezierCurveTo(c[2] ?? 0, c[3] ?? 0, c[4] ?? 0, c[5] ?? 0, b.x, b.y);
  }
  ctx.globalAlpha = 0.1 + width * 0.035;
  ctx.lineWidth = width * hair;
  ctx.strokeStyle = palette.health.healthy;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function middle({ x0, y0, x1, y1 }: Hull): { x: number; y: number } {
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}
