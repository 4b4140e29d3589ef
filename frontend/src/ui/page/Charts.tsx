import type { Signal } from "@preact/signals";
import { type ChartSpec, chartsOf } from "../../model/charts";
import type { History } from "../../model/entities";
import { age } from "../../model/format";
import { FIELDS, type HistoryAsk, RANGES, type Range } from "../../model/history";
import type { Selection } from "../../model/page";
import { visible } from "../../model/text";
import { Chart } from "../charts/Chart";
import { useHistory } from "../charts/past";
import type { Span } from "../charts/plot";
import { useApp } from "../context";
import { chartTitle, formatOf, lineName } from "./naming";

const LEAST_EVERY_S = 10;
// About as many values as the server gives for a range; nothing new comes in between.
const VALUES = 120;

export interface ChartsProps {
  about: NonNullable<Selection>;
  range: Range;
  zoom: Span | null;
  cursor: Signal<number | null>;
  onZoom: (span: Span | null) => void;
}

/** The question that a set of charts asks, and how often again. */
export function askOf(
  { about, range, zoom }: Pick<ChartsProps, "about" | "range" | "zoom">,
  change: Partial<HistoryAsk>,
): [HistoryAsk, number] {
  const end = zoom === null ? null : Math.ceil(zoom.to);
  const everyS = Math.max(LEAST_EVERY_S, RANGES[range] / VALUES);
  return [{ about, range, fields: FIELDS, end, byVersion: false, ...change }, everyS * 1000];
}

/** All that there is to be seen of one node or edge over time. */
export function Charts(props: ChartsProps) {
  const { t } = useApp();
  const asked = useHistory(...askOf(props, {}));
  switch (asked.state) {
    case "loading":
      return (
        <p class="charts-wait" role="status">
          <i class="spinner" />
          {t("historyLoading")}
        </p>
      );
    case "failed":
      return <p class="warn-text">{t("historyFailed", { reason: asked.reason })}</p>;
    case "ready":
      return (
        <>
          {asked.failure !== null && (
            <p class="warn-text">{t("historyFailed", { reason: asked.failure })}</p>
          )}
          <Filled {...props} history={asked.answer} isOld={asked.isOld} />
        </>
      );
  }
}

function Filled({ history, isOld, ...props }: ChartsProps & { history: History; isOld: boolean }) {
  const { t } = useApp();
  const charts = chartsOf(history);
  const isServer = charts.some(({ kind, way }) => kind === "requests" && way !== "out");
  const hasErrors = charts.some(({ kind }) => kind === "errors");
  return (
    <>
      {history.warnings.map((warning) => (
        <p key={warning} class="warn-text" lang="en">
          {visible(warning)}
        </p>
      ))}
      {charts.length === 0 && <p class="quiet">{t("historyNone")}</p>}
      <div class="charts">
        {charts.map((spec) => (
          <SpecChart key={spec.id} spec={spec} history={history} isOld={isOld} {...props} />
        ))}
      </div>
      <p class="quiet">
        {isServer && !hasErrors && `${t("noErrorsInRange")} `}
        {t("windowOfValues", { window: age(history.window_s) })}
      </p>
    </>
  );
}

interface SpecChartProps extends ChartsProps {
  spec: ChartSpec;
  history: History;
  isOld: boolean;
}

function SpecChart({ spec, history, isOld, zoom, cursor, onZoom }: SpecChartProps) {
  const { t } = useApp();
  const lines = spec.lines.map((line) => ({
    key: line.key,
    name: lineName(spec, line, t),
    style: line.style,
    values: line.series.values,
    promql: line.series.promql,
    url: line.series.url,
  }));
  return (
    <Chart
      title={chartTitle(spec, t)}
      times={history.times}
      lines={lines}
      span={zoom ?? { from: history.start, to: history.end }}
      format={formatOf(spec.kind)}
      canLog={spec.kind === "latency"}
      isOld={isOld}
      cursor={cursor}
      onZoom={onZoom}
    />
  );
}
