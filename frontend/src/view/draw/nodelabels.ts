import { type Box, overlaps } from "../../lib/box";
import { elided, visible } from "../../model/text";
import type { DrawnNode } from "../scene";
import {
  type Brush,
  FAINT,
  FONT,
  dimmed,
  isNodeInFocus,
  onScreen,
  textSize,
  textWidth,
} from "./brush";
import { isNodeSeen } from "./nodes";

const NAME_PX = 11.5;
const BADGE_PX = 9.5;
const MOST_BADGES = 3;
const LONGEST_BADGE = 16;
const SHORTEST = 14;
/** The zoom from which there is room for version badges. */
const BADGES_FROM = 0.34;
const RIMS_BELOW = 120;
/** From this far, names are landmarks: a few help, hundreds hide the picture. */
const CROWD_BELOW = 0.25;
const MOST_IN_CROWD = 90;

/** Names under the nodes, the best connected first where room is short, then version badges. */
export function paintNodeLabels(brush: Brush): void {
  for (const drawn of brush.scene.nodes.values()) drawn.named = null;
  const seen = [...brush.scene.nodes.values()].filter((n) => n.placed && isNodeSeen(brush, n));
  reserveBodies(brush, seen);
  // From far a frame's title says more than the name of a node beside it; from near it finds
  // another place, and must not be taken for that node's name.
  const isCrowd = brush.scale < CROWD_BELOW;
  if (isCrowd) paintFrameTitles(brush);
  seen.sort((a, b) => rank(brush, b) - rank(brush, a) || (a.id < b.id ? -1 : 1));
  const most = isCrowd ? MOST_IN_CROWD : Infinity;
  // Boxes too small for their titles say nothing of where their nodes are.
  const titled = new Set(
    brush.scene.hulls.filter(({ handle }) => handle !== null).map(({ group }) => group),
  );
  for (const drawn of seen.slice(0, most)) paintLabel(brush, drawn, titled);
  if (isCrowd) return;
  paintFrameTitles(brush);
  // A version by its side says less than another node's name: only what room is left over.
  for (const drawn of seen) paintBadges(brush, drawn);
}

