import { describe, expect, it } from "vitest";
import { edge, node, snapshot } from "../testing/make";
import { type Filter, NO_FILTER } from "./filter";
import { NOTHING, apply } from "./mesh";
import { pictureOf } from "./picture";
import { understand } from "./query/language";

// entry > front > cart > db, front > reviews > db, other > cart; alone has no edge.
const mesh = apply(
  NOTHING,
  snapshot({
    nodes: ["entry", "front", "cart", "reviews", "db", "other", "alone"].map((id) => node(id)),
    edges: [
      edge("entry", "front", { rps: 100 }),
      edge("front", "cart", { rps: 60, error_ratio: 0.1, health: "failing" }),
      edge("front", "reviews", { rps: 40 }),
      edge("cart", "db", { protocol: "tcp", rps: null, error_ratio: null }),
      edge("reviews", "db", { rps: 10, health: "degraded", error_ratio: 0.02 }),
      edge("other", "cart", { rps: 1 }),
    ],
  }),
);

function drawn(filter: Partial<Filter>): string {
  const { nodes, edges } = pictureOf(
    mesh,
    { ...NO_FILTER, ...filter },
    understand(filter.hide ?? ""),
  );
  const lines = [...edges.values()].map(({ source, target }) => `${source}>${target}`);
  return [...nodes.keys(), ...lines].sort().join(" ");
}

const all = drawn({});
const without = (...gone: string[]) =>
  all
    .split(" ")
    .filter((part) => !gone.includes(part))
    .join(" ");

it("is the mesh itself where nothing is left out", () => {
  expect(pictureOf(mesh, NO_FILTER, null)).toBe(mesh);
  expect(pictureOf(mesh, { ...NO_FILTER, find: "name = cart", minRps: null }, null)).toBe(mesh);
  expect(pictureOf(mesh, NO_FILTER, understand("name = nobody"))).toBe(mesh);
});

it("keeps the map of nodes where only edges are left out", () => {
  expect(pictureOf(mesh, { ...NO_FILTER, edges: "none" }, null).nodes).toBe(mesh.nodes);
});

describe("hide", () => {
  it("removes nodes with their edges", () => {
    expect(drawn({ hide: "name = cart" })).toBe(
      without("cart", "front>cart", "cart>db", "other>cart"),
    );
  });

  it("removes edges, and never a node that has others", () => {
    expect(drawn({ hide: "protocol = tcp" })).toBe(without("cart>db"));
    expect(drawn({ hide: "source.name = other" })).toBe(without("other>cart", "other"));
  });

  it("removes both where a field is of both, but no end of an edge that stays", () => {
    expect(drawn({ hide: "healthy" })).toBe("cart db front front>cart reviews reviews>db");
    expect(drawn({ hide: "rps < 20" })).toBe(without("reviews>db", "other>cart"));
  });

  it("keeps a node that never had an edge, unless it is meant", () => {
    expect(drawn({ hide: "edge.rps >= 0 or protocol = tcp" })).toBe("alone");
    expect(drawn({ hide: "name = alone" })).toBe(without("alone"));
    expect(drawn({ hide: "name = alone or protocol = tcp" })).toBe(without("alone", "cart>db"));
  });

  it("hides nothing while it cannot be read", () => {
    expect(drawn({ hide: "name =" })).toBe(all);
  });
});

describe("limits", () => {
  it("leave busy edges and what they join", () => {
    expect(drawn({ minRps: 40 })).toBe(
      "alone cart entry entry>front front front>cart front>reviews reviews",
    );
  });

  it("leave failing edges; an edge without requests has no errors", () => {
    expect(drawn({ minErrorRatio: 0.05 })).toBe("alone cart front front>cart");
    expect(drawn({ minRps: 11, minErrorRatio: 0.01 })).toBe("alone cart front front>cart");
  });
});

describe("edge mode", () => {
  it("leaves nodes where they are", () => {
    expect(drawn({ edges: "unhealthy" })).toBe(
      without("entry>front", "front>reviews", "cart>db", "other>cart"),
    );
    expect(drawn({ edges: "none" })).toBe("alone cart db entry front other reviews");
  });
});

describe("focus", () => {
  const focus = (id: string, hops: 1 | 2 | 3, way: "both" | "down" | "up") =>
    drawn({ focus: { id, hops, way } });

  it("shows what is called within so many hops", () => {
    expect(focus("front", 1, "down")).toBe("cart front front>cart front>reviews reviews");
    expect(focus("front", 2, "down")).toBe(
      "cart cart>db db front front>cart front>reviews reviews reviews>db",
    );
  });

  it("shows who calls", () => {
    expect(focus("cart", 1, "up")).toBe("cart front front>cart other other>cart");
    expect(focus("db", 3, "up")).toBe(without("alone"));
  });

  it("shows both, but not the other callers of what is called", () => {
    expect(focus("front", 1, "both")).toBe(
      "cart entry entry>front front front>cart front>reviews reviews",
    );
    expect(focus("front", 3, "both")).not.toContain("other");
  });

  it("walks only along edges that are left, and keeps its own node", () => {
    expect(drawn({ focus: { id: "cart", hops: 3, way: "down" }, hide: "protocol = tcp" })).toBe(
      "cart",
    );
    expect(drawn({ focus: { id: "cart", hops: 1, way: "both" }, hide: "name = cart" })).toBe(
      "cart",
    );
  });

  it("walks along edges that the mode does not draw", () => {
    expect(drawn({ focus: { id: "front", hops: 1, way: "down" }, edges: "none" })).toBe(
      "cart front reviews",
    );
  });

  it("shows everything while the mesh does not have its node", () => {
    expect(focus("gone", 1, "both")).toBe(all);
  });
});
