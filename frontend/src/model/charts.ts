import type { History, Series } from "./entities";
import { newest } from "./history";

/** What a chart is about. */
export const CHART_KINDS = ["requests", "errors", "latency", "bytes", "tcp"] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** One line: what tells it from the others of its chart, and its values. */
export interface ChartLine {
  /** Unique in its chart, and the same from one answer to the next. */
  readonly key: string;
  readonly series: Series;
  /** Which of the palette's colours, and of the dash patterns, from 0. */
  readonly style: number;
}

export interface ChartSpec {
  readonly id: string;
  readonly kind: ChartKind;
  /** What all lines have in common, where another chart of the kind has something else. */
  readonly way: Series["way"];
  readonly reporter: Series["reporter"] | null;
  readonly lines: readonly ChartLine[];
}

const KIND_OF: Readonly<Record<Series["field"], ChartKind>> = {
  rps: "requests",
  error_rps: "errors",
  client_error_rps: "errors",
  latency_ms: "latency",
  sent_bps: "bytes",
  received_bps: "bytes",
  connections_per_s: "tcp",
  failed_connections_per_s: "tcp",
};
/** In these, both ways fit into one chart; the others have many lines for each way. */
const BOTH_WAYS: readonly ChartKind[] = ["requests", "bytes", "tcp"];
const LATENCIES = ["avg", "p50", "p95", "p99"];

/** The charts that a history fills, in the order in which they are looked at. */
export function chartsOf(history: History): ChartSpec[] {
  const groups = new Map<string, Series[]>();
  for (const series of history.series.filter(({ values }) => newest(values) !== null)) {
    const id = chartId(series);
    groups.set(id, [...(groups.get(id) ?? []), series]);
  }
  const charts = [...groups].map(([id, series]) => chart(id, series));
  return charts.sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
}

/** Sides measure latency each for itself; everything else of an edge is one number. */
function chartId({ field, way, reporter }: Series): string {
  const kind = KIND_OF[field];
  if (BOTH_WAYS.includes(kind)) return kind;
  return [kind, way, kind === "latency" && way === null ? reporter : null]
    .filter((part) => part !== null)
    .join("-");
}

/** By kind, and all about what comes in before what goes out. */
function place({ kind, way }: ChartSpec): number {
  const outgoing = way === "out" && !BOTH_WAYS.includes(kind) ? 2.5 : 0;
  return CHART_KINDS.indexOf(kind) + outgoing;
}

function chart(id: string, series: readonly Series[]): ChartSpec {
  const [first] = series;
  if (first === undefined) throw new Error("a chart needs a line");
  const kind = KIND_OF[first.field];
  const sorted = [...series].sort(inOrder);
  const isOf = BOTH_WAYS.includes(kind);
  return {
    id,
    kind,
    way: isOf ? null : first.way,
    reporter: kind === "latency" && first.way === null ? first.reporter : null,
    lines: sorted.map((each, i) => ({
      key: [each.way, each.field, each.label, each.version, each.reporter].join(" "),
      series: each,
      style: kind === "latency" ? Math.max(0, LATENCIES.indexOf(each.label)) : i,
    })),
  };
}

const WAYS: readonly Series["way"][] = ["in", null, "out"];
// Failures before answers of the 4xx kind, what comes before what is sent back.
const FIELDS: readonly Series["field"][] = [
  "rps",
  "error_rps",
  "client_error_rps",
  "latency_ms",
  "received_bps",
  "sent_bps",
  "connections_per_s",
  "failed_connections_per_s",
];

function inOrder(a: Series, b: Series): number {
  return (
    WAYS.indexOf(a.way) - WAYS.indexOf(b.way) ||
    FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field) ||
    LATENCIES.indexOf(a.label) - LATENCIES.indexOf(b.label) ||
    (a.label < b.label ? -1 : 1)
  );
}

/** Values for a logarithmic scale, which has no place for zero. */
export function positive(values: Series["values"]): Series["values"] {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}

/** A few of the moments, evenly spread and with the last: a table of all would never end. */
export function thinned(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const step = (length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => Math.round(i * step));
}
