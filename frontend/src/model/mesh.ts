import type { Delta, Snapshot } from "../wire/types";
import type { Edge, Frame, GraphType, Node, Overview, Perspective, SourceStatus } from "./entities";
import { EXTRAS, type Extra } from "./view";

/** The last known state of the view: what all frames since the snapshot add up to. */
export interface Mesh extends Readonly<Record<Extra, boolean>> {
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly windowS: number;
  /** What is drawn, be it instead of what was asked for. */
  readonly graphType: GraphType;
  /** Why namespaces are drawn instead of what was asked for; null when they are not. */
  readonly overview: Overview | null;
  readonly scope: readonly string[];
  readonly perspective: Perspective;
  /** The namespaces that are drawn as one node each. */
  readonly collapsed: readonly string[];
  readonly namespaces: readonly string[];
  readonly source: SourceStatus | null;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: ReadonlyMap<string, Edge>;
}

/** What is known before the first frame: nothing. */
export const NOTHING: Mesh = {
  epoch: "",
  seq: 0,
  at: 0,
  windowS: 0,
  graphType: "workload",
  overview: null,
  scope: [],
  perspective: "auto",
  idle: false,
  waypoints: false,
  operations: false,
  collapsed: [],
  namespaces: [],
  source: null,
  nodes: new Map(),
  edges: new Map(),
};

/** True when `frame` cannot be applied because a frame before it was missed. */
export function isGap(mesh: Mesh, frame: Frame): boolean {
  if (frame.type !== "delta") return false;
  if (frame.epoch !== mesh.epoch) return true;
  return frame.seq !== mesh.seq && frame.seq !== mesh.seq + 1;
}

/** True when the snapshot shows something else than the mesh, rather than its next state. */
export function isOtherView(mesh: Mesh, frame: Snapshot): boolean {
  return (
    frame.graph_type !== mesh.graphType ||
    frame.window_s !== mesh.windowS ||
    frame.scope.join("\n") !== mesh.scope.join("\n") ||
    frame.collapsed.join("\n") !== mesh.collapsed.join("\n") ||
    frame.perspective !== mesh.perspective ||
    EXTRAS.some((name) => frame[name] !== mesh[name])
  );
}

/** The mesh after `frame`. Applying the same frame twice changes nothing. */
export function apply(mesh: Mesh, frame: Frame): Mesh {
  switch (frame.type) {
    case "snapshot":
      return fromSnapshot(frame);
    case "delta":
      return withDelta(mesh, frame);
    case "status":
      return { ...mesh, source: frame.source };
  }
}

function fromSnapshot(frame: Snapshot): Mesh {
  return {
    epoch: frame.epoch,
    seq: frame.seq,
    at: frame.at,
    windowS: frame.window_s,
    graphType: frame.graph_type,
    overview: frame.overview,
    scope: frame.scope,
    perspective: frame.perspective,
    idle: frame.idle,
    waypoints: frame.waypoints,
    operations: frame.operations,
    collapsed: frame.collapsed,
    namespaces: frame.namespaces,
    source: frame.source,
    nodes: new Map(frame.nodes.map((node) => [node.id, node])),
    edges: new Map(frame.edges.map((edge) => [edge.id, edge])),
  };
}

function withDelta(mesh: Mesh, frame: Delta): Mesh {
  return {
    ...mesh,
    seq: frame.seq,
    at: frame.at,
    source: frame.source,
    namespaces: frame.namespaces ?? mesh.namespaces,
    nodes: patched(mesh.nodes, frame.put.nodes, frame.drop.nodes),
    edges: patched(mesh.edges, frame.put.edges, frame.drop.edges),
  };
}

function patched<T extends { id: string }>(
  old: ReadonlyMap<string, T>,
  put: readonly T[],
  drop: readonly string[],
): ReadonlyMap<string, T> {
  if (put.length === 0 && drop.length === 0) return old;
  const next = new Map(old);
  for (const id of drop) next.delete(id);
  for (const entity of put) next.set(entity.id, entity);
  return next;
}
