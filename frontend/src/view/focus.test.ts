import { expect, it } from "vitest";
import { edge, node } from "../testing/make";
import { scene } from "../testing/scene";
import { focusOf } from "./focus";

const made = scene(
  ["a", "b", "c", "d"].map((id) => node(id)),
  [edge("a", "b"), edge("b", "c"), edge("c", "d")],
);

it("shows a selected node with what it talks to", () => {
  const focus = focusOf(made, { kind: "node", id: "b" }, null);

  expect([...(focus?.nodes ?? [])].sort()).toEqual(["a", "b", "c"]);
  expect([...(focus?.edges ?? [])]).toEqual(["a|b|http", "b|c|http"]);
});

it("shows a selected edge with its two ends", () => {
  const focus = focusOf(made, { kind: "edge", id: "b|c|http" }, null);

  expect([...(focus?.nodes ?? [])]).toEqual(["b", "c"]);
});

it("shows what was found, and both ends of its edges", () => {
  const found = { nodes: new Set(["a"]), edges: new Set(["c|d|http"]) };
  const focus = focusOf(made, null, found);

  expect([...(focus?.nodes ?? [])]).toEqual(["a", "c", "d"]);
  expect([...(focus?.edges ?? [])]).toEqual(["c|d|http"]);
});

it("dims nothing when nothing is chosen, or what was chosen is gone", () => {
  expect(focusOf(made, null, null)).toBeNull();
  expect(focusOf(made, { kind: "node", id: "gone" }, null)).toBeNull();
});

it("shows a namespace's nodes and what they talk to", () => {
  const two = scene(
    [node("a"), node("b"), ...["c", "d", "e"].map((id) => node(id, { namespace: "other" }))],
    [edge("a", "b"), edge("b", "c"), edge("d", "a"), edge("d", "e")],
  );
  const focus = focusOf(two, { kind: "namespace", id: "shop" }, null);

  expect([...(focus?.nodes ?? [])].sort()).toEqual(["a", "b", "c", "d"]);
  expect([...(focus?.edges ?? [])]).toEqual(["a|b|http", "b|c|http", "d|a|http"]);
});

it("dims nothing of a picture that is cut out round what is selected", () => {
  const b = { kind: "node", id: "b" } as const;

  expect(focusOf(made, b, null, "b")).toBeNull();
  expect(focusOf(made, { kind: "node", id: "a" }, null, "b")?.nodes.has("c")).toBe(false);
});
