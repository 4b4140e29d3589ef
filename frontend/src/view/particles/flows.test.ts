import { describe, expect, it } from "vitest";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { COLOUR, ERRORS, dotsPerSecond, packFlows, speed } from "./flows";

const latency = (avg: number | null) => ({ avg, p50: null, p90: null, p95: null, p99: null });

describe("the stream of dots", () => {
  it("grows with the traffic, ever more slowly", () => {
    const rates = [0.5, 5, 50, 500].map((rps) => dotsPerSecond(edge("a", "b", { rps })));

    expect([...rates].sort((p, q) => p - q)).toEqual(rates);
    expect(Math.max(...rates)).toBeLessThanOrEqual(14);
  });

  it("is dry where nothing flows or nothing is known", () => {
    expect(dotsPerSecond(edge("a", "b", { rps: 0 }))).toBe(0);
    expect(dotsPerSecond(edge("a", "b", { rps: null }))).toBe(0);
  });

  it("follows bytes where there are no requests", () => {
    const tcp = edge("a", "b", { protocol: "tcp", rps: null, sent_bps: 50_000 });

    expect(dotsPerSecond(tcp)).toBeGreaterThan(1);
  });

  it("is slow where answers are slow", () => {
    const speeds = [5, 100, 1000, 7000].map((ms) =>
      speed(edge("a", "b", { latency_ms: latency(ms) })),
    );

    expect([...speeds].sort((p, q) => q - p)).toEqual(speeds);
    expect(speeds[0]).toBeGreaterThan(3 * (speeds[3] ?? 0));
  });
});

describe("packing", () => {
  const made = scene(
    [node("a"), node("b"), node("new")],
    [
      edge("a", "b", { error_ratio: 0.5 }),
      edge("b", "a", { protocol: "tcp", rps: null, sent_bps: 9000 }),
      edge("a", "new"),
      edge("b", "a", { rps: 0 }),
    ],
    { a: [0, 0], b: [200, 0] },
  );

  it("takes only edges that are drawn and have traffic", () => {
    expect(packFlows(made, null).keys).toEqual(["a|b|http", "b|a|tcp"]);
  });

  it("carries the share of errors and the protocol's colour", () => {
    const { data } = packFlows(made, null);

    expect(data[ERRORS]).toBe(0.5);
    expect([data[COLOUR], data[13 + COLOUR]]).toEqual([0, 1]);
  });

  it("hides flows outside the focus without ending them", () => {
    const { keys, data } = packFlows(made, { nodes: new Set(), edges: new Set(["a|b|http"]) });

    expect(keys).toHaveLength(2);
    expect([data[COLOUR], data[13 + COLOUR]]).toEqual([0, 2]);
  });
});
