import type { SourceReason } from "./entities";
import type { Mesh } from "./mesh";

/** How the websocket to the server is doing. */
export type Link =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "waiting"; retryAt: number; reason: string };

export type NoticeReason = SourceReason | "connecting" | "offline";

/**
 * Why the page does not show fresh numbers: `card` when there is no graph at all, `banner` over
 * a graph that is getting old.
 */
export interface Notice {
  kind: "card" | "banner";
  reason: NoticeReason;
  /** What happened, in the server's words; "" when it said nothing. */
  detail: string;
  /** What to do, in the server's words, which know more than the page's; "" for nothing. */
  advice: string;
}

/** What to tell the viewer, or null when the graph on screen is fresh. */
export function notice(mesh: Mesh, link: Link): Notice | null {
  const kind = mesh.nodes.size === 0 ? "card" : "banner";
  if (link.state === "waiting") return { kind, reason: "offline", detail: link.reason, advice: "" };
  const source = mesh.source;
  if (source === null) return { kind, reason: "connecting", detail: "", advice: "" };
  // A graph that came through is not spoilt by the reconnecting of a moment.
  if (kind === "banner" && isFresh(mesh)) return null;
  const { detail, advice } = source;
  if (source.state === "ok") return { kind, reason: "no_traffic", detail, advice };
  return { kind, reason: source.reason ?? "starting", detail, advice };
}

/** True when the graph is what Prometheus says now, be it only what is known and idle. */
export function isFresh({ source, nodes }: Mesh): boolean {
  return source?.state === "ok" || (source?.state === "empty" && nodes.size > 0);
}

// Why nothing new comes; with the other reasons Prometheus has answered, and that is all there is.
const FAULTS = [
  "starting",
  "unreachable",
  "timeout",
  "rejected",
  "garbled",
  "window_too_short",
] as const satisfies readonly SourceReason[];

/** How the source of the graph is doing; one that answers is not said to be silent. */
export function sourceWord(mesh: Mesh): "ok" | "empty" | (typeof FAULTS)[number] {
  if (isFresh(mesh)) return "ok";
  const fault = FAULTS.find((reason) => reason === mesh.source?.reason);
  return fault ?? (mesh.source?.state === "empty" ? "empty" : "unreachable");
}

/** Seconds since the evaluation time of what is shown; null before the first data. */
export function ageS(mesh: Mesh, receivedAt: number, now: number): number | null {
  const age = mesh.source?.age_s ?? null;
  return age === null ? null : age + Math.max(0, now - receivedAt) / 1000;
}
