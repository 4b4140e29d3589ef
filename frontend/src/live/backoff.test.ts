import { expect, it } from "vitest";
import { backoffMs } from "./backoff";

it("doubles the wait up to a limit", () => {
  const waits = [0, 1, 2, 3, 10, 50].map((attempt) => backoffMs(attempt, () => 1));

  expect(waits).toEqual([500, 1000, 2000, 4000, 15_000, 15_000]);
});

it("leaves half of the wait to chance", () => {
  expect(backoffMs(2, () => 0)).toBe(1000);
  expect(backoffMs(2, () => 0.5)).toBe(1500);
});
