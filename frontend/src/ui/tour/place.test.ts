import { expect, it } from "vitest";
import { besides } from "./place";

const box = { width: 300, height: 150 };
const screen = { width: 1000, height: 800 };
const rect = (left: number, top: number, width: number, height: number) => ({
  left,
  top,
  width,
  height,
});

it.each([
  ["under a bar", rect(400, 10, 100, 30), { x: 300, y: 54 }],
  ["under a bar's end, on the screen", rect(950, 10, 40, 30), { x: 688, y: 54 }],
  ["over a foot", rect(0, 760, 1000, 40), { x: 350, y: 596 }],
  ["right of a column", rect(0, 0, 60, 800), { x: 74, y: 325 }],
  ["left of a panel", rect(600, 0, 400, 800), { x: 286, y: 325 }],
  ["in the middle of what fills the screen", rect(0, 0, 1000, 800), { x: 350, y: 325 }],
  ["in the middle where there is nothing", null, { x: 350, y: 325 }],
])("stands %s", (_, target, place) => {
  expect(besides(target, box, screen)).toEqual(place);
});
