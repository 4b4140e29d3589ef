/** Which part of the mesh is drawn. What a filter hides is still known, and still counted in panels. */

/** Edges to draw: every one, only those in trouble, or nodes alone. */
export const EDGE_MODES = ["all", "unhealthy", "none"] as const;
export type EdgeMode = (typeof EDGE_MODES)[number];
/** Where to look from the node in focus: at what it calls, at who calls it, or at both. */
export const WAYS = ["both", "down", "up"] as const;
export type Way = (typeof WAYS)[number];
export const HOPS = [1, 2, 3] as const;
export type Hops = (typeof HOPS)[number];

/** One node and what lies within so many calls of it. */
export interface Focus {
  readonly id: string;
  readonly hops: Hops;
  readonly way: Way;
}

export interface Filter {
  /** Expressions of the query language; "" for none. */
  readonly find: string;
  readonly hide: string;
  readonly edges: EdgeMode;
  /** Edges below these are not drawn; null for no limit. */
  readonly minRps: number | null;
  readonly minErrorRatio: number | null;
  readonly focus: Focus | null;
}

export const NO_FILTER: Filter = {
  find: "",
  hide: "",
  edges: "all",
  minRps: null,
  minErrorRatio: null,
  focus: null,
};

/** Where a focus starts: at who calls a node and what it calls. */
export function focusOn(id: string): Focus {
  return { id, hops: 1, way: "both" };
}

/** The filter that an address describes; what is missing or wrong becomes the default. */
export function filterOf(params: URLSearchParams): Filter {
  return {
    find: params.get("find") ?? "",
    hide: params.get("hide") ?? "",
    edges: EDGE_MODES.find((mode) => mode === params.get("edges")) ?? NO_FILTER.edges,
    minRps: limitOf(params.get("min_rps")),
    minErrorRatio: limitOf(params.get("min_errors")),
    focus: focusOf(params),
  };
}

function limitOf(text: string | null): number | null {
  const value = Number(text ?? "");
  return Number.isFinite(value) && value > 0 ? value : null;
}

function focusOf(params: URLSearchParams): Focus | null {
  const id = params.get("focus");
  if (!id) return null;
  const hops = HOPS.find((each) => String(each) === params.get("hops")) ?? 1;
  return { id, hops, way: WAYS.find((way) => way === params.get("way")) ?? "both" };
}

/** Write a filter into an address; what is usual goes unsaid. */
export function putFilter(params: URLSearchParams, filter: Filter): void {
  if (filter.find !== "") params.set("find", filter.find);
  if (filter.hide !== "") params.set("hide", filter.hide);
  if (filter.edges !== NO_FILTER.edges) params.set("edges", filter.edges);
  if (filter.minRps !== null) params.set("min_rps", String(filter.minRps));
  if (filter.minErrorRatio !== null) params.set("min_errors", String(filter.minErrorRatio));
  if (filter.focus === null) return;
  params.set("focus", filter.focus.id);
  if (filter.focus.hops !== 1) params.set("hops", String(filter.focus.hops));
  if (filter.focus.way !== "both") params.set("way", filter.focus.way);
}
