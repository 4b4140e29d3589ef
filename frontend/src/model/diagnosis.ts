import { type Key, en } from "../locales/en";
import type { Check, CheckState, Diagnosis, SourceFacts } from "./entities";
import { inOrder } from "./versions";

/** Worst first, as they are counted. */
export const CHECK_STATES = [
  "red",
  "amber",
  "green",
  "skipped",
] as const satisfies readonly CheckState[];

export const CHECKS = [
  "reachability",
  "authentication",
  "version",
  "scrape_interval",
  "metrics",
  "labels",
  "proxies",
  "double_scraping",
  "clock",
  "cost",
  "rules",
] as const satisfies readonly Check["id"][];

/** How many checks ended in each state. */
export function counts(checks: readonly Check[]): Record<CheckState, number> {
  const sums = { red: 0, amber: 0, green: 0, skipped: 0 };
  for (const { state } of checks) sums[state] += 1;
  return sums;
}

/** What answers: "Prometheus 2.53.0". */
export function sourceName({ kind, flavor, version }: SourceFacts): string {
  return [flavor ?? kind, version].filter(Boolean).join(" ");
}

/** What answers and where, as far as this viewer is told: some are not told the address. */
export function asked(source: SourceFacts): string {
  return [sourceName(source), source.url].filter(Boolean).join(" ");
}

/** The diagnosis as plain text for a bug report; in English, like the checks' own words. */
export function asText({ at, source, checks }: Diagnosis, version: string): string {
  const versions = inOrder(source.istio_versions).map(
    (v) => `${v.component} ${v.version} (${v.count})`,
  );
  const eras = source.eras.map(({ era, series }) => `${era} (${series} series)`);
  const lines = [
    `meshviz ${version}, diagnosis of ${new Date(at * 1000).toISOString()}`,
    `source: ${sourceName(source)}`,
    `istio: ${versions.join(", ") || "versions not known"}`,
    `telemetry: ${eras.join(", ") || "none found"}`,
    "",
    ...checks.map(checkText),
  ];
  return `${lines.join("\n")}\n`;
}

function checkText({ id, state, detail, advice }: Check): string {
  const key = `check.${id}`;
  const title = Object.hasOwn(en, key) ? en[key as Key] : id;
  const lines = [`[${state}] ${title}: ${detail}`];
  return [...lines, ...(advice === "" ? [] : [`    -> ${advice}`])].join("\n");
}
