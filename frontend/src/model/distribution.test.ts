import { expect, it } from "vitest";
import type { DistributionSide } from "./entities";
import { rowsOf } from "./distribution";

const side = (reporter: "client" | "server", rps: readonly number[]): DistributionSide => ({
  reporter,
  promql: "",
  url: null,
  buckets: [1, 5, 10, 25, null].map((le_ms, i) => ({ le_ms, rps: rps[i] ?? 0 })),
});

it("shows shares from the first to the last bucket that is used on either side", () => {
  expect(rowsOf([side("server", [0, 3, 0, 1]), side("client", [0, 0, 4])])).toEqual([
    { fromMs: 1, leMs: 5, shares: [0.75, 0] },
    { fromMs: 5, leMs: 10, shares: [0, 1] },
    { fromMs: 10, leMs: 25, shares: [0.25, 0] },
  ]);
});

it("has a last bucket without a limit", () => {
  expect(rowsOf([side("server", [0, 0, 0, 0, 2])])).toEqual([
    { fromMs: 25, leMs: null, shares: [1] },
  ]);
});

it("shows nothing where nothing was measured", () => {
  expect(rowsOf([])).toEqual([]);
  expect(rowsOf([side("server", [])])).toEqual([]);
});
