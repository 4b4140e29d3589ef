import { expect, it } from "vitest";
import { node } from "../testing/make";
import { fullName, nameOf } from "./names";

it.each([
  ["reviews", "v2", "reviews v2"],
  ["reviews-v2", "v2", "reviews-v2"],
  ["frontend", "latest", "frontend"],
  ["frontend", null, "frontend"],
])("names %s in version %s %s", (name, version, text) => {
  expect(fullName(node("x", { name, version }))).toBe(text);
});

it("falls back to the id of a node that is gone", () => {
  expect(nameOf(new Map(), "w/a")).toBe("w/a");
});
