import { expect, it } from "vitest";
import { node, snapshot } from "../testing/make";
import { healthChanges } from "./changes";
import { NOTHING, apply } from "./mesh";

const mesh = (nodes: Parameters<typeof node>[1][], change: object = {}) =>
  apply(NOTHING, snapshot({ nodes: nodes.map((each, i) => node(`n${i}`, each)), ...change }));
const healths = (...all: ("healthy" | "failing" | "degraded" | "idle")[]) =>
  mesh(all.map((health) => ({ health })));
const ids = (nodes: readonly { id: string }[]) => nodes.map(({ id }) => id);

it("tells what got worse, the worst first, and what recovered", () => {
  const changes = healthChanges(
    healths("healthy", "healthy", "failing", "healthy", "degraded"),
    healths("degraded", "failing", "healthy", "idle", "degraded"),
  );

  expect(ids(changes.worse)).toEqual(["n1", "n0"]);
  expect(ids(changes.better)).toEqual(["n2"]);
});

it("tells nothing of nodes that came, nor between two pictures", () => {
  expect(ids(healthChanges(mesh([]), healths("failing")).worse)).toEqual([]);
  const elsewhere = mesh([{ health: "failing" }], { scope: ["shop"] });
  expect(ids(healthChanges(healths("healthy"), elsewhere).worse)).toEqual([]);
});

it("tells every change once", () => {
  const after = healths("failing");

  expect(ids(healthChanges(healths("healthy"), after).worse)).toEqual(["n0"]);
  expect(ids(healthChanges(after, healths("failing")).worse)).toEqual([]);
});
