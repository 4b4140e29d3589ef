import type { Box } from "./box";

/**
 * A coarse grid of taken cells on the screen. Labels claim their rectangle in order of
 * importance; one that would cover an earlier claim is refused.
 */
export class Occupancy {
  private readonly taken = new Set<number>();

  constructor(private readonly cell = 4) {}

  /** Take the rectangle if it is free; false when somebody has part of it. */
  claim(box: Box): boolean {
    const keys = this.keys(box);
    if (keys.some((key) => this.taken.has(key))) return false;
    for (const key of keys) this.taken.add(key);
    return true;
  }

  /** Take the rectangle whether it is free or not. */
  reserve(box: Box): void {
    for (const key of this.keys(box)) this.taken.add(key);
  }

  private keys(box: Box): number[] {
    const keys: number[] = [];
    const x1 = Math.floor(box.x1 / this.cell);
    const y1 = Math.floor(box.y1 / this.cell);
    for (let x = Math.floor(box.x0 / this.cell); x <= x1; x++) {
      // 1e5 columns is beyond any screen, so two cells never share a key.
      for (let y = Math.floor(box.y0 / this.cell); y <= y1; y++) keys.push(y * 1e5 + x);
    }
    return keys;
  }
}
