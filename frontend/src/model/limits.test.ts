import { expect, it } from "vitest";
import { roundSteps, withSet } from "./limits";

it("steps through round numbers that some value reaches, and that leave some out", () => {
  expect(roundSteps([0.3, 4, 26], 20)).toEqual([0.5, 1, 2, 5, 10, 20]);
  expect(roundSteps([0.3, 4, 26], 3)).toEqual([5, 10, 20]);
  expect(roundSteps([5, 5], 20)).toEqual([]);
  expect(roundSteps([0, 0.01, 0.05], 20)).toEqual([0.02, 0.05]);
});

it("has no steps where nothing occurs", () => {
  expect(roundSteps([], 20)).toEqual([]);
  expect(roundSteps([0], 20)).toEqual([]);
});

it("keeps a value that was set elsewhere", () => {
  expect(withSet([1, 2, 5], 3)).toEqual([1, 2, 3, 5]);
  expect(withSet([1, 2], 2)).toEqual([1, 2]);
  expect(withSet([], null)).toEqual([]);
});
