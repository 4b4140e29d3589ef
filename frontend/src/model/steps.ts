/** Where a viewer can go from what is on screen: each step changes what the page asks for. */
import { batch } from "@preact/signals";
import { above, inside, leadsTo } from "./drill";
import type { GraphType } from "./entities";
import { HOPS, focusOn } from "./filter";
import { namespacesOf, wholeOf } from "./ids";
import { LAYOUTS, type Layout, MOTIONS, type Motion } from "./looks";
import type { Selection } from "./page";
import type { Store } from "./store";
import type { View } from "./view";

/** Show another view; what the server said of the one before is over. */
export function changeView(store: Store, change: Partial<View>): void {
  batch(() => {
    store.refusal.value = null;
    store.view.value = { ...store.view.peek(), ...change };
  });
}

/** Let go of what is selected and focused: ids of one picture mean nothing in another. */
function forget(store: Store): void {
  store.selection.value = null;
  const filter = store.filter.peek();
  if (filter.focus !== null) store.filter.value = { ...filter, focus: null };
}

/** Draw another kind of nodes. */
export function chooseType(store: Store, graphType: GraphType): void {
  const before = store.view.peek().graphType;
  batch(() => {
    if (before !== "namespace") store.fineType.value = before;
    forget(store);
    if (store.looks.peek().open !== null) closePage(store);
    changeView(store, { graphType });
  });
}

/** Show what is inside a namespace, with the neighbours that it talks to. */
export function openNamespace(store: Store, name: string): void {
  const from = store.view.peek();
  batch(() => {
    store.descent.value = { from, into: name };
    forget(store);
    changeView(store, inside(from, name, store.fineType.peek()));
  });
}

/** Draw a namespace as one node, or what is inside it again. The selection inside has no place then. */
export function toggleCollapsed(store: Store, name: string): void {
  const { collapsed } = store.view.peek();
  const others = collapsed.filter((other) => other !== name);
  const isWhole = others.length < collapsed.length;
  const { open } = store.looks.peek();
  batch(() => {
    store.selection.value = null;
    moveFocus(store, name, isWhole);
    if (open !== null && namespacesOf(open).includes(name)) closePage(store);
    changeView(store, { collapsed: isWhole ? others : [...others, name].sort() });
  });
}

/** A focus inside a namespace goes to the node that the namespace becomes, and ends with that. */
function moveFocus(store: Store, namespace: string, isWhole: boolean): void {
  const filter = store.filter.peek();
  const { focus } = filter;
  if (focus === null) return;
  const node = store.mesh.peek().nodes.get(focus.id);
  const ends = isWhole && node?.kind === "namespace" && node.namespace === namespace;
  const id = isWhole ? null : wholeOf(focus.id, namespace);
  if (ends || id !== null) {
    store.filter.value = { ...filter, focus: id === null ? null : { ...focus, id } };
  }
}

/** Open the namespace that is selected as a node; false where that is something else. */
export function enterNode(store: Store, selection: Selection): boolean {
  const mesh = store.mesh.peek();
  const node = selection?.kind === "node" ? mesh.nodes.get(selection.id) : undefined;
  if (node?.kind !== "namespace") return false;
  if (mesh.graphType !== "namespace" && node.namespace !== null) {
    toggleCollapsed(store, node.namespace);
    return true;
  }
  const name = leadsTo(node, mesh);
  if (name === null) return false;
  openNamespace(store, name);
  return true;
}

/** Show the page that a node or edge has of its own, and have it selected when one comes back. */
export function openPage(store: Store, id: string): void {
  const kind = store.mesh.peek().edges.has(id) ? "edge" : "node";
  batch(() => {
    store.selection.value = { kind, id };
    store.looks.value = { ...store.looks.peek(), open: id };
  });
}

/** Open what is selected: a namespace into what is inside, anything else on its own page. */
export function openSelection(store: Store, selection: Selection): boolean {
  if (enterNode(store, selection)) return true;
  if (selection === null || selection.kind === "namespace") return false;
  const { nodes, edges } = store.mesh.peek();
  if (!nodes.has(selection.id) && !edges.has(selection.id)) return false;
  openPage(store, selection.id);
  return true;
}

/** Go back from a page to the picture. */
export function closePage(store: Store): void {
  store.looks.value = { ...store.looks.peek(), open: null };
}

/** Show all namespaces again. */
export function leaveNamespaces(store: Store): void {
  batch(() => {
    forget(store);
    changeView(store, above(store.view.peek(), store.descent.peek()));
  });
}

/** To the wall and back: it shows everything, and nothing that is open on top of it. */
export function toggleKiosk(store: Store): void {
  const looks = store.looks.peek();
  batch(() => {
    store.looks.value = { ...looks, kiosk: !looks.kiosk, camera: null };
    store.selection.value = null;
    store.hover.value = null;
    store.search.value = "";
    store.dialog.value = null;
  });
}

/**
 * Focus on the node that is selected; away from the one in focus when that is it, or none is. False
 * when there was neither.
 */
export function toggleFocus(store: Store): boolean {
  const filter = store.filter.peek();
  const selection = store.selection.peek();
  const chosen = selection?.kind === "node" ? selection.id : null;
  const isOver = chosen === null || chosen === filter.focus?.id;
  if (isOver && filter.focus === null) return false;
  store.filter.value = { ...filter, focus: isOver ? null : focusOn(chosen) };
  return true;
}

/** How many calls the focus reaches; false when there is none. */
export function reach(store: Store, calls: number): boolean {
  const filter = store.filter.peek();
  const hops = HOPS.find((each) => each === calls);
  if (filter.focus === null || hops === undefined) return false;
  store.filter.value = { ...filter, focus: { ...filter.focus, hops } };
  return true;
}

/** Lay the picture out in another way; without one, in the next. */
export function chooseLayout(store: Store, layout?: Layout): void {
  const looks = store.looks.peek();
  store.looks.value = { ...looks, layout: layout ?? after(LAYOUTS, looks.layout) };
}

/** Say whether dots move; without a word, the next one. */
export function chooseMotion(store: Store, motion?: Motion): void {
  const looks = store.looks.peek();
  store.looks.value = { ...looks, motion: motion ?? after(MOTIONS, looks.motion) };
}

function after<T>(line: readonly T[], one: T): T {
  return line[(line.indexOf(one) + 1) % line.length] ?? one;
}
