import { expect, it } from "vitest";
import { Occupancy } from "../../lib/occupancy";
import { node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { outline } from "../outlines";
import type { Palette } from "../palette";
import type { Brush } from "./brush";
import { paintNodeLabels } from "./nodelabels";

const nothing = () => undefined;

/** What is written on a scene, and how high. */
function written(made: ReturnType<typeof scene>): Map<string, number> {
  const texts = new Map<string, number>();
  const ctx = {
    strokeText: nothing,
    measureText: (text: string) => ({ width: text.length * 50 }),
    fillText: (text: string, _x: number, y: number) => void texts.set(text, y),
  };
  const brush = {
    ctx,
    scale: 0.5,
    hair: 2,
    sight: { x0: -2000, y0: -2000, x1: 2000, y1: 2000 },
    scene: made,
    palette: {} as unknown as Palette,
    labels: new Set(),
    focus: null,
    hover: null,
    selection: null,
    taken: new Occupancy(),
  } as unknown as Brush;
  paintNodeLabels(brush);
  return texts;
}

it("leaves out the namespace where a box says it, and only there", () => {
  const places = { a: [0, 0], b: [900, 0] } as const;
  const twins = ["a", "b"].map((id) => node(id, { name: "db", namespace: `in-${id}` }));
  const made = scene(twins, [], places);
  outline(made);
  expect([...written(made).keys()]).toEqual(["db (in-a)", "db (in-b)"]);

  // The title of one box has been painted.
  const [box] = made.hulls;
  if (box !== undefined) box.handle = { ...box };
  expect([...written(made).keys()]).toEqual(["db", "db (in-b)"]);
});

it("writes the name of a frame above it where its first version is too near", () => {
  const versions = ["v1", "v2"].map((version) =>
    node(`reviews-${version}`, { app: "reviews", version }),
  );
  const made = scene(versions, [], { "reviews-v1": [0, 0], "reviews-v2": [0, 90] });
  outline(made);
  const texts = written(made);

  expect([...texts.keys()].sort()).toEqual(["reviews", "v1", "v2"]);
  expect(texts.get("reviews")).toBeLessThan((made.frames[0]?.y0 ?? -Infinity) - 10);
});

it("does not take a node's place for the name of the frame under it", () => {
  const versions = ["v1", "v2"].map((version) =>
    node(`reviews-${version}`, { app: "reviews", version }),
  );
  const places = { details: [0, -88], "reviews-v1": [0, 0], "reviews-v2": [0, 90] } as const;
  const made = scene([node("details"), ...versions], [], places);
  outline(made);
  const texts = written(made);

  expect(texts.get("details")).toBeLessThan(-40);
  expect(texts.get("reviews")).toBeGreaterThan(90);
});

it("writes a name above its node where there is no room below", () => {
  const made = scene([node("one"), node("two")], [], { one: [0, 0], two: [0, 50] });
  const texts = written(made);

  expect([...texts.keys()].sort()).toEqual(["one", "two"]);
  expect(texts.get("one")).toBeLessThan(0);
  expect(texts.get("two")).toBeGreaterThan(50);
});
