import { expect, it } from "vitest";
import { nextSorting, sorted } from "./sort";

const rows = [2, null, 10, 1].map((value, i) => ({ value, i }));
const values = (way: "ascending" | "descending") =>
  sorted(rows, ({ value }) => value, way).map(({ value }) => value);

it("puts what is unknown last either way", () => {
  expect(values("ascending")).toEqual([1, 2, 10, null]);
  expect(values("descending")).toEqual([10, 2, 1, null]);
});

it("reads numbers in names as numbers, and keeps equals in their order", () => {
  expect(sorted(["w10", "w9", "W9"], (name) => name, "ascending")).toEqual(["w9", "W9", "w10"]);
  expect(sorted([3, 1, 2], () => 0, "descending")).toEqual([3, 1, 2]);
});

it("goes round the ways of a column", () => {
  const first = nextSorting(null, "rate");
  const second = nextSorting(first, "rate");

  expect(first).toEqual({ column: "rate", way: "descending" });
  expect(second).toEqual({ column: "rate", way: "ascending" });
  expect(nextSorting(second, "rate")).toBeNull();
  expect(nextSorting(second, "name")).toEqual({ column: "name", way: "descending" });
});
