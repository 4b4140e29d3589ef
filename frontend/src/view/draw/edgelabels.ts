import { pointAt } from "../../lib/curve";
import { type LabelLine, edgeLabel } from "../../model/labels";
import { type DrawnEdge, strength } from "../scene";
import { type Brush, FAINT, FONT, isEdgeInFocus, onScreen, textSize, textWidth } from "./brush";
import { isSeen } from "./edges";
import { CROWD_FROM, QUIET_BELOW, fading, isPassing } from "./fading";
import { lockWidth, paintLock } from "./locks";

const PX = 10.5;
const LINE = 1.28;
/** The zoom from which edges have room for texts. */
const FROM = 0.42;
/** The zoom from which trouble, and what is selected, is written all the same. */
const TROUBLE_FROM = 0.25;
const MOST = 220;
/** How far along the line; how far above it, in heights, and beside it, in widths of the label. */
type Spot = readonly [along: number, lift: number, aside?: number];

// On the line's middle first; then along it, then just above it, past what is in the way.
const SPOTS: readonly Spot[] = [
  [0.5, 0],
  [0.42, 0],
  [0.58, 0],
  [0.34, 0],
  [0.66, 0],
  [0.26, 0],
  [0.74, 0],
  [0.5, -0.8],
  [0.4, -0.8],
  [0.6, -0.8],
];

/** Trouble is looked for: it is written wherever there is room near its line. */
const TROUBLE_SPOTS: readonly Spot[] = [
  ...SPOTS,
  [0.7, -0.8],
  [0.5, 0.8],
  [0.4, 0.8],
  [0.6, 0.8],
  [0.18, 0],
  [0.82, 0],
  [0.78, -0.9],
  [0.3, -0.8],
  [0.7, 0.8],
  [0.3, 0.8],
  // Then beside it, half a width away.
  ...[0.46, 0.54, 0.3, 0.7].map((t): Spot => [t, 0]),
  ...[0.5, 0.35, 0.65].flatMap((t): Spot[] => [
    [t, 0, -0.6],
    [t, 0, 0.6],
    [t, 0.8, -0.6],
  ]),
];

/** Texts and locks on the lines: trouble first, then the busiest, as far as there is room. */
export function paintEdgeLabels(brush: Brush): void {
  if (brush.labels.size === 0) return;
  const seen = [...brush.scene.edges.values()].filter((edge) => isSeen(brush, edge));
  const isBackground = backgroundOf(brush, seen);
  const candidates = seen.filter((edge) => isWanted(brush, edge, isBackground));
  candidates.sort((a, b) => rank(brush, b) - rank(brush, a) || (a.id < b.id ? -1 : 1));
  let painted = 0;
  for (const edge of candidates) {
    if (painted >= MOST) return;
    if (paintLabel(brush, edge)) painted += 1;
  }
}

type Judge = (edge: DrawnEdge) => boolean;

/** Which lines of a crowd step back so far that their numbers would only be in the way. */
function backgroundOf({ sight, focus }: Brush, seen: readonly DrawnEdge[]): Judge {
  if (focus !== null || seen.length < CROWD_FROM) return () => false;
  const near = seen.filter((edge) => !isTroubled(edge) && !isPassing(edge, sight));
  const clearness = fading(near);
  return (edge) =>
    !isTroubled(edge) && (isPassing(edge, sight) || clearness(strength(edge.edge)) < QUIET_BELOW);
}

function isWanted(brush: Brush, edge: DrawnEdge, isBackground: Judge): boolean {
  if (isMarked(brush, edge)) return isEdgeInFocus(brush, edge);
  const from = isTroubled(edge) || brush.selection !== null ? TROUBLE_FROM : FROM;
  // What has no traffic has nothing to say, until somebody asks.
  if (edge.edge.health === "idle" || brush.scale < from) return false;
  return isEdgeInFocus(brush, edge) && !isBackground(edge);
}

function isTroubled({ edge }: DrawnEdge): boolean {
  return edge.health === "failing" || edge.health === "degraded";
}

/** The viewer pointed at it or chose it: its numbers are wanted at any zoom. */
function isMarked({ selection, hover }: Brush, { id }: DrawnEdge): boolean {
  return (
    (selection?.kind === "edge" && selection.id === id) ||
    (hover?.kind === "edge" && hover.id === id)
  );
}

function rank(brush: Brush, drawn: DrawnEdge): number {
  const trouble = { failing: 2e6, degraded: 1e6, healthy: 0, idle: 0, unknown: 0 };
  const marked = isMarked(brush, drawn) ? 1e7 : 0;
  return marked + trouble[drawn.edge.health] + Math.min(9e5, drawn.edge.rps ?? 0);
}

