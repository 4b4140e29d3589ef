import type { Sign, Words } from "../../model/export/words";
import { FONT, type Pen } from "../draw/brush";
import { DASHES } from "../draw/edges";
import { lockWidth, paintLock } from "../draw/locks";
import type { Palette } from "../palette";

export const HEAD = 64;
export const FOOT = 40;
const MARGIN = 24;
const GAP = 18;
const PX = 12;

/** Title and legend on a sheet; the picture goes between the two. */
export function paintWords(
  pen: Pen,
  palette: Palette,
  size: { width: number; height: number },
  words: Words,
): void {
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.font = `650 18px ${FONT}`;
  pen.fillStyle = palette.ink;
  pen.fillText(fitting(pen, words.title, size.width - 2 * MARGIN), MARGIN, 30);
  pen.font = `400 ${PX}px ${FONT}`;
  pen.fillStyle = palette.inkSoft;
  pen.fillText(fitting(pen, words.about, size.width - 2 * MARGIN), MARGIN, 50);
  let x = MARGIN;
  for (const sign of words.signs) {
    const wide = 34 + pen.measureText(sign.text).width;
    if (x + wide > size.width - MARGIN) return;
    paintSign(pen, palette, sign, x, size.height - FOOT / 2);
    x += wide + GAP;
  }
}

function paintSign(pen: Pen, palette: Palette, sign: Sign, x: number, y: number): void {
  pen.save();
  if (sign.kind === "line") {
    pen.strokeStyle = sign.of === "tcp" ? palette.tcp : palette.health[sign.of];
    pen.lineWidth = 2.5;
    pen.setLineDash(sign.of === "tcp" ? [] : [...DASHES[sign.of]]);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 26, y);
    pen.stroke();
  } else {
    const high = 15;
    paintLock(pen, palette, sign.of, x + 13 - lockWidth(high) / 2, y - high / 2 - 1, high);
  }
  pen.restore();
  pen.font = `400 ${PX}px ${FONT}`;
  pen.fillStyle = palette.inkSoft;
  pen.fillText(sign.text, x + 34, y + 4);
}

/** The text, with an end that shows where it had to be cut. */
function fitting(pen: Pen, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let most = text.length;
  while (most > 1 && pen.measureText(`${text.slice(0, most)}…`).width > width) most -= 1;
  return `${text.slice(0, most)}…`;
}
