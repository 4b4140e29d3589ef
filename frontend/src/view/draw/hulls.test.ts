import { expect, it } from "vitest";
import { Occupancy } from "../../lib/occupancy";
import { node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { outline } from "../outlines";
import type { Brush } from "./brush";
import { paintHulls } from "./hulls";

const pen = new Proxy(
  {},
  { get: (_, name) => (name === "measureText" ? () => ({ width: 50 }) : () => undefined) },
);

it.each([
  ["on a screen, to be clicked", false],
  ["in a file, where nothing is clicked", true],
])("tells that a box has its name %s", (_, isSheet) => {
  const made = scene([node("cart"), node("web")], [], { cart: [0, 0], web: [200, 0] });
  outline(made);
  paintHulls({
    ctx: pen,
    scale: 1,
    hair: 1,
    sight: { x0: -2000, y0: -2000, x1: 2000, y1: 2000 },
    scene: made,
    palette: {},
    focus: null,
    taken: new Occupancy(),
    isSheet,
  } as unknown as Brush);

  const [box] = made.hulls;
  expect(box?.handle).not.toBeNull();
  expect(box?.sign === null).toBe(isSheet);
});
