import { expect, it } from "vitest";
import { edge, node, snapshot } from "../testing/make";
import { uncoverings } from "./covers";
import { type Filter, NO_FILTER } from "./filter";
import { NOTHING, apply } from "./mesh";
import { pictureOf } from "./picture";
import { understand } from "./query/language";

// front > cart > db, other > cart; alone has no edge.
const mesh = apply(
  NOTHING,
  snapshot({
    nodes: ["front", "cart", "db", "other", "alone"].map((id) => node(id)),
    edges: [
      edge("front", "cart", { rps: 60 }),
      edge("cart", "db", { rps: 1 }),
      edge("other", "cart", { rps: 2, error_ratio: 0.5 }),
    ],
  }),
);

const FRONT = { id: "front", hops: 1, way: "both" } as const;

function covers(change: Partial<Filter>, id: string) {
  const filter = { ...NO_FILTER, find: "idle", ...change };
  return uncoverings(mesh, filter, understand(filter.hide))(id);
}

it.each<[string, Partial<Filter>, string, string[]]>([
  ["Hide", { hide: "name = db" }, "db", ["hide"]],
  ["quick filters", { minRps: 10 }, "db", ["limits"]],
  ["quick filters for errors", { minErrorRatio: 0.1 }, "front", ["limits"]],
  ["the focus", { focus: FRONT }, "alone", ["focus"]],
  ["two at once", { focus: FRONT, hide: "name = db" }, "db", ["focus", "hide"]],
  [
    "all of them",
    { focus: FRONT, hide: "name = db", minRps: 10 },
    "db",
    [...["focus", "limits"], "hide"],
  ],
  ["Hide, where the focus would reach,", { focus: FRONT, hide: "name = cart" }, "cart", ["hide"]],
])("says that %s leaves a node out, and no more", (_, change, id, expected) => {
  const found = covers(change, id);

  expect(found?.covers).toEqual(expected);
  const filter = found?.filter ?? NO_FILTER;
  expect(pictureOf(mesh, filter, understand(filter.hide)).nodes.has(id)).toBe(true);
});

it("leaves the rest of the filter as it is", () => {
  const filter = { minRps: 10, edges: "unhealthy", hide: "name = alone" } as const;

  expect(covers(filter, "alone")?.filter).toEqual({
    ...NO_FILTER,
    find: "idle",
    minRps: 10,
    edges: "unhealthy",
  });
});

it("knows of no way to what the mesh does not have", () => {
  expect(covers({ hide: "name = db" }, "nobody")).toBeNull();
});
