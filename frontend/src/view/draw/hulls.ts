import { overlaps } from "../../lib/box";
import type { Hull } from "../scene";
import { type Brush, FONT, onScreen, textSize, textWidth } from "./brush";

const TITLE_PX = 11.5;

/** The boxes of the namespaces, with their names. */
export function paintHulls(brush: Brush): void {
  const { ctx, palette, scale } = brush;
  const seen = brush.scene.hulls.filter((hull) => overlaps(hull, brush.sight));
  ctx.beginPath();
  for (const hull of seen) {
    ctx.roundRect(hull.x0, hull.y0, hull.x1 - hull.x0, hull.y1 - hull.y0, 18);
  }
  ctx.fillStyle = palette.hull;
  ctx.fill();
  ctx.lineWidth = 1 / scale;
  ctx.strokeStyle = palette.hullLine;
  ctx.stroke();
  for (const hull of seen) paintTitle(brush, hull);
}

function paintTitle(brush: Brush, hull: Hull): void {
  const { ctx, palette } = brush;
  const size = textSize(brush.scale, TITLE_PX);
  const width = textWidth(ctx, hull.title, 600) * size;
  const y1 = hull.y0 - size * 0.45;
  const box = { x0: hull.x0 + 4, y0: y1 - size, x1: hull.x0 + 4 + width, y1 };
  // Seen from far, small boxes have no room for their names.
  if (!brush.taken.claim(onScreen(brush, box))) return;
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = palette.inkSoft;
  ctx.fillText(hull.title, box.x0, y1 - size * 0.1);
}