/** What the versions in a frame are versions of, at the frame's edge. */
function paintFrameTitles(brush: Brush): void {
  const { ctx, palette, scale, sight, scene, focus } = brush;
  const size = textSize(scale, NAME_PX);
  const most = scale < CROWD_BELOW ? MOST_IN_CROWD / 2 : Infinity;
  for (const frame of scene.frames.slice(0, most)) {
    if (!overlaps(frame, sight)) continue;
    const x = (frame.x0 + frame.x1) / 2;
    const half = (textWidth(ctx, frame.title, 500) * size) / 2 + size * 0.3;
    const y = titleHeights(frame, size).find((middle) => {
      const [y0, y1] = [middle - size * 0.62, middle + size * 0.58];
      return brush.taken.claim(onScreen(brush, { x0: x - half, y0, x1: x + half, y1 }));
    });
    if (y === undefined) continue;
    const isLit = focus === null || isFamilyInFocus(brush, frame.group);
    ctx.globalAlpha = isLit ? 1 : FAINT * 1.6;
    ctx.font = `500 ${size}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    outlined(brush, frame.title, x, y, size, palette.ink);
  }
  ctx.globalAlpha = 1;
}

/** On the frame's upper edge, else above it, where a node is too near; else below the frame. */
function titleHeights({ y0, y1 }: Box, size: number): number[] {
  return [y0 - size * 0.08, y0 - size * 0.8, y1 + size * 0.8, y1 + size * 1.5];
}

function isFamilyInFocus(brush: Brush, family: string): boolean {
  const ids = [...(brush.focus?.nodes ?? [])];
  return ids.some((id) => brush.scene.nodes.get(id)?.family === family);
}

/** No text on top of a node. */
function reserveBodies(brush: Brush, seen: readonly DrawnNode[]): void {
  if (brush.scale < 0.3) return;
  for (const { x, y, radius: r } of seen) {
    const body = { x0: x - r * 0.9, y0: y - r * 0.9, x1: x + r * 0.9, y1: y + r * 0.9 };
    brush.taken.reserve(onScreen(brush, body));
  }
}

function rank(brush: Brush, drawn: DrawnNode): number {
  if (brush.focus !== null && brush.focus.nodes.has(drawn.id)) return 20_000 + drawn.degree;
  const trouble = { failing: 10_000, degraded: 5_000, healthy: 0, idle: 0, unknown: 0 };
  return trouble[drawn.node.health] + drawn.degree;
}

/** A long name that has no room is better shortened than left out. */
function paintLabel(brush: Brush, drawn: DrawnNode, titled: ReadonlySet<string>): void {
  if (drawn.framed) {
    // From far the frame's title says enough.
    if (brush.scale >= BADGES_FROM) paintName(brush, drawn, drawn.short);
    return;
  }
  const label = titled.has(drawn.group) ? drawn.bare : drawn.label;
  if (paintName(brush, drawn, label)) return;
  const short = elided(label, SHORTEST);
  if (short !== label) paintName(brush, drawn, short);
}

/** Write the name under a node, else above it; false where there is no room. */
function paintName(brush: Brush, drawn: DrawnNode, name: string): boolean {
  const { ctx, palette } = brush;
  const size = textSize(brush.scale, NAME_PX);
  const half = (textWidth(ctx, name, 500) * size) / 2;
  const boxes = topsOf(brush, drawn, size).map((y0): Box => ({
    x0: drawn.x - half,
    y0,
    x1: drawn.x + half,
    y1: y0 + size * 1.1,
  }));
  const box = boxes.find((each) => brush.taken.claim(onScreen(brush, each)));
  if (box === undefined) return false;
  drawn.named = box;
  ctx.globalAlpha = clearness(brush, drawn);
  ctx.font = `500 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  outlined(brush, name, drawn.x, box.y0, size, isQuiet(drawn) ? palette.inkSoft : palette.ink);
  ctx.globalAlpha = 1;
  return true;
}

function clearness(brush: Brush, drawn: DrawnNode): number {
  return isNodeInFocus(brush, drawn) ? 1 : Math.max(FAINT * 1.6, dimmed(drawn.node.health));
}

/** In a frame a name above would be taken for that of the version over it. */
function topsOf({ scale }: Brush, drawn: DrawnNode, size: number): number[] {
  const below = drawn.y + drawn.radius * 1.22 + size * 0.15;
  if (drawn.framed || scale < BADGES_FROM) return [below];
  return [below, drawn.y - drawn.radius * 1.22 - size * 1.3];
}

/** Text with a rim in the background's colour, so that lines behind it do not disturb. */
function outlined(
  { ctx, palette, scale, scene }: Brush,
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
): void {
  // Rims are the dearest thing on a large picture, whose lines are faint from far anyway.
  if (scale >= BADGES_FROM || scene.nodes.size < RIMS_BELOW) {
    ctx.lineJoin = "round";
    ctx.lineWidth = size * 0.3;
    ctx.strokeStyle = palette.background;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

/** Neighbours from outside, and what has no traffic, step back. */
function isQuiet({ node }: DrawnNode): boolean {
  return node.outside || node.health === "idle";
}

function badgesOf({ node, framed }: DrawnNode): string[] {
  if (framed || node.kind === "namespace" || node.kind === "gateway") return [];
  const versions = node.versions.length > 0 ? node.versions : node.version ? [node.version] : [];
  const known = versions
    .filter((version) => version !== "latest")
    .map((version) => elided(visible(version), LONGEST_BADGE));
  const rest = known.length - MOST_BADGES;
  return rest > 0 ? [...known.slice(0, MOST_BADGES), `+${rest}`] : known;
}

/** The versions of a node, under a name under it. */
function paintBadges(brush: Brush, drawn: DrawnNode): void {
  const { ctx, palette, scale } = brush;
  const name = drawn.named;
  if (scale < BADGES_FROM || name === null || name.y0 < drawn.y) return;
  const badges = badgesOf(drawn);
  if (badges.length === 0) return;
  const size = textSize(scale, BADGE_PX);
  const gap = size * 0.35;
  const widths = badges.map((badge) => textWidth(ctx, badge, 600) * size + size * 0.9);
  const whole = widths.reduce((sum, width) => sum + width + gap, -gap);
  const y = name.y0 + textSize(scale, NAME_PX) * 1.25;
  let left = drawn.x - whole / 2;
  // A pixel's distance from what the name has taken, which is kept in coarse cells.
  const room = { x0: left, y0: name.y1 + 5 / scale, x1: left + whole, y1: y + size * 1.4 };
  if (!brush.taken.claim(onScreen(brush, room))) return;
  ctx.globalAlpha = clearness(brush, drawn);
  badges.forEach((badge, i) => {
    const width = widths[i] ?? 0;
    ctx.beginPath();
    ctx.roundRect(left, y, width, size * 1.4, size * 0.7);
    ctx.fillStyle = palette.badge;
    ctx.fill();
    ctx.font = `600 ${size}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = palette.inkSoft;
    ctx.fillText(badge, left + width / 2, y + size * 0.76);
    left += width + gap;
  });
  ctx.globalAlpha = 1;
}
