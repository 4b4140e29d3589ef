import { describe, expect, it } from "vitest";
import { edge, node, snapshot } from "../testing/make";
import { NOTHING, apply } from "./mesh";
import { busiestFirst, membersOf, share, totalsOf, waysOfNamespace, waysOfPicture } from "./totals";

const ids = (edges: readonly { id: string }[]) => edges.map(({ id }) => id);

describe("totals", () => {
  it("add up by protocol, and take shares from sums", () => {
    const { http, tcp, grpc } = totalsOf([
      edge("a", "b", { rps: 90, error_ratio: 0, received_bps: 10 }),
      edge("a", "c", { rps: 10, error_ratio: 0.5, received_bps: null }),
      edge("a", "d", { protocol: "tcp", rps: null, connections_per_s: 2 }),
    ]);

    expect(http).toMatchObject({ edges: 2, rps: 100, errorRps: 5, receivedBps: 10 });
    expect(share(http?.errorRps ?? null, http?.rps ?? null)).toBe(0.05);
    expect(tcp).toMatchObject({ edges: 1, rps: null, errorRps: null, connectionsPerS: 2 });
    expect(grpc).toBeUndefined();
  });

  it("know no share of nothing", () => {
    expect([share(null, 1), share(0, 0), share(1, null)]).toEqual([null, null, null]);
  });
});

describe("ways", () => {
  const mesh = apply(
    NOTHING,
    snapshot({
      nodes: [
        node("gateway", { namespace: "edge" }),
        node("a"),
        node("b"),
        node("bank", { kind: "external", namespace: null }),
        node("far", { namespace: "other", outside: true }),
      ],
      edges: [edge("gateway", "a"), edge("a", "b"), edge("b", "bank"), edge("far", "b")],
    }),
  );

  it("of a picture: what enters where nobody calls or from outside, and what leaves", () => {
    const { into, outOf, within } = waysOfPicture(mesh);

    expect(ids(into)).toEqual(["gateway|a|http", "far|b|http"]);
    expect(ids(outOf)).toEqual(["b|bank|http"]);
    expect(within).toHaveLength(4);
  });

  it("of a namespace: in, out, inside", () => {
    const { into, outOf, within } = waysOfNamespace(mesh, "shop");

    expect(ids(into)).toEqual(["gateway|a|http", "far|b|http"]);
    expect(ids(outOf)).toEqual(["b|bank|http"]);
    expect(ids(within)).toEqual(["a|b|http"]);
    expect(ids(membersOf(mesh, "shop"))).toEqual(["a", "b"]);
  });

  it("leave out what other edges count already", () => {
    const twice = {
      ...mesh,
      nodes: new Map([...mesh.nodes, ["b", node("b", { kind: "operation" })]]),
    };

    expect(ids(waysOfPicture(twice).within)).not.toContain("a|b|http");
  });
});

it("lists the busiest edges first, by bytes where there are no requests", () => {
  const tcp = { protocol: "tcp", rps: null } as const;
  const edges = [
    edge("a", "quiet", { ...tcp, sent_bps: 1 }),
    edge("a", "loud", { ...tcp, sent_bps: 9 }),
    edge("a", "b", { rps: 3 }),
  ];

  expect(busiestFirst(edges).map(({ target }) => target)).toEqual(["b", "loud", "quiet"]);
});
