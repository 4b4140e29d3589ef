import { expect, it } from "vitest";
import { edge, node } from "../testing/make";
import { scene } from "../testing/scene";
import { type Direction, Walk } from "./navigate";

const made = scene(
  ["page", "other", "details", "reviews", "ratings", "alone"].map((id) => node(id)),
  [
    edge("page", "details"),
    edge("page", "reviews"),
    edge("reviews", "ratings"),
    edge("other", "ratings"),
  ],
  {
    page: [0, 0],
    other: [0, 300],
    details: [200, -100],
    reviews: [200, 60],
    ratings: [400, 60],
    alone: [220, 500],
  },
);

/** Where one comes to from `start` (or from nothing) by these steps. */
function walk(start: string | null, ...ways: Direction[]): string | null {
  const walker = new Walk();
  let at = made.nodes.get(start ?? "") ?? null;
  for (const way of ways) at = walker.next(made, at, way);
  return at?.id ?? null;
}

it("starts at the left", () => {
  expect(walk(null, "down")).toBe("page");
});

it.each([
  ["follows the nearest call", "page", ["right"], "reviews"],
  ["goes on along the calls", "page", ["right", "right"], "ratings"],
  ["goes back the way it came", "other", ["right", "left"], "other"],
  ["goes to the nearest caller otherwise", "ratings", ["left"], "reviews"],
  ["goes to what else the same node calls", "page", ["right", "up"], "details"],
  ["goes to siblings of whoever is chosen", "details", ["down"], "reviews"],
  ["goes to the other callers when it came from a callee", "ratings", ["left", "down"], "other"],
  ["reaches what nothing calls", "reviews", ["down"], "alone"],
] as const)("%s", (_, start, ways, end) => {
  expect(walk(start, ...ways)).toBe(end);
});

it("stays where nothing is called", () => {
  expect(walk("ratings", "right")).toBeNull();
});
