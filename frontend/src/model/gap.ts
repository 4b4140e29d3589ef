import type { Edge, Gap } from "./entities";

/** The ways in which the two proxies' accounts of an edge can differ, in the order shown. */
export const GAPS = [
  "network_ms",
  "unreached_rps",
  "timed_out_rps",
  "abandoned_rps",
  "retried_rps",
] as const satisfies readonly (keyof Gap)[];

/** Why a difference cannot be told. */
export type GapUnknown = "silentClient" | "silentServer" | "latency" | "requests";

/** Why `name` is not known of this edge; null when it is. */
export function gapUnknown(edge: Edge, name: keyof Gap): GapUnknown | null {
  if (edge.gap !== null && edge.gap[name] !== null) return null;
  if (edge.client === null) return "silentClient";
  if (edge.server === null) return "silentServer";
  return name === "network_ms" ? "latency" : "requests";
}
