// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { enter, entered } from "./history";
import { remember } from "./storage";

beforeEach(() => localStorage.clear());

it("keeps the last twenty, each once, the latest first", () => {
  for (let n = 0; n < 30; n += 1) enter("k", `text ${n}`);
  enter("k", "text 15");
  enter("k", "");

  expect(entered("k")).toHaveLength(20);
  expect(entered("k").slice(0, 3)).toEqual(["text 15", "text 29", "text 28"]);
  expect(new Set(entered("k")).size).toBe(20);
});

it.each([null, 5, { a: 1 }])("takes %j in the storage for nothing", (stored) => {
  remember("k", stored);
  expect(entered("k")).toEqual([]);
});
