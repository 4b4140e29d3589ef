import { expect, it } from "vitest";
import { inOrderOf } from "./still";

const order = (ids: readonly string[], before: readonly string[]) =>
  inOrderOf(
    ids.map((id) => ({ id })),
    before,
  ).map(({ id }) => id);

it("keeps the order that rows had, whatever order they come in", () => {
  expect(order(["c", "b", "a"], ["a", "b", "c"])).toEqual(["a", "b", "c"]);
});

it("lets newcomers follow in their own order, and the gone go", () => {
  expect(order(["y", "c", "x", "a"], ["a", "b", "c"])).toEqual(["a", "c", "y", "x"]);
});
