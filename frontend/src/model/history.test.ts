import { describe, expect, it } from "vitest";
import { history, series } from "../testing/make";
import { added, historyParams, linesOf, newest, rangeOf, rangeOver } from "./history";
import { DEFAULT_VIEW } from "./view";

describe("a question about the past", () => {
  const usual = {
    about: null,
    range: "10m",
    fields: ["rps", "errors"],
    end: null,
    byVersion: false,
  } as const;

  it("is asked of the view on screen", () => {
    const view = { ...DEFAULT_VIEW, namespaces: ["shop"] };

    expect(historyParams(view, usual).toString()).toBe(
      "type=versioned_app&namespace=shop&range=10m&fields=rps%2Cerrors",
    );
  });

  it("names what it is about, until when, and by what", () => {
    const about = { kind: "namespace", id: "shop" } as const;
    const params = historyParams(DEFAULT_VIEW, { ...usual, about, end: 99.5, byVersion: true });

    expect(Object.fromEntries(params)).toMatchObject({
      in_namespace: "shop",
      end: "99.5",
      by: "version",
    });
  });
});

it("falls back to the usual range, and finds the shortest that is long enough", () => {
  expect([rangeOf("6h"), rangeOf("2y")]).toEqual(["6h", "15m"]);
  expect([rangeOver(1), rangeOver(301), rangeOver(1e9)]).toEqual(["5m", "10m", "7d"]);
});

it("knows the newest value that there is", () => {
  expect(newest([1, 2, null])).toBe(2);
  expect(newest([null])).toBeNull();
});

it("picks lines, and adds them without turning gaps into zero", () => {
  const past = history({
    series: [
      series("error_rps", { label: "503", way: "in", values: [1, null, null] }),
      series("error_rps", { label: "500", way: "in", values: [1, 2, null] }),
      series("error_rps", { label: "503", way: "out", values: [9, 9, 9] }),
      series("rps", { way: "in", version: "v1" }),
    ],
  });
  const errors = linesOf(past, { field: "error_rps", way: "in" });

  expect(errors.map(({ label }) => label)).toEqual(["503", "500"]);
  expect(added(errors, 3)).toEqual([2, 2, null]);
  expect(linesOf(past, { field: "error_rps", label: "503" })).toHaveLength(2);
  expect(linesOf(past, { field: "rps", version: "v2" })).toEqual([]);
});
