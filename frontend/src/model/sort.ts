/** What a column of a table is sorted by; null is unknown. */
export type SortKey = string | number | null;

export interface Sorting {
  /** The column's name. */
  readonly column: string;
  readonly way: "ascending" | "descending";
}

const letters = new Intl.Collator(undefined, { numeric: true });

/** The next way of a column whose head was pressed: most first, then least first, then as before. */
export function nextSorting(before: Sorting | null, column: string): Sorting | null {
  if (before?.column !== column) return { column, way: "descending" };
  return before.way === "descending" ? { column, way: "ascending" } : null;
}

/** Rows by a key. Equal ones keep their order, and what is unknown comes last either way. */
export function sorted<Row>(
  rows: readonly Row[],
  key: (row: Row) => SortKey,
  way: Sorting["way"],
): Row[] {
  const sign = way === "ascending" ? 1 : -1;
  return [...rows].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * letters.compare(String(a), String(b));
  });
}
