import { endAngle } from "../../lib/curve";
import { clamp } from "../../lib/numbers";
import type { Edge, Health } from "../../model/entities";
import { edgeColour } from "../palette";
import { type DrawnEdge, strength } from "../scene";
import { isBundled, paintBundles } from "./bundles";
import { CROWD_FROM, PASSING, fading, isPassing } from "./fading";
import { type Brush, FAINT, type Pen, dimmed, isEdgeInFocus } from "./brush";

/** The zoom from which arrow heads can be told from the line. */
const HEADS_FROM = 0.28;

/** How clear a line is that nothing keeps back. */
const CLEAR = 0.9;
// Without a graphics card a line wider than a pixel costs ten to forty times as much as one of a
// pixel: with so many in sight, every step of the camera would take a second.
const HAIRLINES_FROM = 500;

/** Colour is not the only sign: a troubled line is also broken, the worse the shorter. */
export const DASHES: Readonly<Record<Health, readonly number[]>> = {
  healthy: [],
  degraded: [12, 5],
  failing: [6, 4],
  idle: [1.5, 5],
  unknown: [],
};

/** All lines, grouped so that each style is stroked once. */
export function paintEdges(brush: Brush): void {
  const seen = [...brush.scene.edges.values()].filter((edge) => isSeen(brush, edge));
  const faint = seen.filter((edge) => !isEdgeInFocus(brush, edge));
  const clear = seen.filter((edge) => isEdgeInFocus(brush, edge));
  const calm = clear.filter(({ edge }) => !isTroubled(edge));
  const isCarpet = seen.length > HAIRLINES_FROM;
  const alpha = Math.min(FAINT, calmAlpha(brush, seen.length));
  paintGroup(brush, faint, {
    isCarpet,
    alphaOf: (edge) => (isTroubled(edge) ? dimmed(edge.health) : alpha),
  });
  paintCalm(brush, calm);
  // On top of everything: what an operator looks for.
  const troubled = clear.filter(({ edge }) => isTroubled(edge));
  paintGroup(brush, troubled, {
    isCarpet: troubled.length > HAIRLINES_FROM,
    alphaOf: () => CLEAR,
  });
  paintMarked(brush, clear);
}

/** Lines without trouble: from far as bundles; of a crowd, what passes by and what is quiet steps back. */
function paintCalm(brush: Brush, calm: readonly DrawnEdge[]): void {
  const lines = isBundled(brush, calm) ? paintBundles(brush, calm) : calm;
  const alpha = calmAlpha(brush, lines.length);
  const isCarpet = calm.length > HAIRLINES_FROM;
  // What somebody asked for is no background.
  if (brush.focus !== null || lines.length < CROWD_FROM) {
    paintGroup(brush, lines, { isCarpet, alphaOf: () => alpha });
    return;
  }
  const passing = lines.filter((line) => isPassing(line, brush.sight));
  const near = lines.filter((line) => !isPassing(line, brush.sight));
  const clearness = fading(near);
  paintGroup(brush, passing, { isCarpet, alphaOf: () => alpha * PASSING });
  paintGroup(brush, near, {
    isCarpet,
    alphaOf: (edge) => Math.min(CLEAR, alpha * clearness(strength(edge))),
  });
}

function isTroubled(edge: Edge): boolean {
  return edge.health === "failing" || edge.health === "degraded";
}

/** Hundreds of lines seen from far would be a carpet: they step back so that trouble shows. */
function calmAlpha({ scale }: Brush, count: number): number {
  if (count < CROWD_FROM) return 0.85;
  const share = Math.min(1, Math.sqrt(HAIRLINES_FROM / count));
  return clamp(scale * 1.3 * share, 0.14, 0.85);
}

export function isSeen({ sight }: Brush, edge: DrawnEdge): boolean {
  if (!edge.source.placed || !edge.target.placed) return false;
  const c = edge.curve;
  return !(
    Math.max(c[0] ?? 0, c[2] ?? 0, c[4] ?? 0, c[6] ?? 0) < sight.x0 ||
    Math.min(c[0] ?? 0, c[2] ?? 0, c[4] ?? 0, c[6] ?? 0) > sight.x1 ||
    Math.max(c[1] ?? 0, c[3] ?? 0, c[5] ?? 0, c[7] ?? 0) < sight.y0 ||
    Math.min(c[1] ?? 0, c[3] ?? 0, c[5] ?? 0, c[7] ?? 0) > sight.y1
  );
}

/** How lines that belong together are drawn. */
interface Manner {
  /** So many that each is a hairline. */
  isCarpet: boolean;
  /** The same for all edges of one style; see `byStyle`. */
  alphaOf: (edge: Edge) => number;
}

