import type { ChartKind, ChartLine, ChartSpec } from "../../model/charts";
import { UNKNOWN, duration, perSecond, rate, throughput } from "../../model/format";
import type { Series } from "../../model/entities";
import type { Key } from "../../locales/translate";
import type { Translate } from "../context";

/** A chart's title, with what tells it from others of its kind. */
export function chartTitle({ kind, way, reporter }: ChartSpec, t: Translate): string {
  const parts = [t(`chart.${kind}`)];
  if (way !== null) parts.push(t(`chart.way.${way}`));
  if (reporter !== null) parts.push(t(reporter === "client" ? "clientSide" : "serverSide"));
  return parts.join(", ");
}

/** Fields that share a chart with others. */
const NAMED: Partial<Record<Series["field"], Key>> = {
  received_bps: "received",
  sent_bps: "sent",
  connections_per_s: "chart.opened",
  failed_connections_per_s: "chart.failed",
};

/** What a line is, beside its chart's title. */
export function lineName({ kind }: ChartSpec, { series }: ChartLine, t: Translate): string {
  const { field, label, way, version } = series;
  const isBothWays = kind === "requests" || kind === "bytes" || kind === "tcp";
  const parts = [
    NAMED[field] === undefined ? null : t(NAMED[field]),
    label === "" ? null : label === "avg" ? t("average") : label,
    version,
    isBothWays && way !== null ? t(`chart.way.${way}`) : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(", ") : t(`chart.${kind}`);
}

const FORMATS = {
  requests: rate,
  errors: rate,
  latency: duration,
  bytes: throughput,
  tcp: perSecond,
} as const satisfies Record<ChartKind, (value: number | null) => string>;

export function formatOf(kind: ChartKind): (value: number | null) => string {
  // An axis reaches below what is ever measured: nothing is said there in more words than needed.
  return (value) => (value === null ? UNKNOWN : FORMATS[kind](value));
}
