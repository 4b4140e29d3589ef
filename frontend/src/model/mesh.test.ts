import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { delta, edge, node, snapshot, status } from "../testing/make";
import type { Edge, Frame, Node } from "./entities";
import { NOTHING, apply, isGap } from "./mesh";

const GOLDEN = join(import.meta.dirname, "../../../tests/golden/frames");

interface Golden {
  before: Frame | null;
  frame: Frame;
  after: { nodes: Node[]; edges: Edge[] };
}

function byId<T extends { id: string }>(entities: Iterable<T>): Record<string, T> {
  return Object.fromEntries([...entities].map((entity) => [entity.id, entity]));
}

describe("apply", () => {
  const files = readdirSync(GOLDEN).filter((name) => name.endsWith(".json"));

  it("finds the frames that the server's tests recorded", () => {
    expect(files.length).toBeGreaterThan(5);
  });

  it.each(files)("does with %s what the server means", (name) => {
    const golden = JSON.parse(readFileSync(join(GOLDEN, name), "utf8")) as Golden;
    const before = golden.before === null ? NOTHING : apply(NOTHING, golden.before);

    const after = apply(before, golden.frame);

    expect(byId(after.nodes.values())).toEqual(byId(golden.after.nodes));
    expect(byId(after.edges.values())).toEqual(byId(golden.after.edges));
    expect(after.source).toEqual(golden.frame.source);
  });

  it("changes nothing when a frame comes twice", () => {
    const start = apply(NOTHING, snapshot({ nodes: [node("a"), node("b")] }));
    const frame = delta(2, {
      put: { nodes: [node("c")], edges: [] },
      drop: { nodes: ["a"], edges: [] },
    });

    const once = apply(start, frame);

    expect(apply(once, frame)).toEqual(once);
  });

  it("keeps the graph when only the status changed", () => {
    const start = apply(NOTHING, snapshot({ nodes: [node("a")], edges: [edge("a", "a")] }));

    const after = apply(start, { type: "status", source: status({ state: "stale" }) });

    expect(after.nodes).toBe(start.nodes);
    expect(after.source?.state).toBe("stale");
  });

  it("keeps the namespaces that a delta does not repeat", () => {
    const start = apply(NOTHING, snapshot({ namespaces: ["a", "b"] }));

    expect(apply(start, delta(2)).namespaces).toEqual(["a", "b"]);
    expect(apply(start, delta(2, { namespaces: ["c"] })).namespaces).toEqual(["c"]);
  });

  it("never changes the mesh that it was given", () => {
    const start = apply(NOTHING, snapshot({ nodes: [node("a")] }));

    apply(start, delta(2, { drop: { nodes: ["a"], edges: [] } }));

    expect(start.nodes.has("a")).toBe(true);
  });
});

describe("isGap", () => {
  const mesh = apply(NOTHING, snapshot({ seq: 4 }));

  it.each([
    ["the next delta", delta(5), false],
    ["the same delta again", delta(4), false],
    ["a delta after a missed one", delta(6), true],
    ["an older delta", delta(3), true],
    ["a delta of another server", delta(5, { epoch: "e2" }), true],
    ["a snapshot", snapshot({ epoch: "e2", seq: 99 }), false],
  ])("judges %s", (_, frame, gap) => {
    expect(isGap(mesh, frame)).toBe(gap);
  });
});
