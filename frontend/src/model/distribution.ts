import type { DistributionSide } from "./entities";

/** One bucket of response times: what share of each side's requests fell into it. */
export interface DistributionRow {
  fromMs: number;
  /** Null: however long. */
  leMs: number | null;
  shares: readonly (number | null)[];
}

/** The buckets from the first to the last that any side has requests in. */
export function rowsOf(sides: readonly DistributionSide[]): DistributionRow[] {
  const limits = new Set(sides.flatMap(({ buckets }) => buckets.map(({ le_ms }) => le_ms)));
  const inOrder = [...limits].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const totals = sides.map(({ buckets }) => buckets.reduce((sum, { rps }) => sum + rps, 0));
  const rows = inOrder.map((leMs, i) => ({
    fromMs: inOrder[i - 1] ?? 0,
    leMs,
    shares: sides.map((side, n) => shareOf(side, leMs, totals[n] ?? 0)),
  }));
  const isUsed = ({ shares }: DistributionRow) => shares.some((share) => (share ?? 0) > 0);
  const first = rows.findIndex(isUsed);
  return first < 0 ? [] : rows.slice(first, rows.findLastIndex(isUsed) + 1);
}

function shareOf(side: DistributionSide, leMs: number | null, total: number): number | null {
  const bucket = side.buckets.find(({ le_ms }) => le_ms === leMs);
  return bucket === undefined || total <= 0 ? null : bucket.rps / total;
}
