import type { History, Series } from "./entities";
import { type Selection, selectionParam } from "./page";
import { type View, viewParams } from "./view";

/** How far back charts can look, as the server takes it, in seconds. */
export const RANGES = {
  "5m": 300,
  "10m": 600,
  "15m": 900,
  "30m": 1_800,
  "1h": 3_600,
  "3h": 10_800,
  "6h": 21_600,
  "12h": 43_200,
  "1d": 86_400,
  "7d": 604_800,
} as const;
export type Range = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as readonly Range[];

export const FIELDS = ["rps", "errors", "latency", "bytes", "tcp"] as const;
export type Field = (typeof FIELDS)[number];

/** What is asked about the past. */
export interface HistoryAsk {
  /** Null for the whole picture. */
  readonly about: Selection;
  readonly range: Range;
  readonly fields: readonly Field[];
  /** The last moment, in unix seconds; null for now. */
  readonly end: number | null;
  /** Every version of the server on lines of its own. */
  readonly byVersion: boolean;
}

/** A range by its name; the usual one where an address names none that there is. */
export function rangeOf(name: string): Range {
  return RANGE_NAMES.find((range) => range === name) ?? "15m";
}

/** The shortest range that holds so many seconds. */
export function rangeOver(seconds: number): Range {
  return RANGE_NAMES.find((range) => RANGES[range] >= seconds) ?? "7d";
}

export function historyParams(view: View, ask: HistoryAsk): URLSearchParams {
  const params = viewParams(view);
  if (ask.about !== null) params.set(...selectionParam(ask.about));
  params.set("range", ask.range);
  params.set("fields", ask.fields.join());
  if (ask.end !== null) params.set("end", String(ask.end));
  if (ask.byVersion) params.set("by", "version");
  return params;
}

/** The last value that is known; null where none is. */
export function newest(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** Which lines of a history are meant. */
export interface Wanted {
  readonly field: Series["field"];
  readonly way?: Series["way"];
  readonly label?: string;
  readonly version?: string;
}

export function linesOf(history: History, wanted: Wanted): Series[] {
  const { field, way, label, version } = wanted;
  return history.series.filter(
    (line) =>
      line.field === field &&
      (way === undefined || line.way === way) &&
      (label === undefined || line.label === label) &&
      (version === undefined || line.version === version),
  );
}

/** Lines added up moment by moment; what none of them knows stays unknown. */
export function added(lines: readonly Series[], length: number): (number | null)[] {
  return Array.from({ length }, (_, i) => {
    const known = lines.map(({ values }) => values[i] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
