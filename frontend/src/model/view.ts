import type { ViewRequest } from "../wire/types";
import { GRAPH_TYPES, type GraphType, PERSPECTIVES, type Perspective } from "./entities";

/** What else may be drawn, besides everything that has traffic. */
export const EXTRAS = ["idle", "waypoints", "operations"] as const;
export type Extra = (typeof EXTRAS)[number];

/** What the page asks the server to show. A null window is the server's default. */
export interface View extends Readonly<Record<Extra, boolean>> {
  readonly graphType: GraphType;
  readonly window: string | null;
  readonly namespaces: readonly string[];
  /** Namespaces that are drawn as one node each, whatever the graph type. */
  readonly collapsed: readonly string[];
  /** Whose numbers are drawn: by the reporter rule, or one side's alone. */
  readonly perspective: Perspective;
}

/** What a page without an address shows. */
export const DEFAULT_VIEW: View = {
  graphType: "versioned_app",
  window: null,
  namespaces: [],
  collapsed: [],
  perspective: "auto",
  idle: false,
  waypoints: false,
  operations: false,
};

export function sameView(a: View, b: View): boolean {
  // Compared as they are asked for, so that no field can be forgotten here.
  return viewParams(a).toString() === viewParams(b).toString();
}

/** The view as query parameters, for the websocket and the REST API. */
export function viewParams(view: View): URLSearchParams {
  const params = new URLSearchParams({ type: view.graphType });
  if (view.window !== null) params.set("window", view.window);
  for (const namespace of view.namespaces) params.append("namespace", namespace);
  for (const namespace of view.collapsed) params.append("collapse", namespace);
  for (const [name, value] of Object.entries(options(view))) params.set(name, String(value));
  return params;
}

/** The view that query parameters describe; what is missing or wrong becomes the default. */
export function viewOf(params: URLSearchParams): View {
  const extra = (name: Extra) => params.get(name) === "true";
  return {
    graphType: GRAPH_TYPES.find((type) => type === params.get("type")) ?? DEFAULT_VIEW.graphType,
    window: params.get("window"),
    namespaces: namesIn(params, "namespace"),
    collapsed: namesIn(params, "collapse"),
    perspective: PERSPECTIVES.find((side) => side === params.get("perspective")) ?? "auto",
    idle: extra("idle"),
    waypoints: extra("waypoints"),
    operations: extra("operations"),
  };
}

function namesIn(params: URLSearchParams, name: string): string[] {
  return [...new Set(params.getAll(name))].filter(Boolean).sort();
}

/** The view as a message on an open socket, which must name its window. */
export function viewRequest(view: View, defaultWindow: string): ViewRequest {
  return {
    type: "view",
    graph_type: view.graphType,
    window: view.window ?? defaultWindow,
    namespaces: [...view.namespaces],
    ...(view.collapsed.length > 0 ? { collapsed: [...view.collapsed] } : {}),
    ...options(view),
  };
}

/** What differs from the usual view: the rest is the server's default and goes unsaid. */
function options(view: View): Pick<ViewRequest, Extra | "perspective"> {
  return {
    ...(view.perspective === "auto" ? {} : { perspective: view.perspective }),
    ...Object.fromEntries(EXTRAS.filter((name) => view[name]).map((name) => [name, true])),
  };
}
