import { expect, it } from "vitest";
import { node, snapshot } from "../testing/make";
import { parsePage } from "./page";
import { enterNode, toggleCollapsed } from "./steps";
import { createStore, receive } from "./store";

const usual = { theme: "dark", locale: "en", systemDark: true } as const;

it("collapses namespaces in order, and expands them again", () => {
  const store = createStore(parsePage("?collapse=shop"), usual, 0);
  store.selection.value = { kind: "node", id: "w/bank/ledger" };

  toggleCollapsed(store, "bank");

  expect(store.view.value.collapsed).toEqual(["bank", "shop"]);
  expect(store.selection.value).toBeNull();
  toggleCollapsed(store, "shop");
  expect(store.view.value.collapsed).toEqual(["bank"]);
});

it("expands a collapsed namespace where it stands, and opens one of a graph of namespaces", () => {
  const store = createStore(parsePage("?collapse=shop"), usual, 0);
  const nodes = [node("n/shop", { kind: "namespace", namespace: "shop" }), node("a")];
  const selection = { kind: "node", id: "n/shop" } as const;

  receive(store, snapshot({ nodes, collapsed: ["shop"] }), 0);
  expect(enterNode(store, selection)).toBe(true);
  expect(store.view.value).toMatchObject({ namespaces: [], collapsed: [] });

  receive(store, snapshot({ nodes, graph_type: "namespace" }), 0);
  expect(enterNode(store, selection)).toBe(true);
  expect(store.view.value.namespaces).toEqual(["shop"]);
});

it("keeps a focus on what a namespace becomes, and lets go of it with that", () => {
  const store = createStore(parsePage("?focus=v%2Feast%2Fshop%2Fcart%2Fv1&hops=2"), usual, 0);

  toggleCollapsed(store, "bank");
  expect(store.filter.value.focus?.id).toBe("v/east/shop/cart/v1");
  toggleCollapsed(store, "shop");
  expect(store.filter.value.focus).toEqual({ id: "n/east/shop", hops: 2, way: "both" });

  const whole = node("n/east/shop", { kind: "namespace", namespace: "shop" });
  receive(store, snapshot({ nodes: [whole], collapsed: ["bank", "shop"] }), 0);
  toggleCollapsed(store, "bank");
  expect(store.filter.value.focus?.id).toBe("n/east/shop");
  toggleCollapsed(store, "shop");
  expect(store.filter.value.focus).toBeNull();
});

it("closes the page of what becomes part of one node", () => {
  const store = createStore(parsePage("?open=v%2F%2Fshop%2Fcart%2Fv1"), usual, 0);

  toggleCollapsed(store, "bank");
  expect(store.looks.value.open).toBe("v//shop/cart/v1");
  toggleCollapsed(store, "shop");

  expect(store.looks.value.open).toBeNull();
});
