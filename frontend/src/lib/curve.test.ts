import { expect, it } from "vitest";
import { curve, distance, endAngle, length, pointAt, quadratic } from "./curve";

const line = curve({ x: 0, y: 0 }, { x: 30, y: 0 }, { x: 60, y: 0 }, { x: 90, y: 0 });

it("goes from its start to its end", () => {
  expect(pointAt(line, 0)).toEqual({ x: 0, y: 0 });
  expect(pointAt(line, 0.5)).toEqual({ x: 45, y: 0 });
  expect(pointAt(line, 1)).toEqual({ x: 90, y: 0 });
});

it("knows its length and direction", () => {
  expect(length(line)).toBeCloseTo(90);
  expect(endAngle(line)).toBe(0);
});

it("measures the distance to the nearest of its points", () => {
  expect(distance(line, { x: 45, y: 12 })).toBeCloseTo(12);
  expect(distance(line, { x: 100, y: 0 })).toBeCloseTo(10);
});

it("draws the same line when a quadratic is raised to a cubic", () => {
  const bent = quadratic({ x: 0, y: 0 }, { x: 50, y: 80 }, { x: 100, y: 0 });

  expect(pointAt(bent, 0.5).y).toBeCloseTo(40);
});
