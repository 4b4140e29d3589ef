import { expect, it } from "vitest";
import { node } from "../testing/make";
import { scene } from "../testing/scene";
import { outline } from "./outlines";

const ROOMS = ["bank", "depot", "shop", "desk"];

function neighbourhood(strayX: number, pinned: boolean) {
  const nodes = ROOMS.flatMap((namespace) => [
    node(`${namespace}-a`, { namespace }),
    node(`${namespace}-b`, { namespace }),
  ]);
  const places = Object.fromEntries(
    ROOMS.flatMap((namespace, i) => [
      [`${namespace}-a`, [i * 500, 0]],
      [`${namespace}-b`, [i * 500 + 100, 0]],
    ]),
  ) as Record<string, [number, number]>;
  const made = scene(nodes, [], { ...places, "bank-b": [strayX, 0] });
  Object.assign(made.nodes.get("bank-b") ?? {}, { pinned });
  outline(made);
  return made.hulls.map(({ namespace }) => namespace);
}

it("draws a box round each namespace", () => {
  expect(neighbourhood(100, false)).toEqual(ROOMS);
});

it("draws no boxes where namespaces lie among each other", () => {
  expect(neighbourhood(1100, false)).toEqual([]);
});

it("keeps the boxes where it was somebody's hand that put one into another", () => {
  expect(neighbourhood(1100, true)).toEqual(ROOMS);
});
