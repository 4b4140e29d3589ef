import type { MtlsState } from "../../model/entities";
import type { Palette } from "../palette";
import type { Pen } from "./brush";

/** A lock `size` high with its top left corner at (x, y): closed, half open, open; none unknown. */
export function paintLock(
  ctx: Pen,
  palette: Palette,
  state: Exclude<MtlsState, "unknown">,
  x: number,
  y: number,
  size: number,
): void {
  const colour = colourOf(palette, state);
  const body = size * 0.52;
  const width = size * 0.74;
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = size * 0.13;
  ctx.lineCap = "round";
  ctx.beginPath();
  traceShackle(ctx, state, x + width / 2, y + size - body, width * 0.29, size * 0.2);
  ctx.stroke();
  ctx.beginPath();
  ctx.roundRect(x, y + size - body, width, body, size * 0.1);
  if (state === "mtls") ctx.fill();
  else {
    // A half-secured edge has a half-filled lock; plain text an empty one.
    ctx.stroke();
    if (state === "mixed") ctx.fillRect(x, y + size - body, width / 2, body);
  }
}

/** The width that goes with a lock of this height. */
export function lockWidth(size: number): number {
  return size * 0.74;
}

function colourOf(palette: Palette, state: Exclude<MtlsState, "unknown">): string {
  switch (state) {
    case "mtls":
      return palette.inkSoft;
    case "mixed":
      return palette.health.degraded;
    case "plaintext":
      return palette.health.failing;
  }
}

function traceShackle(
  ctx: Pen,
  state: MtlsState,
  x: number,
  y: number,
  r: number,
  leg: number,
): void {
  const isOpen = state !== "mtls";
  const lift = isOpen ? leg * 0.4 : 0;
  ctx.moveTo(x - r, y);
  ctx.lineTo(x - r, y - leg - lift);
  ctx.arc(x, y - leg - lift, r, Math.PI, 0);
  // The right leg of an open lock hangs in the air.
  ctx.lineTo(x + r, isOpen ? y - leg * 0.9 - lift : y);
}
