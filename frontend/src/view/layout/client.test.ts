import { describe, expect, it } from "vitest";
import { edge, node, outsider } from "../../testing/make";
import { scene } from "../../testing/scene";
import { layoutRequest } from "./client";
import { Memory } from "./memory";

const at = (now: number, centre: string | null = null) =>
  ({ layout: centre === null ? "force" : "concentric", centre, now }) as const;
const nodes = ["d", "b", "a", "c"].map((id) => node(id));
const drawn = () => scene(nodes, [edge("d", "a"), edge("a", "b")]);

function memory(known: readonly string[], touched = false): Memory {
  const made = new Memory(`test.${Math.random()}`);
  for (const id of known) made.set(id, { x: 1, y: 2 });
  if (touched) made.pin(known[0] ?? "", { x: 1, y: 2 });
  return made;
}

describe("what the layout is asked", () => {
  it("lists nodes by id, so that every browser asks the same", () => {
    const { nodes: asked, links } = layoutRequest(drawn(), memory([]), at(0));

    expect(asked.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
    expect(links).toEqual([
      [0, 1],
      [3, 0],
    ]);
  });

  it("keeps remembered places when few nodes are new", () => {
    const { nodes: asked } = layoutRequest(drawn(), memory(["a", "b", "c"]), at(0));

    expect(asked.map(({ place }) => place !== null)).toEqual([true, true, true, false]);
  });

  it("starts anew when much of the graph is new", () => {
    const { nodes: asked } = layoutRequest(drawn(), memory(["a"]), at(0));

    expect(asked.every(({ place }) => place === null)).toBe(true);
  });

  it("never starts anew once somebody moved a node", () => {
    const { nodes: asked } = layoutRequest(drawn(), memory(["a"], true), at(0));

    expect(asked[0]?.place).toEqual({ x: 1, y: 2 });
  });

  it("puts a young picture right when it has grown, piece by piece", () => {
    const known = memory(["a", "b", "c", "d"]);
    known.rebase(3, 1, 0);

    const { nodes: asked } = layoutRequest(drawn(), known, at(20_000));

    expect(asked.every(({ place }) => place === null)).toBe(true);
    expect(known.base).toEqual({ nodes: 4, edges: 2, born: 0 });
  });

  it("leaves an old picture alone however it grows piece by piece", () => {
    const known = memory(["a", "b", "c", "d"]);
    known.rebase(3, 1, 0);

    const { nodes: asked } = layoutRequest(drawn(), known, at(120_000));

    expect(asked.every(({ place }) => place !== null)).toBe(true);
  });

  it("may be anything while the picture is young, unless somebody moved a node", () => {
    const known = (touched: boolean) => {
      const made = memory(["a", "b", "c", "d"], touched);
      made.rebase(4, 2, 0);
      return made;
    };

    expect(layoutRequest(drawn(), known(false), at(20_000)).isYoung).toBe(true);
    expect(layoutRequest(drawn(), known(true), at(20_000)).isYoung).toBe(false);
    expect(layoutRequest(drawn(), known(false), at(120_000)).isYoung).toBe(false);
  });

  it("goes round what is looked at, else round the entry point", () => {
    const centre = (wanted: string) => {
      const { centre, nodes } = layoutRequest(drawn(), memory([]), at(0, wanted));
      return nodes[centre]?.id;
    };

    expect(centre("c")).toBe("c");
    expect(centre("gone")).toBe("d");
  });

  it("goes round somebody known rather than round those who may not be seen", () => {
    const busy = outsider("callers", { out: { ...node("x").out, rps: 900 } });
    const made = scene([busy, node("a"), node("b")], [edge(busy.id, "a"), edge("a", "b")]);

    const { centre, nodes: asked } = layoutRequest(made, memory([]), at(0, "gone"));

    expect(asked[centre]?.id).toBe("a");
  });

  it("keeps those who may not be seen out of every group", () => {
    const made = scene([outsider("callers"), outsider("callees"), node("a")], []);
    const { nodes: asked } = layoutRequest(made, memory([]), at(0));

    expect(asked.map(({ group }) => group)).toEqual(["/shop", "", ""]);
  });

  it("lends a neighbour from outside no place of the whole picture", () => {
    const whole = memory(["a", "b", "c", "d"]);
    const scope = new Memory(`test.${Math.random()}`, whole);
    const outside = nodes.map((each) => ({ ...each, outside: each.id === "d" }));

    const { nodes: asked } = layoutRequest(scene(outside, []), scope, at(0));

    expect(asked.map(({ place }) => place !== null)).toEqual([true, true, true, false]);
  });
});
