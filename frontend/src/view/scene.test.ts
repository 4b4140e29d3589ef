import { afterEach, describe, expect, it } from "vitest";
import { fetchWords } from "../locales/translate";
import { writeIn } from "../model/format";
import { NOTHING, apply } from "../model/mesh";
import { edge, node, outsider, snapshot } from "../testing/make";
import { scene } from "../testing/scene";
import { hullsOf, outline } from "./outlines";
import { emptyScene, update, writeLabels } from "./scene";

const mesh = (...args: Parameters<typeof snapshot>) => apply(NOTHING, snapshot(...args));

describe("update", () => {
  it("keeps the very same objects while only numbers change", () => {
    const made = emptyScene();
    update(made, mesh({ nodes: [node("a"), node("b")], edges: [edge("a", "b")] }));
    const [drawnNode, drawnEdge] = [made.nodes.get("a"), made.edges.get("a|b|http")];

    const change = update(
      made,
      mesh({
        nodes: [node("a", { health: "failing" }), node("b")],
        edges: [edge("a", "b", { rps: 9 })],
      }),
    );

    expect(change.members).toBe(false);
    expect(made.nodes.get("a")).toBe(drawnNode);
    expect(drawnNode?.node.health).toBe("failing");
    expect(made.edges.get("a|b|http")).toBe(drawnEdge);
    expect(drawnEdge?.edge.rps).toBe(9);
  });

  it("reports what comes and goes", () => {
    const made = emptyScene();
    expect(update(made, mesh({ nodes: [node("a")] })).members).toBe(true);
    expect(update(made, mesh({ nodes: [node("a")] })).members).toBe(false);
    expect(update(made, mesh({ nodes: [] })).members).toBe(true);
    expect(made.nodes.size).toBe(0);
  });

  it("connects edges to the new object when a node left and came back", () => {
    const made = emptyScene();
    const whole = mesh({ nodes: [node("a"), node("b")], edges: [edge("a", "b")] });
    update(made, whole);
    update(made, mesh({ nodes: [node("a")], edges: [edge("a", "b")] }));
    expect(made.edges.size).toBe(0);

    update(made, whole);

    expect(made.edges.get("a|b|http")?.target).toBe(made.nodes.get("b"));
  });

  it("leaves out an edge whose end is missing", () => {
    const made = emptyScene();

    update(made, mesh({ nodes: [node("a")], edges: [edge("a", "ghost")] }));

    expect(made.edges.size).toBe(0);
  });
});

describe("boxes of namespaces", () => {
  it("hold all placed nodes of a namespace and nothing else", () => {
    const made = scene(
      [node("a"), node("b"), node("c", { namespace: "other" }), node("x", { namespace: null })],
      [],
      { a: [0, 0], b: [300, 200], c: [900, 0], x: [1500, 0] },
    );

    const hulls = hullsOf(made.nodes.values());

    expect(hulls.map((hull) => hull.title)).toEqual(["shop", "other"]);
    expect(hulls[0]?.x0).toBeLessThan(0);
    expect(hulls[0]?.x1).toBeGreaterThan(300);
    expect(hulls[0]?.x1).toBeLessThan(900);
  });

  it("name the cluster only where there are several", () => {
    const one = scene([node("a", { cluster: "east" })], [], { a: [0, 0] });
    const two = scene([node("a", { cluster: "east" }), node("b", { cluster: "west" })], [], {
      a: [0, 0],
      b: [500, 0],
    });

    expect(hullsOf(one.nodes.values()).map((h) => h.title)).toEqual(["shop"]);
    expect(hullsOf(two.nodes.values()).map((h) => h.title)).toEqual(["east/shop", "west/shop"]);
  });
});

describe("what is written under a node", () => {
  const labels = (nodes: Parameters<typeof scene>[0]) =>
    [...scene(nodes, []).nodes.values()].map((drawn) => drawn.label);

  it("says where it is when another has the same name, also of those drawn before", () => {
    const east = node("e", { name: "cart", cluster: "east" });
    const made = scene([east], []);
    update(
      made,
      apply(NOTHING, snapshot({ nodes: [east, node("w", { name: "cart", cluster: "west" })] })),
    );

    expect([...made.nodes.values()].map((drawn) => drawn.label)).toEqual([
      "cart (east)",
      "cart (west)",
    ]);
  });

  it("leaves out the middle of a long name, and shows what cannot be seen", () => {
    const [long = "", odd] = labels([
      node("1", { name: `first-${"x".repeat(300)}-last` }),
      node("2", { name: "a\u2028b\nc" }),
    ]);

    expect(long).toMatch(/^first-x+…x+-last$/);
    expect(long.length).toBeLessThanOrEqual(30);
    expect(odd).toBe("a⟨U+2028⟩b␊c");
  });
});

describe("frames of an app's versions", () => {
  const versions = ["v1", "v2"].map((version) =>
    node(`reviews-${version}`, { app: "reviews", version }),
  );
  const framed = (places: Record<string, [number, number]>) => {
    const made = scene([...versions, node("other")], [], places);
    outline(made);
    return made;
  };

  it("hold versions that stand together, which are called by their version", () => {
    const made = framed({ "reviews-v1": [0, 0], "reviews-v2": [0, 90], other: [400, 0] });

    expect(made.frames.map(({ title }) => title)).toEqual(["reviews"]);
    expect(made.nodes.get("reviews-v1")).toMatchObject({ framed: true, short: "v1" });
    expect(made.nodes.get("other")?.framed).toBe(false);
  });

  it("are not drawn round a stranger, nor across the picture", () => {
    expect(framed({ "reviews-v1": [0, 0], "reviews-v2": [0, 180], other: [0, 90] }).frames).toEqual(
      [],
    );
    expect(
      framed({ "reviews-v1": [0, 0], "reviews-v2": [0, 2000], other: [400, 0] }).frames,
    ).toEqual([]);
  });
});

describe("boxes of clusters", () => {
  const twice = (x: number) => {
    const made = scene([node("a", { cluster: "east" }), node("b", { cluster: "west" })], [], {
      a: [0, 0],
      b: [x, 0],
    });
    outline(made);
    return made;
  };

  it("say the cluster once, where clusters stand apart", () => {
    expect(twice(900).clusters.map(({ title }) => title)).toEqual(["east", "west"]);
    expect(twice(900).hulls.map(({ title }) => title)).toEqual(["shop", "shop"]);
  });

  it("are left out where they would lie over each other", () => {
    expect(twice(60).clusters).toEqual([]);
  });
});

describe("those who may not be seen", () => {
  afterEach(() => writeIn("en"));
  const limited = mesh({
    nodes: [node("a"), outsider("callers", { cluster: null })],
    edges: [edge("z/callers", "a")],
  });

  it("are labelled in the language of the page, also when that changes", async () => {
    const made = emptyScene();
    update(made, limited);
    expect(made.nodes.get("z/callers")?.label).toBe("Outside: callers");

    await fetchWords("ja");
    writeIn("ja");
    writeLabels(made, limited);

    expect(made.nodes.get("z/callers")?.label).toBe("範囲外の呼び出し元");
  });

  it("stand in no namespace's box", () => {
    const made = scene([node("a"), outsider("callers")], [edge("z/callers", "a")], {
      a: [0, 0],
      "z/callers": [-300, 0],
    });
    outline(made);

    expect(made.hulls.map(({ namespace }) => namespace)).toEqual(["shop"]);
    expect(made.hulls[0]?.x0).toBeGreaterThan(-200);
  });
});
