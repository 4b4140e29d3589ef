import { describe, expect, it } from "vitest";
import { node, snapshot } from "../testing/make";
import { above, inside, leadsTo } from "./drill";
import { NOTHING, apply } from "./mesh";
import { DEFAULT_VIEW } from "./view";

const OVERVIEW = {
  asked: "app" as const,
  nodes: 9000,
  edges: 30000,
  most_nodes: 1500,
  most_edges: 5000,
};
const mesh = (change: Parameters<typeof snapshot>[0]) => apply(NOTHING, snapshot(change));
const namespace = node("n/shop", { kind: "namespace", namespace: "shop" });

describe("where a node leads", () => {
  it("is into the namespace that it stands for", () => {
    expect(leadsTo(namespace, mesh({ graph_type: "namespace" }))).toBe("shop");
    expect(leadsTo(namespace, mesh({ graph_type: "namespace", overview: OVERVIEW }))).toBe("shop");
  });

  it("is into a namespace graph's only scope, unless that is too large for one picture", () => {
    const scope = ["shop"];

    expect(leadsTo(namespace, mesh({ graph_type: "namespace", scope }))).toBe("shop");
    expect(
      leadsTo(namespace, mesh({ graph_type: "namespace", scope, overview: OVERVIEW })),
    ).toBeNull();
  });

  it("is nowhere for what is inside the scope, and to their namespace for neighbours", () => {
    const scoped = mesh({ scope: ["shop"] });

    expect(leadsTo(node("a"), scoped)).toBeNull();
    expect(leadsTo(node("b", { namespace: "ledger", outside: true }), scoped)).toBe("ledger");
    expect(leadsTo(node("x", { namespace: null, outside: true }), scoped)).toBeNull();
  });
});

describe("a namespace that is opened", () => {
  it("keeps everything else of the view", () => {
    const view = { ...DEFAULT_VIEW, graphType: "app", window: "5m", idle: true } as const;

    expect(inside(view, "shop", "service")).toEqual({ ...view, namespaces: ["shop"] });
  });

  it("is drawn as what was looked at before the namespaces", () => {
    const view = { ...DEFAULT_VIEW, graphType: "namespace" } as const;

    expect(inside(view, "shop", "service")).toMatchObject({ graphType: "service" });
  });

  it("is left to the graph of namespaces that led there, however it is drawn by then", () => {
    const from = { ...DEFAULT_VIEW, graphType: "namespace" } as const;
    const view = { ...DEFAULT_VIEW, graphType: "app", namespaces: ["shop"] } as const;

    expect(above(view, { from, into: "shop" })).toEqual({ ...from, graphType: "namespace" });
    expect(above(view, { from, into: "other" })).toMatchObject({
      graphType: "app",
      namespaces: [],
    });
    expect(above(view, null)).toMatchObject({ graphType: "app", namespaces: [] });
    expect(above(view, { from: { ...from, graphType: "workload" }, into: "shop" })).toMatchObject({
      graphType: "app",
    });
  });
});

it("opens a namespace that was drawn as one node", () => {
  const view = { ...DEFAULT_VIEW, collapsed: ["bank", "shop"] };

  expect(inside(view, "shop", "app").collapsed).toEqual(["bank"]);
});
