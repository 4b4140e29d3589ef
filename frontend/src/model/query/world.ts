import type { Edge, Node } from "../entities";
import type { Mesh } from "../mesh";

/** What fields need to know of the mesh around a node or an edge; each part made when first asked for. */
export class World {
  private around: ReadonlyMap<string, readonly Edge[]> | null = null;
  private ranks: ReadonlyMap<string, number> | null = null;
  private readonly counted = {
    callers: new Map<string, number>(),
    calls: new Map<string, number>(),
  };

  constructor(private readonly mesh: Pick<Mesh, "nodes" | "edges">) {}

  node(id: string): Node | undefined {
    return this.mesh.nodes.get(id);
  }

  /** All edges that start or end at a node. */
  edgesAt(id: string): readonly Edge[] {
    this.around ??= edgesByNode(this.mesh);
    return this.around.get(id) ?? [];
  }

  /** How many other nodes call this one, or are called by it. */
  neighbours(id: string, way: "callers" | "calls"): number {
    // Asked for once with every edge of the node.
    const before = this.counted[way].get(id);
    if (before !== undefined) return before;
    const others = this.edgesAt(id).flatMap(({ source, target }) =>
      way === "calls" ? (source === id ? [target] : []) : target === id ? [source] : [],
    );
    const count = new Set(others).size;
    this.counted[way].set(id, count);
    return count;
  }

  /** 1 for the nodes with the most edges, 100 for those with the fewest. */
  rank(id: string): number | null {
    this.ranks ??= ranksOf(this.mesh, (each) => this.edgesAt(each).length);
    return this.ranks.get(id) ?? null;
  }
}

const known = new WeakMap<Mesh["edges"], { nodes: Mesh["nodes"]; world: World }>();

/** The world of a mesh; kept as long as the mesh does not change. */
export function worldOf({ nodes, edges }: Pick<Mesh, "nodes" | "edges">): World {
  const before = known.get(edges);
  if (before?.nodes === nodes) return before.world;
  const world = new World({ nodes, edges });
  known.set(edges, { nodes, world });
  return world;
}

function edgesByNode({ edges }: Pick<Mesh, "edges">): Map<string, Edge[]> {
  const around = new Map<string, Edge[]>();
  const add = (id: string, edge: Edge) => {
    const there = around.get(id);
    if (there === undefined) around.set(id, [edge]);
    else there.push(edge);
  };
  for (const edge of edges.values()) {
    add(edge.source, edge);
    if (edge.target !== edge.source) add(edge.target, edge);
  }
  return around;
}

const LAST_RANK = 100;

function ranksOf({ nodes }: Pick<Mesh, "nodes">, degree: (id: string) => number) {
  const degrees = new Map([...nodes.keys()].map((id) => [id, degree(id)]));
  const distinct = [...new Set(degrees.values())].sort((a, b) => b - a);
  const step = (LAST_RANK - 1) / Math.max(1, distinct.length - 1);
  const rank = new Map(distinct.map((each, index) => [each, 1 + Math.round(index * step)]));
  return new Map([...degrees].map(([id, each]) => [id, rank.get(each) ?? LAST_RANK]));
}
