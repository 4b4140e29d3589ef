import { expect, it } from "vitest";
import { node, snapshot } from "../testing/make";
import { NOTHING, apply } from "./mesh";
import { matches } from "./search";

const mesh = apply(
  NOTHING,
  snapshot({
    nodes: [
      node("reviews", { namespace: "bookinfo", version: "v2" }),
      node("ratings", { namespace: "bookinfo", health: "failing" }),
      node("cart", { namespace: "boutique" }),
    ],
  }),
);

it.each([
  ["RAT", ["ratings"]],
  ["bookinfo", ["reviews", "ratings"]],
  ["bookinfo v2", ["reviews"]],
  ["failing", ["ratings"]],
  ["nobody", []],
])("finds by %s", (text, ids) => {
  expect([...(matches(mesh, text) ?? [])]).toEqual(ids);
});

it("asks nothing when only blanks were typed", () => {
  expect(matches(mesh, "  ")).toBeNull();
});
