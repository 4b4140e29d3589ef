import { expect, it } from "vitest";
import { Occupancy } from "./occupancy";

const box = (x0: number, y0: number) => ({ x0, y0, x1: x0 + 40, y1: y0 + 12 });

it("refuses a rectangle that covers an earlier one", () => {
  const grid = new Occupancy();

  expect(grid.claim(box(0, 0))).toBe(true);
  expect(grid.claim(box(20, 5))).toBe(false);
  expect(grid.claim(box(0, 20))).toBe(true);
});

it("takes nothing when it refuses", () => {
  const grid = new Occupancy();
  grid.claim(box(0, 0));
  grid.claim(box(30, 8));

  expect(grid.claim(box(48, 16))).toBe(true);
});

it("works left of and above the screen", () => {
  const grid = new Occupancy();

  expect(grid.claim(box(-50, -20))).toBe(true);
  expect(grid.claim(box(-50, -20))).toBe(false);
});
