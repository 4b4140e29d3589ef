import type { DrawnNode } from "../scene";
import { type Brush, FONT, dimmed, isNodeInFocus } from "./brush";
import { isForeign, traceGlyph, traceShape } from "./shapes";

/** The zoom from which signs inside the nodes can be read. */
const GLYPHS_FROM = 0.4;
/** A smaller share would be a speck. */
const SHARE_FROM = 0.02;

/** One node: shape by kind, ring by health, a badge for trouble. */
export function paintNode(brush: Brush, drawn: DrawnNode): void {
  if (!drawn.placed || !isNodeSeen(brush, drawn)) return;
  const { ctx } = brush;
  ctx.globalAlpha = isNodeInFocus(brush, drawn) ? 1 : dimmed(drawn.node.health);
  paintHalo(brush, drawn);
  paintBody(brush, drawn);
  if (brush.scale >= GLYPHS_FROM) paintGlyph(brush, drawn);
  paintErrorShare(brush, drawn);
  paintTrouble(brush, drawn);
  if (drawn.pinned && brush.scale >= GLYPHS_FROM) paintPin(brush, drawn);
  ctx.globalAlpha = 1;
}

export function isNodeSeen({ sight }: Brush, { x, y, radius }: DrawnNode): boolean {
  const reach = radius * 2;
  return (
    x > sight.x0 - reach && x < sight.x1 + reach && y > sight.y0 - reach && y < sight.y1 + reach
  );
}

function ringColour({ palette }: Brush, { node }: DrawnNode): string {
  return palette.health[node.health];
}

function paintBody(brush: Brush, drawn: DrawnNode): void {
  const { ctx, palette } = brush;
  const { node, x, y, radius } = drawn;
  ctx.beginPath();
  traceShape(ctx, node.kind, x, y, radius);
  ctx.fillStyle = palette.node;
  ctx.fill();
  // Neighbours from outside the chosen namespaces step back.
  if (node.outside) ctx.globalAlpha *= 0.55;
  ctx.lineJoin = "round";
  const isIdle = node.health === "idle";
  ctx.lineWidth = isIdle ? Math.max(1.4, 1 / brush.scale) : Math.max(2.6, 1.2 / brush.scale);
  ctx.strokeStyle = ringColour(brush, drawn);
  if (isIdle) ctx.setLineDash([1.5, 3.5]);
  else if (isForeign(node.kind) || node.outside) ctx.setLineDash([5, 3.5]);
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintGlyph(brush: Brush, drawn: DrawnNode): void {
  const { ctx, palette } = brush;
  const { node, x, y, radius } = drawn;
  ctx.strokeStyle = palette.inkSoft;
  ctx.lineWidth = 1.3;
  ctx.lineCap = "round";
  if (node.kind === "unknown") return paintLetter(brush, drawn, "?");
  if (node.kind === "waypoint") return paintLetter(brush, drawn, "W");
  ctx.beginPath();
  traceGlyph(ctx, node.kind, x, y, radius);
  ctx.stroke();
}

function paintLetter({ ctx, palette }: Brush, { x, y, radius }: DrawnNode, letter: string): void {
  ctx.font = `700 ${radius * 0.9}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = palette.inkSoft;
  ctx.fillText(letter, x, y + radius * 0.06);
}

/** An arc round the node: the share of its inbound requests that fail. */
function paintErrorShare({ ctx, palette }: Brush, { node, x, y, radius }: DrawnNode): void {
  const share = node.in.error_ratio ?? 0;
  // Of many, seen in part, it would say too much; the lines have it.
  if (share < SHARE_FROM || node.kind === "outside") return;
  ctx.beginPath();
  ctx.arc(x, y, radius * 1.28, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
  ctx.lineWidth = 2.4;
  ctx.lineCap = "round";
  ctx.strokeStyle = palette.errorDot;
  ctx.stroke();
}

/** A needle at the corner of what somebody put where it is: only tidying up moves it. */
function paintPin({ ctx, palette }: Brush, { x, y, radius }: DrawnNode): void {
  const [cx, cy] = [x - radius * 0.85, y - radius * 0.95];
  ctx.beginPath();
  ctx.arc(cx, cy, 3, 0, 2 * Math.PI);
  ctx.fillStyle = palette.accent;
  ctx.fill();
  ctx.beginPath();
  ctx.moveTo(cx, cy + 2);
  ctx.lineTo(cx + 2.5, cy + 8);
  ctx.lineWidth = 1.3;
  ctx.lineCap = "round";
  ctx.strokeStyle = palette.accent;
  ctx.stroke();
}

/** A sign at the corner, so that trouble shows without colour. */
function paintTrouble(brush: Brush, { node, x, y, radius }: DrawnNode): void {
  if (node.health !== "failing" && node.health !== "degraded") return;
  const { ctx, palette } = brush;
  const r = Math.max(6.5, 4 / brush.scale);
  const [cx, cy] = [x + radius * 0.85, y - radius * 0.85];
  ctx.beginPath();
  if (node.health === "failing") ctx.arc(cx, cy, r, 0, 2 * Math.PI);
  else traceShape(ctx, "service", cx, cy, r);
  ctx.fillStyle = palette.health[node.health];
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = palette.background;
  ctx.stroke();
  ctx.font = `800 ${r * 1.45}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = palette.background;
  ctx.fillText("!", cx, cy + r * 0.12);
}

function paintHalo(brush: Brush, drawn: DrawnNode): void {
  const { ctx, palette, selection, hover } = brush;
  const isSelected = selection?.kind === "node" && selection.id === drawn.id;
  const isHovered = hover?.kind === "node" && hover.id === drawn.id;
  const isTroubled = drawn.node.health === "failing";
  if (!isSelected && !isHovered && !isTroubled) return;
  const alpha = ctx.globalAlpha;
  ctx.beginPath();
  ctx.arc(drawn.x, drawn.y, drawn.radius * (isSelected ? 1.75 : 1.6), 0, 2 * Math.PI);
  ctx.globalAlpha = alpha * (isSelected ? 0.3 : 0.16);
  ctx.fillStyle = isSelected ? palette.accent : ringColour(brush, drawn);
  ctx.fill();
  ctx.globalAlpha = alpha;
}
