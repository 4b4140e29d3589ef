import { expect, it } from "vitest";
import { history, series } from "../testing/make";
import { aligned, lastShared, pastOf } from "./compare";

const both = history({
  times: [10, 20],
  series: [
    series("rps", { way: "in", version: "v1", values: [10, 0] }),
    series("error_rps", { way: "in", version: "v1", label: "503", values: [1, null] }),
    series("error_rps", { way: "in", version: "v1", label: "500", values: [1, null] }),
    series("latency_ms", { way: "in", version: "v1", label: "p95", values: [50, null] }),
    series("rps", { way: "in", version: "v2", values: [4, null] }),
    series("rps", { way: "out", values: [99, 99] }),
  ],
});

it("takes one version's numbers, errors as a share of its requests", () => {
  const { measures } = pastOf(both, "v1", "v1");

  expect(measures.rps).toEqual([10, 0]);
  expect(measures.errorShare).toEqual([0.2, null]);
  expect(measures.p95).toEqual([50, null]);
  expect(measures.p50).toEqual([null, null]);
});

it("knows that a version without errors has none", () => {
  expect(pastOf(both, "v2", "v2").measures.errorShare).toEqual([0, null]);
});

it("puts histories of different times onto the times of both", () => {
  const later = history({ times: [20, 30], series: [series("rps", { values: [7, 8] })] });

  const [a, b] = aligned(pastOf(both, "v1", "v1"), pastOf(later, "v2", null));

  expect(a.times).toEqual([10, 20, 30]);
  expect(a.measures.rps).toEqual([10, 0, null]);
  expect(b.measures.rps).toEqual([null, 7, 8]);
  expect(lastShared(a, b)).toBe(1);
});

it("compares at the last moment of all when the versions never ran together", () => {
  expect(lastShared(pastOf(both, "v3", "v3"), pastOf(both, "v1", "v1"))).toBe(1);
});