function paintGroup(
  brush: Brush,
  edges: readonly DrawnEdge[],
  { isCarpet, alphaOf }: Manner,
): void {
  const { ctx, palette, scale, hair } = brush;
  ctx.lineCap = "butt";
  for (const [, group] of byStyle(edges)) {
    const first = group[0];
    if (first === undefined) continue;
    const colour = edgeColour(palette, first);
    ctx.globalAlpha = alphaOf(first.edge);
    ctx.strokeStyle = colour;
    ctx.lineWidth = isCarpet ? hair : lineWidth(first.edge, scale);
    ctx.setLineDash(DASHES[first.edge.health] as number[]);
    if (isCarpet) strokeTogether(ctx, group);
    else strokeEach(ctx, group);
    if (scale >= HEADS_FROM && !isCarpet) paintHeads(brush, group, colour);
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

// Hairlines are cheapest as one path; wide lines as one path each, since where they cross in one
// path has to be worked out.
function strokeTogether(ctx: Pen, edges: readonly DrawnEdge[]): void {
  ctx.beginPath();
  for (const edge of edges) trace(ctx, edge);
  ctx.stroke();
}

function strokeEach(ctx: Pen, edges: readonly DrawnEdge[]): void {
  for (const edge of edges) {
    ctx.beginPath();
    trace(ctx, edge);
    ctx.stroke();
  }
}

function byStyle(edges: readonly DrawnEdge[]): Map<string, DrawnEdge[]> {
  const groups = new Map<string, DrawnEdge[]>();
  for (const drawn of edges) {
    const { edge } = drawn;
    const key = `${edge.health} ${edge.protocol === "tcp"} ${strength(edge)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [drawn]);
    else group.push(drawn);
  }
  return groups;
}

export function trace(ctx: Pen, { curve: c }: DrawnEdge): void {
  ctx.moveTo(c[0] ?? 0, c[1] ?? 0);
  ctx.bezierCurveTo(c[2] ?? 0, c[3] ?? 0, c[4] ?? 0, c[5] ?? 0, c[6] ?? 0, c[7] ?? 0);
}

function lineWidth(edge: Edge, scale: number): number {
  if (edge.health === "idle") return Math.max(1, 0.6 / scale);
  const width = 1.3 + strength(edge) * 0.42 + (edge.health === "failing" ? 0.6 : 0);
  // Seen from far, lines stay visible; they do not vanish with the zoom.
  return Math.max(width, 0.8 / scale);
}

function paintHeads(brush: Brush, edges: readonly DrawnEdge[], colour: string): void {
  const { ctx } = brush;
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  for (const drawn of edges) {
    ctx.beginPath();
    traceHead(ctx, drawn, 7 + strength(drawn.edge) * 0.7);
    ctx.fill();
  }
}

function traceHead(ctx: Pen, drawn: DrawnEdge, size: number): void {
  const { curve: c } = drawn;
  const angle = endAngle(c);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const tip = { x: (c[6] ?? 0) + cos * 6, y: (c[7] ?? 0) + sin * 6 };
  const back = { x: tip.x - cos * size, y: tip.y - sin * size };
  const half = size * 0.46;
  ctx.moveTo(tip.x, tip.y);
  ctx.lineTo(back.x - sin * half, back.y + cos * half);
  // A notch at the back tells TCP's heads from those of requests without colour.
  if (drawn.edge.protocol === "tcp")
    ctx.lineTo(back.x + cos * size * 0.5, back.y + sin * size * 0.5);
  ctx.lineTo(back.x + sin * half, back.y - cos * half);
  ctx.closePath();
}

/** The selected and the pointed-at line get a halo, and are clear among any number of others. */
function paintMarked(brush: Brush, edges: readonly DrawnEdge[]): void {
  const { ctx, palette, selection, hover } = brush;
  for (const drawn of edges) {
    const isSelected = selection?.kind === "edge" && selection.id === drawn.id;
    const isHovered = hover?.kind === "edge" && hover.id === drawn.id;
    if (!isSelected && !isHovered) continue;
    ctx.beginPath();
    trace(ctx, drawn);
    ctx.globalAlpha = isSelected ? 0.4 : 0.25;
    ctx.lineWidth = lineWidth(drawn.edge, brush.scale) + 7;
    ctx.lineCap = "round";
    ctx.strokeStyle = isSelected ? palette.accent : edgeColour(palette, drawn);
    ctx.stroke();
    const isCarpet = false;
    paintGroup(brush, [drawn], { isCarpet, alphaOf: () => CLEAR });
  }
}
