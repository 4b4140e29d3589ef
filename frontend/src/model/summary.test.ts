import { expect, it } from "vitest";
import { edge, node, snapshot } from "../testing/make";
import { NOTHING, apply } from "./mesh";
import { edgesAt, summarise } from "./summary";

const mesh = apply(
  NOTHING,
  snapshot({
    nodes: [node("a"), node("b", { health: "failing" }), node("c", { health: "idle" })],
    edges: [
      edge("a", "b", { health: "degraded", rps: 100 }),
      edge("b", "c", { health: "failing", rps: 2 }),
      edge("a", "c", { rps: 3 }),
      edge("c", "a", { protocol: "tcp", rps: null }),
    ],
  }),
);

it("counts nodes by health and adds up the drawn requests", () => {
  const summary = summarise(mesh);

  expect(summary).toMatchObject({ nodes: 3, edges: 4, rps: 105 });
  expect(summary.nodesByHealth).toMatchObject({ healthy: 1, failing: 1, idle: 1, degraded: 0 });
});

it("lists failing edges before busier degraded ones, and no healthy ones", () => {
  expect(summarise(mesh).troubled.map((e) => e.id)).toEqual(["b|c|http", "a|b|http"]);
});

it("separates callers from what is called", () => {
  const { inbound, outbound } = edgesAt(mesh, "c");

  expect(inbound.map((e) => e.source)).toEqual(["b", "a"]);
  expect(outbound.map((e) => e.target)).toEqual(["a"]);
});
