import type { SourceReason } from "./entities";
import type { Mesh } from "./mesh";

/** How the websocket to the server is doing. */
export type Link =
  | { state: "connecting"; isFull?: boolean }
  | { state: "open" }
  /** `isFull` when the server is there and has no room for one more. */
  | { state: "waiting"; retryAt: number; reason: string; isFull?: boolean };

export type NoticeReason = SourceReason | "connecting" | "offline" | "full";

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
  const gone = lost(link);
  if (gone !== null) return { kind, advice: "", ...gone };
  const source = mesh.source;
  if (source === null) return { kind, reason: "connecting", detail: "", advice: "" };
  // A graph that came through is not spoilt by the reconnecting of a moment.
  const { detail, advice } = source;
  if (kind === "banner" && isFresh(mesh)) {
    // New numbers may be wrong ones all the same, and then nobody should take them for right.
    return source.reason === "gap" ? { kind, reason: "gap", detail, advice } : null;
  }
  // What this asks for is not about Prometheus: the page says it, in the viewer's language.
  if (source.reason === "not_permitted") {
    return { kind, reason: "not_permitted", detail: "", advice: "" };
  }
  if (source.state === "ok") return { kind, reason: "no_traffic", detail, advice };
  return { kind, reason: source.reason ?? "starting", detail, advice };
}

/** What keeps the page from the server; null while nothing does, or one try may still succeed. */
function lost(link: Link): Pick<Notice, "reason" | "detail"> | null {
  switch (link.state) {
    case "open":
      return null;
    case "connecting":
      // The same answer is likely: a card that goes and comes with every try could not be read.
      return link.isFull ? { reason: "full", detail: "" } : null;
    case "waiting":
      return { reason: link.isFull ? "full" : "offline", detail: link.reason };
  }
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
  "overdue",
  "no_worker",
  "no_redis",
] as const satisfies readonly SourceReason[];

/** How the source of the graph is doing; one that answers is not said to be silent. */
export function sourceWord(mesh: Mesh): "ok" | "gap" | "empty" | (typeof FAULTS)[number] {
  if (isFresh(mesh)) return mesh.source?.reason === "gap" ? "gap" : "ok";
  const fault = FAULTS.find((reason) => reason === mesh.source?.reason);
  return fault ?? (mesh.source?.state === "empty" ? "empty" : "unreachable");
}

/** Seconds since the evaluation time of what is shown; null before the first data. */
export function ageS(mesh: Mesh, receivedAt: number, now: number): number | null {
  return grown(mesh.source?.age_s, receivedAt, now);
}

/** The same for what the slow lane brings: quantiles, bytes, messages. */
export function slowAgeS(mesh: Mesh, receivedAt: number, now: number): number | null {
  return grown(mesh.source?.slow_age_s, receivedAt, now);
}

function grown(age: number | null | undefined, receivedAt: number, now: number): number | null {
  if (age === null || age === undefined) return null;
  return age + Math.max(0, now - receivedAt) / 1000;
}
