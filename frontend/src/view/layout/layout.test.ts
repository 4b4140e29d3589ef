import { describe, expect, it } from "vitest";
import { overlaps } from "../../lib/box";
import { seededRandom } from "../../lib/hash";
import type { Layout } from "../../model/looks";
import { LAYOUTS } from "../../model/looks";
import { arranged, layout } from "./layout";
import type { LayoutNode, Link } from "./types";

interface Placed extends LayoutNode {
  x: number;
  y: number;
}

function place(nodes: LayoutNode[], links: Link[], kind: Layout = "grid"): Placed[] {
  const places = layout({ layout: kind, centre: 0, nodes, links });
  return nodes.map((node, i) => ({
    ...node,
    x: places[2 * i] ?? NaN,
    y: places[2 * i + 1] ?? NaN,
  }));
}

const known = (id: string, group: string, at: { x: number; y: number } | null): LayoutNode => ({
  id,
  group,
  cluster: "",
  family: "",
  width: 100,
  place: at,
});
const fresh = (id: string, group = "shop"): LayoutNode => known(id, group, null);

/** A mesh of `size` nodes in groups of about twelve, every node called by an earlier one. */
function mesh(size: number): { nodes: LayoutNode[]; links: Link[] } {
  const random = seededRandom(3);
  const nodes = Array.from({ length: size }, (_, i) => fresh(`n${i}`, `g${Math.floor(i / 12)}`));
  const links = Array.from({ length: size * 2 }, (): Link => {
    const to = 1 + Math.floor(random() * (size - 1));
    return [Math.floor(random() * to), to];
  });
  return { nodes, links };
}

