import { type Box, overlaps } from "../../lib/box";
import type { Hull } from "../scene";
import { type Brush, FONT, onScreen, isWall, textSize, textWidth } from "./brush";

const TITLE_PX = 11.5;

/** The boxes of clusters and namespaces, with their names, and the frames of apps' versions. */
export function paintHulls(brush: Brush): void {
  const { hulls, clusters, frames } = brush.scene;
  const seen = (boxes: readonly Hull[]) => boxes.filter((box) => overlaps(box, brush.sight));
  paintClusters(brush, seen(clusters));
  paintNamespaces(brush, seen(hulls));
  paintFrames(brush, seen(frames));
}

/** How strongly boxes are drawn: while something stands out, they step back with the rest. */
function strength({ focus }: Brush): number {
  return focus === null ? 1 : 0.5;
}

function paintClusters(brush: Brush, clusters: readonly Hull[]): void {
  const { ctx, palette, scale } = brush;
  ctx.beginPath();
  for (const box of clusters) trace(brush, box, 26);
  ctx.lineWidth = 1.4 / scale;
  ctx.setLineDash([7 / scale, 5 / scale]);
  ctx.globalAlpha = strength(brush);
  ctx.strokeStyle = palette.hullLine;
  ctx.stroke();
  ctx.setLineDash([]);
  for (const box of clusters) paintTitle(brush, box, TITLE_PX + 1.5);
  ctx.globalAlpha = 1;
}

function paintNamespaces(brush: Brush, hulls: readonly Hull[]): void {
  const { ctx, palette, scale } = brush;
  ctx.beginPath();
  for (const hull of hulls) trace(brush, hull, 18);
  ctx.globalAlpha = strength(brush);
  ctx.fillStyle = palette.hull;
  ctx.fill();
  ctx.lineWidth = 1 / scale;
  ctx.strokeStyle = palette.hullLine;
  ctx.stroke();
  for (const hull of hulls) paintTitle(brush, hull, TITLE_PX);
  ctx.globalAlpha = 1;
}

/** One frame round the versions of an app; its name stands on it once. */
function paintFrames(brush: Brush, frames: readonly Hull[]): void {
  const { ctx, palette } = brush;
  ctx.beginPath();
  for (const frame of frames) trace(brush, frame, 14);
  ctx.globalAlpha = strength(brush);
  ctx.fillStyle = palette.hull;
  ctx.fill();
  ctx.lineWidth = Math.max(1, 0.7 / brush.scale);
  ctx.strokeStyle = palette.hullLine;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function trace({ ctx }: Brush, { x0, y0, x1, y1 }: Hull, radius: number): void {
  ctx.roundRect(x0, y0, x1 - x0, y1 - y0, radius);
}

function paintTitle(brush: Brush, hull: Hull, px: number): void {
  const { ctx, palette } = brush;
  const size = textSize(brush.scale, px);
  const width = textWidth(ctx, hull.title, 600) * size;
  const y1 = hull.y0 - size * 0.45;
  const sign = hull.namespace === null || isWall() || brush.isSheet ? 0 : size * 1.3;
  const box = { x0: hull.x0 + 4, y0: y1 - size, x1: hull.x0 + 4 + width + sign, y1 };
  hull.handle = hull.sign = null;
  // Seen from far, small boxes have no room for their names.
  if (!brush.taken.claim(onScreen(brush, box))) return;
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = palette.inkSoft;
  ctx.fillText(hull.title, box.x0, y1 - size * 0.1);
  // In a file nothing is clicked, but the nodes inside need not repeat the name either.
  if (brush.isSheet && hull.namespace !== null) hull.handle = box;
  if (sign === 0) return;
  hull.handle = box;
  hull.sign = { x0: box.x1 - size, y0: y1 - size * 0.95, x1: box.x1, y1: y1 + size * 0.05 };
  paintSign(brush, hull.sign);
}

/** A minus in a box: a click makes one node of the namespace. */
function paintSign({ ctx, palette, hair }: Brush, { x0, y0, x1, y1 }: Box): void {
  const side = x1 - x0;
  ctx.beginPath();
  ctx.roundRect(x0 + side * 0.08, y0 + side * 0.08, side * 0.84, side * 0.84, side * 0.2);
  ctx.moveTo(x0 + side * 0.3, (y0 + y1) / 2);
  ctx.lineTo(x0 + side * 0.7, (y0 + y1) / 2);
  ctx.lineWidth = hair * 1.2;
  ctx.strokeStyle = palette.inkSoft;
  ctx.stroke();
}
