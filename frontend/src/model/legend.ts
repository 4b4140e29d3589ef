import {
  type Edge,
  HEALTHS,
  type Health,
  type MtlsState,
  type Node,
  type NodeKind,
} from "./entities";
import type { Mesh } from "./mesh";

export const LEGEND_KINDS = [
  "workload",
  "app",
  "service",
  "namespace",
  "operation",
  "waypoint",
  "gateway",
  "external",
  "passthrough",
  "blackhole",
  "outside",
  "unknown",
] as const satisfies readonly NodeKind[];

const LOCKS = ["mtls", "mixed", "plaintext", "unknown"] as const satisfies readonly MtlsState[];

/** Which signs are on the picture now: a legend explains these and no others. */
export interface Legend {
  /** Of the lines, worst first. */
  readonly healths: readonly Health[];
  readonly hasTcp: boolean;
  readonly kinds: readonly NodeKind[];
  /** Of the nodes' rims, worst first; idle ones have a sign of their own. */
  readonly rims: readonly Health[];
  readonly hasIdleNodes: boolean;
  /** Neighbours from other namespaces than the chosen ones; what may not be seen is a kind. */
  readonly hasOutside: boolean;
  /** Nodes with a sign of trouble. */
  readonly troubles: readonly Health[];
  readonly hasVersions: boolean;
  readonly locks: readonly MtlsState[];
  /** Requests that fail are on their way: dots of another shape. */
  readonly hasErrors: boolean;
}

export function legendOf(picture: Mesh): Legend {
  const nodes = [...picture.nodes.values()];
  const edges = [...picture.edges.values()];
  const healths = new Set(edges.filter((edge) => !isFineTcp(edge)).map((edge) => edge.health));
  const nodeHealths = new Set(nodes.map((node) => node.health));
  const kinds = new Set(nodes.map((node) => node.kind));
  const locks = new Set(edges.map((edge) => edge.mtls.state));
  return {
    healths: HEALTHS.filter((health) => healths.has(health)),
    hasTcp: edges.some(isFineTcp),
    kinds: LEGEND_KINDS.filter((kind) => kinds.has(kind)),
    rims: HEALTHS.filter((health) => health !== "idle" && nodeHealths.has(health)),
    hasIdleNodes: nodeHealths.has("idle"),
    hasOutside: nodes.some(({ outside, kind }) => outside && kind !== "outside"),
    troubles: HEALTHS.slice(0, 2).filter((health) => nodeHealths.has(health)),
    hasVersions: nodes.some(hasVersion),
    locks: LOCKS.filter((state) => locks.has(state)),
    hasErrors: edges.some((edge) => (edge.error_ratio ?? 0) > 0),
  };
}

/** TCP has a colour of its own as long as nothing is wrong with it. */
function isFineTcp({ protocol, health }: Edge): boolean {
  return protocol === "tcp" && (health === "healthy" || health === "unknown");
}

function hasVersion({ version, versions }: Node): boolean {
  return [version, ...versions].some((each) => each !== null && each !== "latest");
}
