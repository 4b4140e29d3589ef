/** Numbers as people read them. Unknown is always an en dash, never 0. */
export const UNKNOWN = "–";

type Amount = number | null | undefined;

/** Three significant digits without trailing zeros: 0.034, 1.2, 12.4, 340. */
export function digits(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3)));
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let rest = value;
  let unit = 0;
  // 999.5 would round up to 1000 of the smaller unit.
  while (rest >= step - 0.5 && unit < units.length - 1) {
    rest /= step;
    unit += 1;
  }
  return `${digits(rest)}${units[unit] ?? ""}`;
}

/** Requests per second. */
export function rate(rps: Amount): string {
  if (rps === null || rps === undefined) return UNKNOWN;
  if (rps > 0 && rps < 0.01) return "<0.01 rps";
  return scaled(rps, 1000, [" rps", "k rps", "M rps"]);
}

/** A share of one as percent: 0 %, 0.3 %, 12 %. */
export function percent(ratio: Amount): string {
  if (ratio === null || ratio === undefined) return UNKNOWN;
  const value = ratio * 100;
  if (value > 0 && value < 0.1) return "<0.1 %";
  // All but a few is not all: 99.97 % must not read as 100 %.
  if (ratio < 1 && value > 99.9) return ">99.9 %";
  return `${value < 10 ? Number(value.toFixed(1)) : Number(value.toFixed(value > 99 ? 1 : 0))} %`;
}

/** A response time: milliseconds below one second, seconds above. */
export function duration(ms: Amount): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms < 1000) return `${digits(ms)} ms`;
  return `${digits(ms / 1000)} s`;
}

/** Bytes per second. */
export function throughput(bps: Amount): string {
  if (bps === null || bps === undefined) return UNKNOWN;
  return scaled(bps, 1000, [" B/s", " kB/s", " MB/s", " GB/s"]);
}

/** A count per second of anything else. */
export function perSecond(value: Amount): string {
  if (value === null || value === undefined) return UNKNOWN;
  return `${digits(value)} /s`;
}

/** An age: 4 s, 3 min, 2 h. */
export function age(seconds: Amount): string {
  if (seconds === null || seconds === undefined) return UNKNOWN;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  if (whole < 5400) return `${Math.round(whole / 60)} min`;
  return `${Math.round(whole / 3600)} h`;
}

/** The way the server writes a look-back window: 60 is "1m". */
export function windowName(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${seconds}s`;
}
