import { expect, it } from "vitest";
import { node, snapshot } from "../testing/make";
import { NOTHING, apply } from "./mesh";
import { siblingsOf } from "./siblings";

const v = (id: string, version: string | null, change = {}) =>
  node(id, { app: "cart", version, ...change });
const nodes = [
  v("c10", "v10"),
  v("c9", "v9"),
  v("elsewhere", "v1", { namespace: "other" }),
  v("far", "v1", { cluster: "west" }),
  v("none", null),
  node("other", { version: "v1" }),
];
const mesh = apply(NOTHING, snapshot({ nodes }));
const ids = (of: string) => siblingsOf(mesh, mesh.nodes.get(of) ?? node("")).map(({ id }) => id);

it("finds the versions of an app in its place, in their order", () => {
  expect(ids("c10")).toEqual(["c9", "c10"]);
  expect(ids("none")).toEqual([]);
});
