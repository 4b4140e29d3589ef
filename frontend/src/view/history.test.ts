import { expect, it } from "vitest";
import { History } from "./history";
import type { Kept } from "./layout/memory";

const kept = (x: number): Kept => ({
  base: null,
  places: new Map([["a", { x, y: 0 }]]),
  pins: new Set(),
  centre: null,
  held: false,
});

it("goes back move by move, and forth again", () => {
  const history = new History();
  history.add("force", kept(0));
  history.add("force", kept(1));

  expect(history.undo("force", kept(2))).toEqual(kept(1));
  expect(history.undo("force", kept(1))).toEqual(kept(0));
  expect(history.undo("force", kept(0))).toBeNull();
  expect(history.redo("force", kept(0))).toEqual(kept(1));
  expect(history.redo("force", kept(1))).toEqual(kept(2));
  expect(history.redo("force", kept(2))).toBeNull();
});

it("forgets what was taken back once something else is moved", () => {
  const history = new History();
  history.add("force", kept(0));
  history.undo("force", kept(1));
  history.add("force", kept(0));

  expect(history.redo("force", kept(5))).toBeNull();
});

it("leaves the moves of other pictures alone", () => {
  const history = new History();
  history.add("force", kept(0));
  history.add("grid", kept(7));

  expect(history.undo("force", kept(1))).toEqual(kept(0));
  expect(history.undo("grid", kept(8))).toEqual(kept(7));
});
