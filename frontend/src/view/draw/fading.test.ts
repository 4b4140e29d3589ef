import { expect, it } from "vitest";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { strength } from "../scene";
import { fading, isPassing } from "./fading";

function clearness(...rates: number[]): number[] {
  const nodes = ["a", ...rates.map((_, i) => `n${i}`)].map((id) => node(id));
  const made = scene(
    nodes,
    rates.map((rps, i) => edge("a", `n${i}`, { rps })),
  );
  const lines = [...made.edges.values()];
  const of = fading(lines);
  return lines.map((line) => of(strength(line.edge)));
}

it("goes by rank, so that a busy mesh and a quiet one look alike", () => {
  expect(clearness(1, 10, 100)).toEqual(clearness(10, 100, 1000));
  const [quiet = 0, middle = 0, busy = 0] = clearness(1, 10, 100);
  expect(quiet).toBeLessThan(middle);
  expect(middle).toBeLessThan(busy);
});

it("treats equals alike, and takes little from any where all are equal", () => {
  const equal = clearness(5, 5, 5, 5);

  expect(new Set(equal).size).toBe(1);
  expect(equal[0]).toBeGreaterThan(0.7);
});

it("knows what only crosses the part that is in sight", () => {
  const made = scene([node("a"), node("b")], [edge("a", "b")], { a: [-100, 0], b: [100, 0] });
  const [line] = made.edges.values();
  const passes = (x0: number, x1: number) =>
    line !== undefined && isPassing(line, { x0, x1, y0: -10, y1: 10 });

  expect(passes(-50, 50)).toBe(true);
  expect(passes(-150, 50)).toBe(false);
  expect(passes(50, 150)).toBe(false);
});
