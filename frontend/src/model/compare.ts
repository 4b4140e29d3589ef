import type { History, Series } from "./entities";
import { added, linesOf } from "./history";

/** What two versions are held against each other by. */
export const MEASURES = ["rps", "errorShare", "avg", "p50", "p95", "p99"] as const;
export type Measure = (typeof MEASURES)[number];

/** One version's numbers over time. */
export interface VersionPast {
  readonly version: string;
  readonly times: readonly number[];
  readonly measures: Readonly<Record<Measure, Series["values"]>>;
}

/** What callers get from a version; `version` is null where the history is of that one alone. */
export function pastOf(history: History, name: string, version: string | null): VersionPast {
  const length = history.times.length;
  const of = (field: Series["field"], label?: string) =>
    linesOf(history, {
      field,
      ...(label === undefined ? {} : { label }),
      ...(version === null ? {} : { version }),
    }).filter(({ way }) => way !== "out");
  const rps = added(of("rps"), length);
  const errors = added(of("error_rps"), length);
  const latency = (label: string) =>
    of("latency_ms", label)[0]?.values ?? Array.from({ length }, () => null);
  return {
    version: name,
    times: history.times,
    measures: {
      rps,
      errorShare: rps.map((all, i) => shareOf(errors[i] ?? 0, all)),
      avg: latency("avg"),
      p50: latency("p50"),
      p95: latency("p95"),
      p99: latency("p99"),
    },
  };
}

function shareOf(part: number, all: number | null): number | null {
  return all === null || all === 0 ? null : part / all;
}

/** Two versions on the times that either knows. */
export function aligned(a: VersionPast, b: VersionPast): [VersionPast, VersionPast] {
  if (a.times.join() === b.times.join()) return [a, b];
  const times = [...new Set([...a.times, ...b.times])].sort((one, other) => one - other);
  return [onto(times, a), onto(times, b)];
}

function onto(times: readonly number[], past: VersionPast): VersionPast {
  const place = new Map(past.times.map((time, i) => [time, i]));
  const moved = (values: Series["values"]) =>
    times.map((time) => {
      const i = place.get(time);
      return i === undefined ? null : (values[i] ?? null);
    });
  const { rps, errorShare, avg, p50, p95, p99 } = past.measures;
  return {
    ...past,
    times,
    measures: {
      rps: moved(rps),
      errorShare: moved(errorShare),
      avg: moved(avg),
      p50: moved(p50),
      p95: moved(p95),
      p99: moved(p99),
    },
  };
}

/** The last moment at which both versions have requests; the last of all where there is none. */
export function lastShared(a: VersionPast, b: VersionPast): number {
  const known = (past: VersionPast, i: number) => (past.measures.rps[i] ?? null) !== null;
  const shared = a.times.findLastIndex((_, i) => known(a, i) && known(b, i));
  return shared >= 0 ? shared : a.times.length - 1;
}
