import { describe, expect, it } from "vitest";
import { distance, pointAt } from "../lib/curve";
import { edge, node } from "../testing/make";
import { scene } from "../testing/scene";

const middle = (made: ReturnType<typeof scene>, id: string) => {
  const drawn = made.edges.get(id);
  if (drawn === undefined) throw new Error(`no edge ${id}`);
  return pointAt(drawn.curve, 0.5);
};

describe("lines", () => {
  it("are straight where nothing is in the way", () => {
    const made = scene([node("a"), node("b")], [edge("a", "b")], { a: [0, 0], b: [200, 0] });

    expect(middle(made, "a|b|http").y).toBeCloseTo(0);
  });

  it("end at the nodes' borders", () => {
    const made = scene([node("a"), node("b")], [edge("a", "b")], { a: [0, 0], b: [200, 0] });
    const curve = made.edges.get("a|b|http")?.curve;

    expect(curve?.[0]).toBeGreaterThan(20);
    expect(curve?.[6]).toBeLessThan(180);
  });

  it("bend apart when two protocols or both directions connect the same nodes", () => {
    const edges = [edge("a", "b"), edge("a", "b", { protocol: "tcp" }), edge("b", "a")];
    const made = scene([node("a"), node("b")], edges, { a: [0, 0], b: [200, 0] });

    const heights = edges.map(({ id }) => middle(made, id).y).sort((p, q) => p - q);

    expect((heights[1] ?? 0) - (heights[0] ?? 0)).toBeGreaterThan(15);
    expect((heights[2] ?? 0) - (heights[1] ?? 0)).toBeGreaterThan(15);
  });

  it("go round a node that is in the way", () => {
    const made = scene([node("a"), node("b"), node("wall")], [edge("a", "b")], {
      a: [0, 0],
      b: [400, 0],
      wall: [200, 0],
    });
    const line = made.edges.get("a|b|http")?.curve ?? new Float64Array(8);

    expect(distance(line, { x: 200, y: 0 })).toBeGreaterThan(28);
  });

  it("loop over a node that calls itself, each protocol on its own", () => {
    const made = scene([node("a")], [edge("a", "a"), edge("a", "a", { protocol: "tcp" })], {
      a: [0, 0],
    });

    const [inner, outer] = [middle(made, "a|a|http").y, middle(made, "a|a|tcp").y];

    expect(inner).toBeLessThan(-24);
    expect(outer).toBeLessThan(inner - 5);
  });
});
