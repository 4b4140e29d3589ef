import type { Point } from "../lib/curve";
import type { DrawnNode } from "./scene";

const GLIDE_MS = 450;

/** Moves nodes to new places in small steps, so that the eye can follow them. */
export class Glide {
  private frame = 0;

  get isRunning(): boolean {
    return this.frame !== 0;
  }

  /** Move `nodes` to `targets`; `step` after every step, `end` after the last. */
  run(
    nodes: readonly DrawnNode[],
    targets: readonly Point[],
    on: { step(): void; end(): void },
  ): void {
    this.cancel();
    const starts = nodes.map(({ x, y }) => ({ x, y }));
    const began = performance.now();
    const advance = (now: number) => {
      const t = Math.min(1, Math.max(0, (now - began) / GLIDE_MS));
      moveAll(nodes, starts, targets, 1 - (1 - t) ** 3);
      this.frame = t < 1 ? requestAnimationFrame(advance) : 0;
      if (t < 1) on.step();
      else on.end();
    };
    this.frame = requestAnimationFrame(advance);
  }

  cancel(): void {
    if (this.frame !== 0) cancelAnimationFrame(this.frame);
    this.frame = 0;
  }
}

function moveAll(
  nodes: readonly DrawnNode[],
  starts: readonly Point[],
  targets: readonly Point[],
  share: number,
): void {
  nodes.forEach((node, i) => {
    const from = starts[i] ?? node;
    const to = targets[i] ?? node;
    node.x = from.x + (to.x - from.x) * share;
    node.y = from.y + (to.y - from.y) * share;
  });
}
