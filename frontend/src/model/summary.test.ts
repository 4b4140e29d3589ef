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

it("counts edges by health and adds up the drawn requests", () => {
  const summary = summarise(mesh);

  expect(summary).toMatchObject({ nodes: 3, edges: 4, rps: 105 });
  expect(summary.edgesByHealth).toMatchObject({ healthy: 2, failing: 1, degraded: 1, idle: 0 });
});

it("adds up a request once though an operation or a waypoint stands on its way", () => {
  const nodes = [
    node("a"),
    node("b"),
    node("GET", { kind: "operation" }),
    node("way", { kind: "waypoint" }),
  ];
  const edges = [
    edge("a", "GET", { rps: 5 }),
    edge("GET", "b", { rps: 5 }),
    edge("a", "b", { rps: 2 }),
    edge("a", "way", { rps: 2 }),
    edge("way", "b", { rps: 2 }),
  ];

  const sum = (waypoints: boolean) =>
    summarise(apply(NOTHING, snapshot({ nodes, edges, waypoints }))).rps;

  expect(sum(true)).toBe(7);
  // Without legs, what is drawn at a waypoint is drawn nowhere else.
  expect(sum(false)).toBe(11);
});

it("lists failing edges before busier degraded ones, and no healthy ones", () => {
  expect(summarise(mesh).troubled.map((e) => e.id)).toEqual(["b|c|http", "a|b|http"]);
});

it("lists a higher share of errors before more traffic", () => {
  const edges = [
    edge("a", "b", { health: "failing", error_ratio: 0.1, rps: 100 }),
    edge("a", "c", { health: "failing", error_ratio: 0.9, rps: 1 }),
  ];

  const { troubled } = summarise(apply(NOTHING, snapshot({ edges })));

  expect(troubled.map((e) => e.id)).toEqual(["a|c|http", "a|b|http"]);
});

it("counts an edge in trouble and without encryption once", () => {
  const plain = { mtls: { state: "plaintext", ratio: 0 } } as const;
  const edges = [
    edge("a", "b", { health: "failing", ...plain }),
    edge("a", "c", { mtls: { state: "mixed", ratio: 0.7 } }),
    edge("a", "d", plain),
    edge("a", "e", { mtls: { state: "unknown", ratio: null } }),
  ];

  const summary = summarise(apply(NOTHING, snapshot({ edges })));

  expect(summary.unencrypted.map((e) => e.target)).toEqual(["b", "d", "c"]);
  expect(summary.attention).toBe(3);
});

it("names the slowest edges although they are healthy, and none without latency", () => {
  const latency = (p95: number | null) => ({ latency_ms: { ...edge("x", "x").latency_ms, p95 } });
  const edges = [
    edge("a", "b", latency(5)),
    edge("a", "c", latency(7000)),
    edge("a", "d", latency(null)),
  ];

  const { slowest } = summarise(apply(NOTHING, snapshot({ edges })));

  expect(slowest.map((e) => e.target)).toEqual(["c", "b"]);
});

it("separates callers from what is called", () => {
  const { inbound, outbound } = edgesAt(mesh, "c");

  expect(inbound.map((e) => e.source)).toEqual(["b", "a"]);
  expect(outbound.map((e) => e.target)).toEqual(["a"]);
});
