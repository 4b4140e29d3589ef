/** A rectangle on the screen, in pixels. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Size {
  width: number;
  height: number;
}

const GAP = 14;
const EDGE = 12;

/** Where a box stands so that it is next to `target`, on the screen, and not in front of it. */
export function besides(target: Rect | null, box: Size, screen: Size): { x: number; y: number } {
  const middle = { x: (screen.width - box.width) / 2, y: (screen.height - box.height) / 2 };
  if (target === null) return middle;
  const x = within(target.left + target.width / 2 - box.width / 2, box.width, screen.width);
  const y = within(target.top + target.height / 2 - box.height / 2, box.height, screen.height);
  const below = target.top + target.height + GAP;
  if (below + box.height <= screen.height - EDGE) return { x, y: below };
  const above = target.top - GAP - box.height;
  if (above >= EDGE) return { x, y: above };
  const right = target.left + target.width + GAP;
  if (right + box.width <= screen.width - EDGE) return { x: right, y };
  const left = target.left - GAP - box.width;
  // What fills the screen cannot be stood beside.
  return left >= EDGE ? { x: left, y } : middle;
}

function within(start: number, length: number, most: number): number {
  return Math.max(EDGE, Math.min(start, most - EDGE - length));
}
