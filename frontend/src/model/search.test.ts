import { describe, expect, it } from "vitest";
import { edge, node, outsider, snapshot } from "../testing/make";
import { NOTHING, apply } from "./mesh";
import { understand } from "./query/language";
import { foundIn, suggestions } from "./search";

const rps = (value: number) => ({
  rps: value,
  error_ratio: 0,
  client_error_ratio: 0,
  sent_bps: null,
  received_bps: null,
});

const mesh = apply(
  NOTHING,
  snapshot({
    nodes: [
      node("reviews", { namespace: "bookinfo", version: "v2" }),
      node("ratings", { namespace: "bookinfo", health: "failing" }),
      node("cart", { namespace: "boutique", in: rps(5) }),
      node("cart-db", { namespace: "boutique", in: rps(50) }),
      node("oscar", { namespace: "boutique" }),
      node("redis-cart", { namespace: "boutique" }),
    ],
    edges: [
      edge("reviews", "ratings", { error_ratio: 0.5 }),
      edge("cart", "redis-cart", { protocol: "tcp" }),
      edge("reviews", "cart"),
    ],
  }),
);

const found = (text: string, find = "") => foundIn(mesh, text, understand(find));

it("offers what is hidden after what is drawn and fits as well", () => {
  const drawn = new Map([...mesh.nodes].filter(([id]) => id !== "cart-db" && id !== "cart"));

  // A whole name fits best, hidden or not.
  expect(suggestions(mesh, "cart", drawn).map(({ id }) => id)).toEqual([
    "cart",
    "cart-db",
    "redis-cart",
  ]);
  expect(suggestions(mesh, "boutique", drawn).map(({ id }) => id)).toEqual([
    "oscar",
    "redis-cart",
    "cart-db",
    "cart",
  ]);
});

describe("words that are typed", () => {
  it.each([
    ["RAT", ["ratings"]],
    ["bookinfo", ["reviews", "ratings"]],
    ["bookinfo v2", ["reviews"]],
    ["failing", ["ratings"]],
    ["nobody", []],
  ])("%s: choose nodes", (text, ids) => {
    expect([...(found(text)?.nodes ?? [])]).toEqual(ids);
  });

  it("choose the edges between what they choose", () => {
    expect([...(found("bookinfo")?.edges ?? [])]).toEqual(["reviews|ratings|http"]);
  });

  it("go before what Find asks for", () => {
    expect([...(found("cart-db", "ns = bookinfo")?.nodes ?? [])]).toEqual(["cart-db"]);
  });

  it("ask nothing when they are blanks", () => {
    expect(found("  ")).toBeNull();
  });
});

describe("Find", () => {
  it("chooses nodes with the edges between them, where it asks for nodes", () => {
    const { nodes, edges, isOfNodes } = found("", "ns = bookinfo") ?? {};

    expect([...(nodes ?? [])]).toEqual(["reviews", "ratings"]);
    expect([...(edges ?? [])]).toEqual(["reviews|ratings|http"]);
    expect(isOfNodes).toBe(true);
  });

  it("chooses edges, where it asks for those", () => {
    expect([...(found("", "protocol = tcp")?.edges ?? [])]).toEqual(["cart|redis-cart|tcp"]);
    expect([...(found("", "error > 1%")?.edges ?? [])]).toEqual(["reviews|ratings|http"]);
  });

  it("chooses nothing where it asks nothing, or cannot be read", () => {
    expect(found("", "")).toBeNull();
    expect(found("", "rps >")).toBeNull();
  });
});

describe("suggestions", () => {
  it("come with the best name first: whole, start, start of a part, anywhere", () => {
    expect(suggestions(mesh, "car").map(({ id }) => id)).toEqual([
      "cart-db",
      "cart",
      "redis-cart",
      "oscar",
    ]);
    expect(suggestions(mesh, "cart")[0]?.id).toBe("cart");
  });

  it("find what is outside of what one may see, by its kind and by what it is called", () => {
    const limited = apply(NOTHING, snapshot({ nodes: [node("cart"), outsider("callers")] }));

    expect(suggestions(limited, "outside").map(({ id }) => id)).toEqual(["z/callers"]);
    expect(suggestions(limited, "callers").map(({ id }) => id)).toEqual(["z/callers"]);
  });

  it("are none while nothing is typed", () => {
    expect(suggestions(mesh, "")).toEqual([]);
  });
});
