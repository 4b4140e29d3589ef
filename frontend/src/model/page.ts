import { type Filter, filterOf, putFilter } from "./filter";
import { namespacesOf } from "./ids";
import { DEFAULT_LABELS, type Label, isLabel } from "./labels";
import { type Looks, looksOf, putLooks } from "./looks";
import { DEFAULT_VIEW, type View, viewOf, viewParams } from "./view";

/** What can be selected: a node or an edge by its id, or a namespace by its name. */
export type Selection = { kind: "node" | "edge" | "namespace"; id: string } | null;
export type SelectionKind = NonNullable<Selection>["kind"];

/** The address' name for each kind; `namespace` is the view's own. */
const PARAMETERS = {
  node: "node",
  edge: "edge",
  namespace: "in_namespace",
} as const satisfies Record<SelectionKind, string>;
const KINDS = ["node", "edge", "namespace"] as const satisfies readonly SelectionKind[];

/** Everything about the page that its address carries. */
export interface Page {
  readonly view: View;
  readonly labels: readonly Label[];
  readonly selection: Selection;
  readonly filter: Filter;
  readonly looks: Looks;
}

/** Read the page's state from its address; what is missing or wrong becomes the default. */
export function parsePage(query: string): Page {
  const params = new URLSearchParams(query);
  const selection = parseSelection(params);
  const filter = filterOf(params);
  const looks = looksOf(params);
  const chosen = selection === null || selection.kind === "namespace" ? null : selection.id;
  return {
    view: expandedFor([chosen, filter.focus?.id, looks.open], viewOf(params)),
    labels: parseLabels(params.get("labels")),
    selection,
    filter,
    looks,
  };
}

/** What an address asks for by its id is there to be seen: its namespace is not drawn as one node. */
function expandedFor(ids: readonly (string | null | undefined)[], view: View): View {
  const wanted = new Set(ids.flatMap((id) => namespacesOf(id ?? "")));
  return { ...view, collapsed: view.collapsed.filter((name) => !wanted.has(name)) };
}

function parseLabels(text: string | null): readonly Label[] {
  if (text === null) return DEFAULT_LABELS;
  if (text === "") return [];
  const known = text.split(",").filter(isLabel);
  return known.length === 0 ? DEFAULT_LABELS : known;
}

function parseSelection(params: URLSearchParams): Selection {
  for (const kind of KINDS) {
    const id = params.get(PARAMETERS[kind]);
    if (id) return { kind, id };
  }
  return null;
}

/** The query part of a page's address; defaults are left out: the usual address is short. */
export function formatPage(page: Page): string {
  const params = viewParams(page.view);
  if (page.view.graphType === DEFAULT_VIEW.graphType) params.delete("type");
  if (page.labels.join() !== DEFAULT_LABELS.join()) params.set("labels", page.labels.join());
  if (page.selection) params.set(PARAMETERS[page.selection.kind], page.selection.id);
  putFilter(params, page.filter);
  putLooks(params, page.looks);
  const query = params.toString();
  return query === "" ? "" : `?${query}`;
}

/** What the server is asked about a selection, as a parameter. */
export function selectionParam({ kind, id }: NonNullable<Selection>): readonly [string, string] {
  return [PARAMETERS[kind], id];
}

export function sameSelection(a: Selection, b: Selection): boolean {
  return a?.kind === b?.kind && a?.id === b?.id;
}
