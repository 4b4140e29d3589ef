import type { Edge } from "./entities";
import { duration, errorShare, percent, rate, shortAverage, throughput } from "./format";

/** What can be written on an edge, in the order in which it is written. */
export const LABELS = ["rps", "errors", "avg", "p50", "p95", "p99", "throughput", "mtls"] as const;
export type Label = (typeof LABELS)[number];
export const DEFAULT_LABELS: readonly Label[] = ["rps", "errors", "mtls"];

export function isLabel(text: string): text is Label {
  return (LABELS as readonly string[]).includes(text);
}

/** One line on an edge. `bad` lines are drawn in the colour of errors. */
export interface LabelLine {
  text: string;
  bad: boolean;
}

/** What to write on `edge` for the chosen labels; what is unknown is left out. */
export function edgeLabel(edge: Edge, chosen: ReadonlySet<Label>): LabelLine[] {
  // TCP's traffic is its bytes: saying them twice would tell nothing.
  const isSaid = (label: Label) =>
    label === "throughput" && edge.protocol === "tcp" && chosen.has("rps");
  return LABELS.filter((label) => chosen.has(label) && !isSaid(label)).flatMap((label) =>
    line(edge, label),
  );
}

function line(edge: Edge, label: Label): LabelLine[] {
  switch (label) {
    case "rps":
      return traffic(edge);
    case "errors":
      // A healthy edge says nothing about errors: the page stays readable.
      return edge.error_ratio !== null && edge.error_ratio > 0
        ? [{ text: errorShare(edge.error_ratio), bad: true }]
        : [];
    case "avg":
    case "p50":
    case "p95":
    case "p99":
      return latency(edge, label);
    case "throughput":
      return bytes(edge);
    case "mtls":
      return edge.mtls.state === "mixed" && edge.mtls.ratio !== null
        ? [{ text: `${percent(edge.mtls.ratio)} mTLS`, bad: false }]
        : [];
  }
}

function traffic(edge: Edge): LabelLine[] {
  if (edge.rps !== null) return [{ text: rate(edge.rps), bad: false }];
  // TCP has no requests; its bytes are its traffic.
  return edge.protocol === "tcp" ? bytes(edge) : [];
}

/** Bytes towards the target, then bytes back. */
function bytes(edge: Edge): LabelLine[] {
  const parts = [
    ...(edge.received_bps === null ? [] : [`→ ${throughput(edge.received_bps)}`]),
    ...(edge.sent_bps === null ? [] : [`← ${throughput(edge.sent_bps)}`]),
  ];
  return parts.map((text) => ({ text, bad: false }));
}

function latency(edge: Edge, quantile: "avg" | "p50" | "p95" | "p99"): LabelLine[] {
  const ms = edge.latency_ms[quantile];
  if (ms === null) return [];
  const name = quantile === "avg" ? shortAverage() : quantile;
  return [{ text: `${name} ${duration(ms)}`, bad: false }];
}
