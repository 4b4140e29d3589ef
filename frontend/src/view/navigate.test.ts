import { expect, it } from "vitest";
import { node } from "../testing/make";
import { scene } from "../testing/scene";
import { nextNode } from "./navigate";

const made = scene(
  ["left", "mid", "right", "below"].map((id) => node(id)),
  [],
  { left: [0, 0], mid: [200, 10], right: [400, 0], below: [220, 200] },
);
const from = (id: string) => made.nodes.get(id) ?? null;

it("starts at the left", () => {
  expect(nextNode(made, null, "down")?.id).toBe("left");
});

it.each([
  ["left", "right", "mid"],
  ["mid", "right", "right"],
  ["mid", "left", "left"],
  ["mid", "down", "below"],
  ["below", "up", "mid"],
] as const)("goes from %s %s to %s", (start, way, end) => {
  expect(nextNode(made, from(start), way)?.id).toBe(end);
});

it("stays where there is nothing further", () => {
  expect(nextNode(made, from("right"), "right")).toBeNull();
});
