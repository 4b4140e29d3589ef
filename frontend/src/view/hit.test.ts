import { expect, it } from "vitest";
import { edge, node } from "../testing/make";
import { scene } from "../testing/scene";
import { hit } from "./hit";

const made = scene([node("a"), node("b"), node("lost")], [edge("a", "b"), edge("a", "lost")], {
  a: [0, 0],
  b: [300, 0],
});

it.each([
  ["the middle of a node", { x: 3, y: -4 }, 1, { kind: "node", id: "a" }],
  ["a line", { x: 150, y: 4 }, 1, { kind: "edge", id: "a|b|http" }],
  ["the background", { x: 150, y: 60 }, 1, null],
  [
    "beside a line that looks near from far",
    { x: 150, y: 30 },
    0.2,
    { kind: "edge", id: "a|b|http" },
  ],
  ["beside a node that is a speck from far", { x: -60, y: 0 }, 0.1, { kind: "node", id: "a" }],
] as const)("finds what is at %s", (_, point, scale, found) => {
  expect(hit(made, point, scale)).toEqual(found);
});

it("takes a node's name for the node, unless another node lies over it", () => {
  const named = scene([node("a"), node("b")], [edge("a", "b")], { a: [0, 0], b: [300, 0] });
  const [a] = named.nodes.values();
  if (a !== undefined) a.named = { x0: 100, y0: -10, x1: 310, y1: 10 };

  expect(hit(named, { x: 150, y: 2 }, 1)).toEqual({ kind: "node", id: "a" });
  expect(hit(named, { x: 300, y: 2 }, 1)).toEqual({ kind: "node", id: "b" });
});
