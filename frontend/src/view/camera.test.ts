import { describe, expect, it } from "vitest";
import { frameOf, nudge } from "./camera";

const size = { width: 1000, height: 600 };
const none = { left: 0, right: 0, top: 0, bottom: 0 };
const panel = { ...none, right: 400 };

describe("fitting", () => {
  it("shows a large graph whole, in the middle", () => {
    const { centre, scale } = frameOf({ x0: 0, y0: 0, x1: 4000, y1: 1000 }, size, none);

    expect(centre).toEqual({ x: 2000, y: 500 });
    expect(4000 * scale).toBeLessThanOrEqual(1000);
  });

  it("keeps the graph out from under the panel", () => {
    const box = { x0: 0, y0: 0, x1: 2000, y1: 100 };
    const { centre, scale } = frameOf(box, size, panel);
    const rightEdge = (box.x1 - centre.x) * scale + size.width / 2;

    expect(rightEdge).toBeLessThanOrEqual(600);
  });

  it("does not blow up a graph of one node", () => {
    expect(frameOf({ x0: -30, y0: -30, x1: 30, y1: 30 }, size, none).scale).toBeLessThan(1.5);
  });
});

const at = (x: number, y: number) => ({ x0: x, y0: y, x1: x, y1: y });

describe("nudging", () => {
  it("brings both ends of a line out, or its start where there is no room", () => {
    const line = (x0: number, x1: number) => ({ x0, y0: 300, x1, y1: 300 });

    expect(nudge(line(400, 700), size, panel).x).toBe(-160);
    expect(nudge(line(100, 900), size, panel).x).toBe(-40);
    expect(nudge(line(-50, 80), size, panel).x).toBe(110);
  });

  it("leaves alone what is in sight", () => {
    expect(nudge(at(300, 300), size, panel)).toEqual({ x: 0, y: 0 });
  });

  it("brings out what a panel covers, and no further", () => {
    expect(nudge(at(700, 300), size, panel)).toEqual({ x: -160, y: 0 });
  });
});