function nearest(placed: readonly Placed[]): number {
  let least = Infinity;
  placed.forEach((a, i) => {
    for (const b of placed.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  });
  return least;
}

function boxes(placed: readonly Placed[]) {
  const groups = [...new Set(placed.map((node) => node.group))];
  return groups.map((group) => {
    const own = placed.filter((node) => node.group === group);
    const xs = own.map((node) => node.x);
    const ys = own.map((node) => node.y);
    return { x0: Math.min(...xs), x1: Math.max(...xs), y0: Math.min(...ys), y1: Math.max(...ys) };
  });
}

describe("a first layout", () => {
  it("sets callers left of what they call", () => {
    const [a, b, c] = place(
      [fresh("a"), fresh("b"), fresh("c")],
      [
        [2, 0],
        [0, 1],
      ],
    );

    expect(c?.x).toBeLessThan(a?.x ?? NaN);
    expect(a?.x).toBeLessThan(b?.x ?? NaN);
  });

  it("sets in columns those who may not be seen left of what they call, right of their callers", () => {
    const nodes = [fresh("a"), fresh("b"), fresh("z/callees", ""), fresh("z/callers", "")];
    const links: Link[] = [
      [0, 1],
      [1, 2],
      [0, 2],
      [3, 0],
      [3, 1],
    ];
    const [a, b, callees, callers] = place(nodes, links, "layered");

    expect(callers?.x).toBeLessThan(a?.x ?? NaN);
    expect(callees?.x).toBeGreaterThan(b?.x ?? NaN);
  });

  it("draws a chain as a straight line", () => {
    const chain = place(
      ["a", "b", "c", "d"].map((id) => fresh(id)),
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    );

    expect(new Set(chain.map((node) => node.y)).size).toBe(1);
  });

  it("copes with circles, self calls and lonely nodes", () => {
    const placed = place(
      [fresh("a"), fresh("b"), fresh("c")],
      [
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    );

    expect(placed.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    expect(nearest(placed)).toBeGreaterThan(60);
  });

  it.each(["force", "grid", "layered"] as const)("keeps boxes of namespaces apart: %s", (kind) => {
    const { nodes, links } = mesh(120);
    const drawn = boxes(place(nodes, links, kind));

    drawn.forEach((a, i) => {
      for (const b of drawn.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
    });
  });

  it.each(LAYOUTS)("lays no node over another: %s", (kind) => {
    const { nodes, links } = mesh(120);

    expect(nearest(place(nodes, links, kind))).toBeGreaterThan(60);
  });

  it.each(LAYOUTS)("keeps the versions of an app together: %s", (kind) => {
    const versions = ["v1", "v2", "v3"].map((id) => ({ ...fresh(id), family: "reviews" }));
    const others = Array.from({ length: 12 }, (_, i) => fresh(`x${i}`));
    const links = others.map((_, i): Link => [i % 4, 3 + i]);
    const placed = place([...versions, ...others], links, kind).slice(0, 3);

    const xs = placed.map(({ x }) => x);
    const ys = placed.map(({ y }) => y);
    expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(500);
    expect(Math.max(...ys) - Math.min(...ys)).toBeLessThan(400);
  });

  it("sets clusters beside each other, not into each other", () => {
    const { nodes, links } = mesh(120);
    const two = nodes.map((node, i) => ({ ...node, cluster: i < 60 ? "east" : "west" }));
    const placed = place(two, links, "force");
    const clusters = ["east", "west"].map((name) =>
      boxes(
        placed.filter(({ cluster }) => cluster === name).map((node) => ({ ...node, group: name })),
      ),
    );

    const [[east], [west]] = clusters as [ReturnType<typeof boxes>, ReturnType<typeof boxes>];
    expect(east && west && overlaps(east, west)).toBe(false);
  });

  it("keeps the boxes apart as they are drawn: with room for labels and badges", () => {
    for (const size of [120, 400, 1000]) {
      const { nodes, links } = mesh(size);
      const drawn = boxes(place(nodes, links)).map((box) => ({
        // The most that hullsOf puts round the outermost nodes.
        x0: box.x0 - 92,
        x1: box.x1 + 92,
        y0: box.y0 - 46,
        y1: box.y1 + 70,
      }));

      const pairs = drawn.flatMap((a, i) => drawn.slice(i + 1).filter((b) => overlaps(a, b)));
      expect(pairs).toHaveLength(0);
    }
  });

  it("leaves room for every node of a large mesh", () => {
    const { nodes, links } = mesh(400);

    expect(nearest(place(nodes, links))).toBeGreaterThan(60);
  });

  it("sets nodes without a namespace outside of all boxes", () => {
    const { nodes, links } = mesh(24);
    const placed = place([...nodes, fresh("api.example", "")], [...links, [3, 24]]);
    const alone = placed.at(-1);

    for (const box of boxes(placed.slice(0, -1))) {
      const isInside =
        alone !== undefined &&
        alone.x > box.x0 &&
        alone.x < box.x1 &&
        alone.y > box.y0 &&
        alone.y < box.y1;
      expect(isInside).toBe(false);
    }
  });

  it("is the same every time", () => {
    const { nodes, links } = mesh(60);

    for (const kind of LAYOUTS) {
      expect(place(nodes, links, kind)).toEqual(place(nodes, links, kind));
    }
  });

  it("has nothing to say about nothing", () => {
    for (const kind of LAYOUTS) expect(place([], [], kind)).toHaveLength(0);
  });
});

describe("newcomers", () => {
  it("push no boxes into each other while the picture is young", () => {
    const { nodes, links } = mesh(150);
    const old = nodes.filter((_, i) => i % 10 !== 0);
    const index = new Map(old.map(({ id }, i) => [id, i]));
    const between = links.flatMap(([a, b]): Link[] => {
      const [from, to] = [index.get(`n${a}`), index.get(`n${b}`)];
      return from === undefined || to === undefined ? [] : [[from, to]];
    });
    const before = new Map(place(old, between).map(({ id, x, y }) => [id, { x, y }]));
    const grown = nodes.map((node) => ({ ...node, place: before.get(node.id) ?? null }));
    const pairs = (isYoung: boolean) => {
      const places = arranged({ layout: "grid", centre: 0, nodes: grown, links, isYoung });
      const drawn = boxes(
        grown.map((node, i) => ({ ...node, x: places[2 * i] ?? NaN, y: places[2 * i + 1] ?? NaN })),
      );
      return drawn.flatMap((a, i) => drawn.slice(i + 1).filter((b) => overlaps(a, b))).length;
    };

    expect(pairs(false)).toBeGreaterThan(0);
    expect(pairs(true)).toBe(0);
  });

  it("never move a node that has its place", () => {
    const { nodes, links } = mesh(60);
    for (const kind of LAYOUTS) {
      const old = place(nodes, links, kind).map(({ id, group, x, y }) =>
        known(id, group, { x, y }),
      );
      const grown = place(
        [...old, fresh("new1", "g2"), fresh("new2", "g9"), fresh("new3", "")],
        [...links, [5, 60], [60, 61], [61, 62]],
        kind,
      );

      old.forEach(({ place: before }, i) => {
        expect(grown[i]).toMatchObject(before ?? {});
      });
      expect(nearest(grown)).toBeGreaterThan(40);
    }
  });

  it("stand near the neighbours they have", () => {
    const old = known("a", "shop", { x: 5000, y: -3000 });
    const [, joined] = place([old, fresh("b")], [[0, 1]]);

    expect(Math.hypot((joined?.x ?? 0) - 5000, (joined?.y ?? 0) + 3000)).toBeLessThan(400);
  });

  it("do not stretch their namespace towards a far neighbour", () => {
    const mates = [0, 1, 2].map((i) => known(`m${i}`, "shop", { x: i * 200, y: 0 }));
    const far = known("far", "other", { x: 4000, y: 4000 });
    const joined = place([...mates, far, fresh("new")], [[3, 4]]).at(-1);

    expect(joined?.x).toBeLessThan(700);
    expect(joined?.y).toBeLessThan(300);
  });
});

describe("columns by the depth of calls", () => {
  it("have every callee right of its caller, across namespaces as well", () => {
    const nodes = [fresh("a", "g1"), fresh("b", "g2"), fresh("c", "g1"), fresh("d", "g3")];
    const links: Link[] = [
      [0, 1],
      [1, 2],
      [2, 3],
    ];
    const placed = place(nodes, links, "layered");

    expect(placed.map(({ x }) => x)).toEqual([...placed.map(({ x }) => x)].sort((p, q) => p - q));
    expect(new Set(placed.map(({ x }) => x)).size).toBe(4);
  });
});

describe("rings", () => {
  it("go by hops from the centre, whatever the direction of the calls", () => {
    const nodes = ["a", "b", "c", "d"].map((id) => fresh(id));
    const links: Link[] = [
      [1, 0],
      [1, 2],
      [3, 2],
    ];
    const [a, b, c, d] = place(nodes, links, "concentric").map(({ x, y }) => Math.hypot(x, y));

    expect(a).toBe(0);
    expect(b).toBeGreaterThan(100);
    expect(c).toBeGreaterThan(b ?? NaN);
    expect(d).toBeGreaterThan(c ?? NaN);
  });

  it("leave what has no way to the centre beside them", () => {
    const placed = place([fresh("a"), fresh("b"), fresh("x", "far")], [[0, 1]], "concentric");

    expect(nearest(placed)).toBeGreaterThan(100);
  });
});

it("gives namespaces that are one node each the room that their lines need", () => {
  const whole = ["a", "b", "c", "d", "e", "f"].map((id) => fresh(`n/${id}`, `*n/${id}`));
  const links = whole.flatMap((_, i) => whole.map((__, j): Link => [i, j]));
  const rest = ["web", "cart"].map((id) => fresh(id, "shop"));

  const placed = place([...whole, ...rest], [...links, [6, 0], [7, 1]], "force");

  expect(nearest(placed.slice(0, 6))).toBeGreaterThan(240);
});
