import type { ViewRequest } from "../wire/types";
import type { GraphType } from "./entities";

/** What the page asks the server to show. A null window is the server's default. */
export interface View {
  readonly graphType: GraphType;
  readonly window: string | null;
  readonly namespaces: readonly string[];
}

/** What a page without an address shows. */
export const DEFAULT_VIEW: View = { graphType: "versioned_app", window: null, namespaces: [] };

export function sameView(a: View, b: View): boolean {
  return (
    a.graphType === b.graphType &&
    a.window === b.window &&
    a.namespaces.join("\n") === b.namespaces.join("\n")
  );
}

/** The view as query parameters, for the websocket and the REST API. */
export function viewParams(view: View): URLSearchParams {
  const params = new URLSearchParams({ type: view.graphType });
  if (view.window !== null) params.set("window", view.window);
  for (const namespace of view.namespaces) params.append("namespace", namespace);
  return params;
}

/** The view as a message on an open socket, which must name its window. */
export function viewRequest(view: View, defaultWindow: string): ViewRequest {
  return {
    type: "view",
    graph_type: view.graphType,
    window: view.window ?? defaultWindow,
    namespaces: [...view.namespaces],
  };
}
