import { describe, expect, it } from "vitest";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { layoutRequest } from "./client";
import { Memory } from "./memory";

const nodes = ["d", "b", "a", "c"].map((id) => node(id));
const drawn = () => scene(nodes, [edge("d", "a"), edge("a", "b")]);

function memory(known: readonly string[], touched = false): Memory {
  const made = new Memory(`test.${Math.random()}`);
  for (const id of known) made.set(id, { x: 1, y: 2 });
  made.touched = touched;
  return made;
}

describe("what the layout is asked", () => {
  it("lists nodes by id, so that every browser asks the same", () => {
    const { nodes: asked, links } = layoutRequest(drawn(), memory([]));

    expect(asked.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
    expect(links).toEqual([
      [0, 1],
      [3, 0],
    ]);
  });

  it("keeps remembered places when few nodes are new", () => {
    const { nodes: asked } = layoutRequest(drawn(), memory(["a", "b", "c"]));

    expect(asked.map(({ place }) => place !== null)).toEqual([true, true, true, false]);
  });

  it("starts anew when much of the graph is new", () => {
    const { nodes: asked } = layoutRequest(drawn(), memory(["a"]));

    expect(asked.every(({ place }) => place === null)).toBe(true);
  });

  it("never starts anew once somebody moved a node", () => {
    const { nodes: asked } = layoutRequest(drawn(), memory(["a"], true));

    expect(asked[0]?.place).toEqual({ x: 1, y: 2 });
  });
});
