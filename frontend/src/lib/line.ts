/** Values of a line, in order; null where nothing is known. */
export type Values = readonly (number | null)[];

/** An SVG path over `width` by `height` for values from 0 to `most`; what is unknown is a gap. */
export function linePath(values: Values, width: number, height: number, most: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const y = (value: number) => round(height - (most > 0 ? value / most : 0) * height);
  return runs(values)
    .map(({ start, run }) => {
      const points = run.map((value, i) => `${round((start + i) * step)} ${y(value)}`);
      // A single value between two gaps has no line: a stroke without length is a dot.
      return `M${points.join("L")}${points.length === 1 ? "h0" : ""}`;
    })
    .join("");
}

/** The same, closed down to the axis, to be filled. */
export function areaPath(values: Values, width: number, height: number, most: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return runs(values)
    .filter(({ run }) => run.length > 1)
    .map(({ start, run }) => {
      const masked = values.map((value, i) =>
        i >= start && i < start + run.length ? value : null,
      );
      const [from, to] = [start * step, (start + run.length - 1) * step].map(round);
      return `${linePath(masked, width, height, most)}L${to ?? 0} ${height}L${from ?? 0} ${height}Z`;
    })
    .join("");
}

/** Stretches of known values. */
function runs(values: Values): { start: number; run: number[] }[] {
  const found: { start: number; run: number[] }[] = [];
  let last: { start: number; run: number[] } | null = null;
  values.forEach((value, i) => {
    if (value === null) {
      last = null;
      return;
    }
    if (last === null) found.push((last = { start: i, run: [] }));
    last.run.push(value);
  });
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
