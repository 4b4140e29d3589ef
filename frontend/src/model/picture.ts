import type { Question } from "./asking";
import type { Edge, Node } from "./entities";
import type { EdgeMode, Filter, Focus } from "./filter";
import type { Mesh } from "./mesh";

type Nodes = ReadonlyMap<string, Node>;
type Edges = ReadonlyMap<string, Edge>;
type Parts = Readonly<{ nodes: Nodes; edges: Edges }>;

/**
 * The part of the mesh that the filter leaves to be drawn: what Hide and the limits leave, of that
 * what lies around the focus, and of that the edges that the mode wants. The mesh's own maps where
 * nothing is left out: whoever remembers by them need not work twice.
 */
export function pictureOf(mesh: Mesh, filter: Filter, hide: Question | null): Mesh {
  const left = withinLimits(mesh, hide === null ? mesh : withoutHidden(mesh, hide), filter);
  const { nodes, edges } = filter.focus === null ? left : around(mesh, left, filter.focus);
  const drawn = inMode(edges, filter.edges);
  if (nodes === mesh.nodes && drawn === mesh.edges) return mesh;
  return { ...mesh, nodes, edges: drawn };
}

/**
 * What an expression is true for goes: nodes with their edges where it is about nodes; else edges,
 * and a node only when no edge of it is left.
 */
function withoutHidden(mesh: Mesh, hide: Question): Parts {
  const chosen = hide.choose(mesh);
  if (hide.about === "nodes") {
    const nodes = kept(mesh.nodes, ({ id }) => !chosen.nodes.has(id));
    return { nodes, edges: between(nodes, mesh.edges) };
  }
  const edges = kept(mesh.edges, ({ id }) => !chosen.edges.has(id));
  const had = hide.about === "edges" ? endsOf(mesh.edges) : new Set();
  const has = endsOf(edges);
  const stays = ({ id }: Node) => has.has(id) || !(had.has(id) || chosen.nodes.has(id));
  return { nodes: kept(mesh.nodes, stays), edges };
}

/**
 * Edges with at least so many requests and errors, and the nodes that these leave with any; what is
 * not known is none.
 */
function withinLimits(mesh: Mesh, { nodes, edges }: Parts, filter: Filter): Parts {
  const { minRps, minErrorRatio } = filter;
  if (minRps === null && minErrorRatio === null) return { nodes, edges };
  const enough = kept(
    edges,
    ({ rps, error_ratio }) =>
      (rps ?? 0) >= (minRps ?? 0) && (error_ratio ?? 0) >= (minErrorRatio ?? 0),
  );
  const had = endsOf(mesh.edges);
  const has = endsOf(enough);
  return { nodes: kept(nodes, ({ id }) => has.has(id) || !had.has(id)), edges: enough };
}

/** What lies within so many calls of a node. A focus that the mesh does not have shows everything. */
function around(mesh: Mesh, { nodes, edges }: Parts, { id, hops, way }: Focus): Parts {
  const centre = mesh.nodes.get(id);
  if (centre === undefined) return { nodes, edges };
  const near = reached(edges, id, hops, way);
  const inside = kept(nodes, (node) => near.has(node.id));
  // What is asked about is there, whatever else is hidden.
  const shown = inside.has(id) ? inside : new Map(inside).set(id, centre);
  return { nodes: shown, edges: between(shown, edges) };
}

function reached(edges: Edges, start: string, hops: number, way: Focus["way"]): Set<string> {
  const near = new Set([start]);
  // Down and up apart: what another caller of a callee calls is no hop away.
  if (way !== "up") walk(edges, start, hops, ({ source, target }) => [source, target], near);
  if (way !== "down") walk(edges, start, hops, ({ source, target }) => [target, source], near);
  return near;
}

type Direct = (edge: Edge) => readonly [from: string, to: string];

function walk(edges: Edges, start: string, hops: number, direct: Direct, near: Set<string>): void {
  const seen = new Set([start]);
  let last = seen;
  for (let hop = 0; hop < hops; hop += 1) {
    const next = new Set<string>();
    for (const edge of edges.values()) {
      const [from, to] = direct(edge);
      if (last.has(from) && !seen.has(to)) next.add(to);
    }
    for (const id of next) {
      seen.add(id);
      near.add(id);
    }
    last = next;
  }
}

function inMode(edges: Edges, mode: EdgeMode): Edges {
  switch (mode) {
    case "all":
      return edges;
    case "unhealthy":
      return kept(edges, ({ health }) => health === "failing" || health === "degraded");
    case "none":
      return edges.size === 0 ? edges : new Map();
  }
}

function between(nodes: Nodes, edges: Edges): Edges {
  return kept(edges, ({ source, target }) => nodes.has(source) && nodes.has(target));
}

function endsOf(edges: Edges): Set<string> {
  return new Set([...edges.values()].flatMap(({ source, target }) => [source, target]));
}

/** The entities that pass; the same map where all do. */
function kept<T extends { id: string }>(
  all: ReadonlyMap<string, T>,
  passes: (one: T) => boolean,
): ReadonlyMap<string, T> {
  const left = [...all.values()].filter(passes);
  return left.length === all.size ? all : new Map(left.map((one) => [one.id, one]));
}
