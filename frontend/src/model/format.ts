/** Numbers as people read them. Unknown is always an en dash, never 0. */
export const UNKNOWN = "–";

type Amount = number | null | undefined;

type Language = "en" | "ja";

/** How ages are counted; other units are the same signs everywhere. */
const AGE_UNITS: Readonly<Record<Language, readonly [string, string, string]>> = {
  en: ["s", "min", "h"],
  ja: ["秒", "分", "時間"],
};

/** What is written on edges, where there is no room for explanations. */
const SHORT: Readonly<Record<Language, { errors: (share: string) => string; average: string }>> = {
  en: { errors: (share) => `${share} err`, average: "avg" },
  ja: { errors: (share) => `エラー ${share}`, average: "平均" },
};

/** Nobody should have to ask which half of the day a failure was in. */
const DAY = { hourCycle: "h23" } as const;

// The page has one language at a time, and every number on it is written by this file. To hand it
// through to each of them would put it into every signature.
let language: Language = "en";
const formats = new Map<string, Intl.NumberFormat>();

/** Write numbers and dates as this language does, from now on. */
export function writeIn(chosen: Language): void {
  if (chosen === language) return;
  language = chosen;
  formats.clear();
}

/** The language in which numbers are written, and names that the page gives. */
export function writtenIn(): Language {
  return language;
}

function written(value: number, options: Intl.NumberFormatOptions): string {
  const key = `${options.maximumSignificantDigits ?? ""} ${options.maximumFractionDigits ?? ""}`;
  // Making a format costs a thousand times as much as using it.
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, options);
    formats.set(key, format);
  }
  return format.format(value);
}

/** A number of things. */
export function count(value: number): string {
  return written(value, { maximumFractionDigits: 0 });
}

/** The time of day of a moment, in the viewer's zone. */
export function clockTime(unixSeconds: number): string {
  if (unixSeconds === 0) return UNKNOWN;
  return new Date(unixSeconds * 1000).toLocaleTimeString(language, DAY);
}

/** Day, time and zone of a moment: what one has to know a week later. */
export function dateTime(unixSeconds: number): string {
  if (unixSeconds === 0) return UNKNOWN;
  const style = { dateStyle: "medium", timeStyle: "long", ...DAY } as const;
  return new Date(unixSeconds * 1000).toLocaleString(language, style);
}

/** Three significant digits without trailing zeros: 0.034, 1.2, 12.4, 340. */
export function digits(value: number): string {
  if (Math.abs(value) >= 100) return count(value);
  return written(value, { maximumSignificantDigits: Math.abs(value) < 0.1 ? 2 : 3 });
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
  const isExact = value < 10 || value > 99;
  return `${written(value, { maximumFractionDigits: isExact ? 1 : 0 })} %`;
}

/** A share of failed requests, named. */
export function errorShare(ratio: Amount): string {
  return SHORT[language].errors(percent(ratio));
}

/** An average response time's name. */
export function shortAverage(): string {
  return SHORT[language].average;
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
  const [second, minute, hour] = AGE_UNITS[language];
  if (whole < 90) return `${whole} ${second}`;
  if (whole < 5400) return `${count(whole / 60)} ${minute}`;
  return `${count(whole / 3600)} ${hour}`;
}

/** The way the server writes a look-back window: 60 is "1m". */
export function windowName(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${seconds}s`;
}
