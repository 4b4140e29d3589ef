import type { ChartKind, ChartLine, ChartSpec } from "../../model/charts";
import { UNKNOWN, duration, perSecond, rate, throughput } from "../../model/format";
import type { Translate } from "../context";

/** A chart's title, with what tells it from others of its kind. */
export function chartTitle({ kind, way, reporter }: ChartSpec, t: Translate): string {
  const parts = [t(`chart.${kind}`)];
  if (way !== null) parts.push(t(`chart.way.${way}`));
  if (reporter !== null) parts.push(t(reporter === "client" ? "clientSide" : "serverSide"));
  return parts.join(", ");
}

/** What a line is, beside its chart's title. */
export function lineName({ kind }: ChartSpec, { series }: ChartLine, t: Translate): string {
  const { field, label, way, version } = series;
  const isBothWays = kind === "requests" || kind === "bytes" || kind === "tcp";
  const parts = [
    field === "received_bps" ? t("received") : field === "sent_bps" ? t("sent") : null,
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
