import type { Edge, MtlsState } from "./entities";
import type { Mesh } from "./mesh";

/** Why an edge's traffic is not all mutual TLS, as far as telemetry tells. */
export const REASONS = [
  "callerUnknown",
  "callerOutside",
  "callerSilent",
  "callerPlain",
  "both",
  "permissive",
  "outside",
  "serverSilent",
  "noTraffic",
] as const;
export type Reason = (typeof REASONS)[number];

/** The reasons, the nearest to a cause first; none where everything is mutual TLS. */
export function whyNotMtls(mesh: Mesh, edge: Edge): readonly Reason[] {
  switch (edge.mtls.state) {
    case "mtls":
      return [];
    case "mixed":
      return ["both", ...caller(mesh, edge), "permissive"];
    case "plaintext":
      // Only a server's proxy knows of plain text, so it let the request in.
      return [...caller(mesh, edge), "permissive"];
    case "unknown":
      return [unknown(mesh, edge)];
  }
}

/** What about the caller makes its requests arrive in plain text. */
function caller(mesh: Mesh, edge: Edge): readonly Reason[] {
  const kind = mesh.nodes.get(edge.source)?.kind;
  if (kind === "unknown") return ["callerUnknown"];
  if (kind === "outside") return ["callerOutside"];
  return [edge.client === null ? "callerSilent" : "callerPlain"];
}

const BEYOND: readonly string[] = ["external", "passthrough", "blackhole"];

function unknown(mesh: Mesh, edge: Edge): Reason {
  if (BEYOND.includes(mesh.nodes.get(edge.target)?.kind ?? "")) return "outside";
  if (edge.health === "idle") return "noTraffic";
  return "serverSilent";
}

/** How many edges are in each state. */
export function countStates(edges: Iterable<Edge>): Record<MtlsState, number> {
  const counts = { mtls: 0, mixed: 0, plaintext: 0, unknown: 0 };
  for (const { mtls } of edges) counts[mtls.state] += 1;
  return counts;
}
