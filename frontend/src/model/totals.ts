import type { Edge, Node, Protocol } from "./entities";
import type { Mesh } from "./mesh";
import { isCountedElsewhere } from "./summary";

/** What edges of one protocol carry together; null where none of them knows. */
export interface Total {
  edges: number;
  rps: number | null;
  /** Failed requests per second, and answers of the 4xx kind. */
  errorRps: number | null;
  clientErrorRps: number | null;
  receivedBps: number | null;
  sentBps: number | null;
  connectionsPerS: number | null;
}

export type Totals = Partial<Record<Protocol, Total>>;
export const PROTOCOLS = ["http", "grpc", "tcp"] as const satisfies readonly Protocol[];

const NONE: Total = {
  edges: 0,
  rps: null,
  errorRps: null,
  clientErrorRps: null,
  receivedBps: null,
  sentBps: null,
  connectionsPerS: null,
};

/** The edges' counts added up, by protocol. Shares come from sums: they are never averaged. */
export function totalsOf(edges: readonly Edge[]): Totals {
  const totals: Totals = {};
  for (const edge of edges) {
    totals[edge.protocol] = plus(totals[edge.protocol] ?? NONE, edge);
  }
  return totals;
}

function plus(total: Total, edge: Edge): Total {
  const of = (ratio: number | null) =>
    ratio === null || edge.rps === null ? null : ratio * edge.rps;
  return {
    edges: total.edges + 1,
    rps: sum(total.rps, edge.rps),
    errorRps: sum(total.errorRps, of(edge.error_ratio)),
    clientErrorRps: sum(total.clientErrorRps, of(edge.client_error_ratio)),
    receivedBps: sum(total.receivedBps, edge.received_bps),
    sentBps: sum(total.sentBps, edge.sent_bps),
    connectionsPerS: sum(total.connectionsPerS, edge.connections_per_s),
  };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

/** A part of a total as a share of its requests. */
export function share(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/** Edges by where their traffic comes from and goes to. */
export interface Ways {
  into: readonly Edge[];
  outOf: readonly Edge[];
  within: readonly Edge[];
}

/** Traffic across the picture's borders, and all of it. */
export function waysOfPicture(mesh: Mesh): Ways {
  const edges = countable(mesh);
  const called = new Set([...mesh.edges.values()].map(({ target }) => target));
  // Nobody calls an entry point: whatever comes from there entered the mesh there.
  const isBefore = ({ source }: Edge) => !called.has(source) || isBeyond(mesh.nodes.get(source));
  const isAfter = ({ target }: Edge) => isBeyond(mesh.nodes.get(target));
  return { into: edges.filter(isBefore), outOf: edges.filter(isAfter), within: edges };
}

const BEYOND: readonly Node["kind"][] = ["external", "passthrough", "blackhole"];

function isBeyond(node: Node | undefined): boolean {
  return node !== undefined && (node.outside || BEYOND.includes(node.kind));
}

/** Traffic into a namespace, out of it and inside. */
export function waysOfNamespace(mesh: Mesh, name: string): Ways {
  const isIn = (id: string) => mesh.nodes.get(id)?.namespace === name;
  const edges = countable(mesh);
  return {
    into: edges.filter(({ source, target }) => !isIn(source) && isIn(target)),
    outOf: edges.filter(({ source, target }) => isIn(source) && !isIn(target)),
    within: edges.filter(({ source, target }) => isIn(source) && isIn(target)),
  };
}

function countable(mesh: Mesh): Edge[] {
  return [...mesh.edges.values()].filter((edge) => !isCountedElsewhere(mesh, edge));
}

/** The nodes of a namespace. */
export function membersOf(mesh: Mesh, name: string): Node[] {
  return [...mesh.nodes.values()].filter(
    ({ namespace, kind }) => namespace === name && kind !== "namespace",
  );
}

/** Edges by requests, or by bytes where there are none; the busiest first. */
export function busiestFirst(edges: readonly Edge[]): Edge[] {
  const bytes = (edge: Edge) => (edge.received_bps ?? 0) + (edge.sent_bps ?? 0);
  return [...edges].sort(
    (a, b) => (b.rps ?? 0) - (a.rps ?? 0) || bytes(b) - bytes(a) || (a.id < b.id ? -1 : 1),
  );
}

/** Nodes by the requests that they answer, the busiest first. */
export function busiestNodesFirst(nodes: readonly Node[]): Node[] {
  return nodes
    .filter((node) => (node.in.rps ?? 0) > 0)
    .sort((a, b) => (b.in.rps ?? 0) - (a.in.rps ?? 0) || (a.id < b.id ? -1 : 1));
}
