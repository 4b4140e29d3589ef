import type { GraphType, Node } from "./entities";
import type { Mesh } from "./mesh";
import type { View } from "./view";

type Where = Pick<Mesh, "graphType" | "scope" | "overview">;

/** The namespace that a node leads to; null when it leads nowhere that is not shown already. */
export function leadsTo(node: Node, mesh: Where): string | null {
  const { namespace } = node;
  if (namespace === null || isOpen(mesh, namespace)) return null;
  return node.kind === "namespace" || node.outside ? namespace : null;
}

/** Whether there is more to see inside a namespace than is on screen. */
export function leadsInto(namespace: string, mesh: Where): boolean {
  return !isOpen(mesh, namespace);
}

/** True when `namespace` alone is what the picture is about, so that opening it changes nothing. */
function isOpen(mesh: Where, namespace: string): boolean {
  const isAlone = mesh.scope.length === 1 && mesh.scope[0] === namespace;
  // A graph of namespaces that somebody chose by hand still opens into what is inside.
  return isAlone && (mesh.graphType !== "namespace" || mesh.overview !== null);
}

/** The view inside a namespace: of the type that was asked for, or of `fine` in place of namespaces. */
export function inside(view: View, namespace: string, fine: GraphType): View {
  const graphType = view.graphType === "namespace" ? fine : view.graphType;
  const collapsed = view.collapsed.filter((name) => name !== namespace);
  return { ...view, graphType, namespaces: [namespace], collapsed };
}

/** How a namespace was opened: from this view into that one. */
export interface Descent {
  readonly from: View;
  readonly into: string;
}

/** The view of all namespaces above `view`: as namespaces where it was entered from those. */
export function above(view: View, descent: Descent | null): View {
  const isWayBack = descent !== null && view.namespaces.join() === descent.into;
  const graphType = isWayBack && descent.from.graphType === "namespace" ? "namespace" : null;
  return { ...view, graphType: graphType ?? view.graphType, namespaces: [] };
}
