import type { Queries, Query } from "./entities";

/** The queries of one node or edge, and how old the picture was when they came. */
export interface Origins {
  queries: Queries;
  pictureAgeS: number | null;
}

/** False for what stands in place of a query that names what the viewer may not know. */
export function isTold(promql: string): boolean {
  return !promql.startsWith("# not told");
}

/** The queries behind one field of the wire, such as "rps", "server.latency_ms.p95" or "in.rps". */
export function behind(queries: readonly Query[], field: string): readonly Query[] {
  const exact = queries.filter((query) => query.field === field);
  if (exact.length > 0) return exact;
  const [, side, rest] = /^(client|server)\.(.*)$/.exec(field) ?? [];
  const whole = queries.filter((query) => query.field === rest);
  if (side === "server") return whole.filter((query) => query.reporter !== "source");
  // Beside a server's count, the caller's query finds only what no server saw.
  return whole.every((query) => query.reporter === "source") ? whole : [];
}

/** Whether several queries of a field add up to its number: rates and counts do, shares and times do not. */
export function areAdded(field: string): boolean {
  return /(^|[._])(rps|bps|mps|per_s)$/.test(field) || /(^|\.)responses$/.test(field);
}

/**
 * Seconds since the moment that a number on the page was computed for. The numbers go on being
 * renewed after the queries came: what stays is how far each lags behind the picture.
 */
export function ageNowS(
  query: Query,
  pictureAgeThenS: number | null,
  pictureAgeNowS: number | null,
): number | null {
  if (query.age_s === null || pictureAgeThenS === null || pictureAgeNowS === null) {
    return query.age_s;
  }
  return pictureAgeNowS + Math.max(0, query.age_s - pictureAgeThenS);
}
