import { expect, it } from "vitest";
import type { Box } from "../../lib/box";
import { Occupancy } from "../../lib/occupancy";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import type { Palette } from "../palette";
import type { Brush } from "./brush";
import { paintEdgeLabels } from "./edgelabels";

const nothing = () => undefined;

/** What is written on a line of 160 pixels where `walls` are in the way. */
function written(health: "failing" | "healthy", walls: readonly Box[]): string[] {
  const texts: string[] = [];
  const taken = new Occupancy();
  for (const wall of walls) taken.reserve(wall);
  const ctx = {
    ...{ beginPath: nothing, roundRect: nothing, fill: nothing },
    measureText: (text: string) => ({ width: text.length * 50 }),
    fillText: (text: string) => void texts.push(text),
  };
  const line = edge("a", "b", { health, rps: 1234, error_ratio: 0.3 });
  const brush = {
    ctx,
    scale: 1,
    hair: 1,
    sight: { x0: 0, y0: 0, x1: 1000, y1: 1000 },
    scene: scene([node("a"), node("b")], [line], { a: [100, 100], b: [300, 100] }),
    palette: { health: {} } as unknown as Palette,
    labels: new Set(["rps", "errors"]),
    focus: null,
    hover: null,
    selection: null,
    taken,
  } as unknown as Brush;
  paintEdgeLabels(brush);
  return texts;
}

/** Walls above and below the line: what stays free is one text high. */
const NARROW = [
  { x0: 0, y0: 0, x1: 500, y1: 87 },
  { x0: 0, y0: 112, x1: 500, y1: 400 },
];

it("writes all that is asked for where there is room", () => {
  expect(written("failing", [])).toHaveLength(2);
});

it("writes at least the share of errors of trouble", () => {
  expect(written("failing", NARROW)).toEqual([expect.stringContaining("30")]);
});

it("leaves what is well alone where there is no room", () => {
  expect(written("healthy", NARROW)).toEqual([]);
});