interface Content {
  lines: readonly LabelLine[];
  lock: "mtls" | "mixed" | "plaintext" | null;
  width: number;
  height: number;
}

function contentOf(brush: Brush, { edge }: DrawnEdge, size: number): Content | null {
  const lines = edgeLabel(edge, brush.labels);
  const state = edge.mtls.state;
  const lock = brush.labels.has("mtls") && state !== "unknown" ? state : null;
  return sized(brush, lines, lock, size);
}

/** Of trouble that has no room for all of its numbers, the share of errors alone. */
function briefOf(brush: Brush, { edge }: DrawnEdge, size: number): Content | null {
  const lines = edgeLabel(edge, brush.labels);
  const bad = lines.filter((line) => line.bad);
  return sized(brush, bad.length > 0 ? bad : lines.slice(0, 1), null, size);
}

function sized(
  brush: Brush,
  lines: Content["lines"],
  lock: Content["lock"],
  size: number,
): Content | null {
  if (lines.length === 0 && lock === null) return null;
  const widths = lines.map((line) => textWidth(brush.ctx, line.text, 500) * size);
  const first = (widths[0] ?? 0) + (lock === null ? 0 : lockWidth(size) + size * 0.4);
  const width = Math.max(first, ...widths) + size * 0.8;
  return { lines, lock, width, height: Math.max(1, lines.length) * size * LINE + size * 0.3 };
}

function paintLabel(brush: Brush, drawn: DrawnEdge): boolean {
  const size = textSize(brush.scale, PX);
  if (paintWhereFree(brush, drawn, contentOf(brush, drawn, size), size)) return true;
  return isTroubled(drawn) && paintWhereFree(brush, drawn, briefOf(brush, drawn, size), size);
}

function paintWhereFree(
  brush: Brush,
  drawn: DrawnEdge,
  content: Content | null,
  size: number,
): boolean {
  if (content === null) return false;
  // A label longer than its line says nothing about which line it belongs to.
  const reach = isTroubled(drawn) ? 1.8 : 1.15;
  if (!isMarked(brush, drawn) && content.width > drawn.length * reach) return false;
  for (const [t, lift, aside = 0] of isTroubled(drawn) ? TROUBLE_SPOTS : SPOTS) {
    const point = pointAt(drawn.curve, t);
    const [x, y] = [point.x + aside * content.width, point.y + lift * content.height];
    const half = { x: content.width / 2, y: content.height / 2 };
    const box = { x0: x - half.x, y0: y - half.y, x1: x + half.x, y1: y + half.y };
    if (!brush.taken.claim(onScreen(brush, box))) continue;
    paintContent(brush, drawn, content, box.x0, box.y0, size);
    return true;
  }
  return false;
}

function paintContent(
  brush: Brush,
  drawn: DrawnEdge,
  content: Content,
  x: number,
  y: number,
  size: number,
): void {
  const { ctx, palette } = brush;
  ctx.globalAlpha = isEdgeInFocus(brush, drawn) ? 0.88 : FAINT;
  ctx.beginPath();
  ctx.roundRect(x, y, content.width, content.height, size * 0.45);
  ctx.fillStyle = palette.background;
  ctx.fill();
  ctx.globalAlpha = isEdgeInFocus(brush, drawn) ? 1 : FAINT;
  const indent = paintLockOf(brush, content, x, y, size);
  ctx.font = `500 ${size}px ${FONT}`;
  ctx.textBaseline = "middle";
  content.lines.forEach((line, i) => {
    ctx.textAlign = i === 0 && indent > 0 ? "left" : "center";
    ctx.fillStyle = line.bad ? palette.errorDot : i === 0 ? palette.ink : palette.inkSoft;
    const at = i === 0 && indent > 0 ? x + indent : x + content.width / 2;
    ctx.fillText(line.text, at, y + size * (0.15 + LINE * (i + 0.53)));
  });
  ctx.globalAlpha = 1;
}

/** Paint the lock before the first line and return where that line starts; 0 without a lock. */
function paintLockOf(brush: Brush, content: Content, x: number, y: number, size: number): number {
  if (content.lock === null) return 0;
  const first = content.lines[0];
  const text = first ? textWidth(brush.ctx, first.text, 500) * size + size * 0.4 : 0;
  const left = (content.width - text - lockWidth(size)) / 2;
  paintLock(brush.ctx, brush.palette, content.lock, x + left, y + size * 0.22, size * 0.95);
  return left + lockWidth(size) + size * 0.4;
}
