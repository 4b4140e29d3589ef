import { expect, it } from "vitest";
import { areaPath, linePath } from "./line";

it("draws a line from the first value to the last, the largest on top", () => {
  expect(linePath([0, 5, 10], 100, 40, 10)).toBe("M0 40L50 20L100 0");
});

it("leaves gaps where nothing is known, and a dot for a value alone", () => {
  expect(linePath([1, null, 1, 1, null], 100, 10, 1)).toBe("M0 0h0M50 0L75 0");
});

it("lies on the axis when all is zero", () => {
  expect(linePath([0, 0], 10, 10, 0)).toBe("M0 10L10 10");
  expect(linePath([], 10, 10, 0)).toBe("");
});

it("fills each stretch down to the axis", () => {
  expect(areaPath([1, 1, null, 2, 2], 100, 10, 2)).toBe(
    "M0 5L25 5L25 10L0 10ZM75 0L100 0L100 10L75 10Z",
  );
});
