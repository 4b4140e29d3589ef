import type { Selection } from "../model/page";
import type { Scene } from "./scene";

/** What stands out: everything else is drawn faintly. Null when nothing does. */
export interface Focus {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

/**
 * The selection with its neighbourhood, else what the search found. A picture that is cut out
 * round `centre` is what was asked about it already: there its selection dims nothing.
 */
export function focusOf(
  scene: Scene,
  selection: Selection,
  found: Focus | null,
  centre: string | null = null,
): Focus | null {
  if (selection !== null && selection.id !== centre) {
    const focus = neighbourhood(scene, selection);
    if (focus.nodes.size > 0) return focus;
  }
  return found === null ? null : withEnds(scene, found);
}

/** What was found, and both ends of its edges: a line from nowhere cannot be read. */
function withEnds(scene: Scene, { nodes, edges }: Focus): Focus {
  const lit = new Set(nodes);
  for (const id of edges) {
    const edge = scene.edges.get(id);
    if (edge !== undefined) lit.add(edge.source.id).add(edge.target.id);
  }
  return { nodes: lit, edges };
}

/**
 * A node with everything it talks to, an edge with its two ends, or a namespace's nodes with what
 * each of them talks to.
 */
export function neighbourhood(scene: Scene, selection: NonNullable<Selection>): Focus {
  if (selection.kind === "namespace") return inside(scene, selection.id);
  const nodes = new Set<string>();
  const edges = new Set<string>();
  if (selection.kind === "node" && scene.nodes.has(selection.id)) nodes.add(selection.id);
  for (const { id, source, target } of scene.edges.values()) {
    const touches =
      selection.kind === "edge"
        ? id === selection.id
        : source.id === selection.id || target.id === selection.id;
    if (!touches) continue;
    edges.add(id);
    nodes.add(source.id).add(target.id);
  }
  return { nodes, edges };
}

function inside(scene: Scene, namespace: string): Focus {
  const members = [...scene.nodes.values()].filter(({ node }) => node.namespace === namespace);
  const nodes = new Set(members.map(({ id }) => id));
  const touching = [...scene.edges.values()].filter(
    ({ source, target }) =>
      source.node.namespace === namespace || target.node.namespace === namespace,
  );
  return withEnds(scene, { nodes, edges: new Set(touching.map((edge) => edge.id)) });
}
