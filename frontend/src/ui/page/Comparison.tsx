import { type Measure, MEASURES, type VersionPast, lastShared } from "../../model/compare";
import { UNKNOWN, duration, percent, rate } from "../../model/format";
import { visible } from "../../model/text";
import { Chart } from "../charts/Chart";
import type { Span } from "../charts/plot";
import { Swatch } from "../charts/Swatch";
import { useApp } from "../context";
import type { ChartsProps } from "./Charts";

const FORMATS = {
  rps: rate,
  errorShare: percent,
  avg: duration,
  p50: duration,
  p95: duration,
  p99: duration,
} as const satisfies Record<Measure, (value: number | null) => string>;
/** No errors are not drawn as if all might fail. */
const FEW_ERRORS = 0.01;
/** More of these is worse; more requests are only more. */
const WORSE: readonly Measure[] = ["errorShare", "avg", "p50", "p95", "p99"];

interface ComparisonProps extends Pick<ChartsProps, "cursor" | "onZoom"> {
  a: VersionPast;
  b: VersionPast;
  span: Span;
}

export function Comparison({ a, b, span, cursor, onZoom }: ComparisonProps) {
  const { t } = useApp();
  const name = useMeasureName();
  const line = (past: VersionPast, measure: Measure, style: number) => ({
    key: `${past.version} ${style}`,
    name: past.version,
    style,
    values: past.measures[measure],
    promql: null,
    url: null,
  });
  return (
    <>
      <Differences a={a} b={b} at={cursor.value ?? lastShared(a, b)} />
      <div class="charts">
        {MEASURES.filter((measure) => measure !== "avg").map((measure) => (
          <Chart
            key={measure}
            title={`${t("compare")}: ${name(measure)}`}
            times={a.times}
            lines={[line(a, measure, 0), line(b, measure, 1)]}
            span={span}
            format={FORMATS[measure]}
            topOfZeros={measure === "errorShare" ? FEW_ERRORS : undefined}
            canLog={measure.startsWith("p")}
            isOld={false}
            cursor={cursor}
            onZoom={onZoom}
          />
        ))}
      </div>
    </>
  );
}

function useMeasureName(): (measure: Measure) => string {
  const { t } = useApp();
  return (measure) => {
    switch (measure) {
      case "rps":
        return t("requests");
      case "errorShare":
        return t("errorShare");
      case "avg":
        return t("average");
      case "p50":
      case "p95":
      case "p99":
        return measure;
    }
  };
}

/** The numbers of both at one moment: under the crosshair, else the newest that both have. */
function Differences({ a, b, at }: { a: VersionPast; b: VersionPast; at: number }) {
  const { store, t } = useApp();
  const name = useMeasureName();
  const clock = new Intl.DateTimeFormat(store.locale.value, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const time = a.times[at];
  if (time === undefined) return <p class="quiet">{t("historyNone")}</p>;
  return (
    <table class="grid differences">
      <caption>{t("differencesAt", { time: clock.format(new Date(time * 1000)) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t("figure")}</th>
          {[a, b].map(({ version }, i) => (
            <th key={version} scope="col">
              <Swatch style={i} /> {visible(version)}
            </th>
          ))}
          <th scope="col">
            {t("change")}{" "}
            <small>
              {visible(a.version)} → {visible(b.version)}
            </small>
          </th>
        </tr>
      </thead>
      <tbody>
        {MEASURES.map((measure) => {
          const [one, two] = [a, b].map((past) => past.measures[measure][at] ?? null);
          const isWorse = WORSE.includes(measure) && (two ?? 0) > (one ?? Infinity);
          return (
            <tr key={measure}>
              <th scope="row">{name(measure)}</th>
              <td>{FORMATS[measure](one ?? null)}</td>
              <td>{FORMATS[measure](two ?? null)}</td>
              <td class={isWorse ? "bad" : ""}>
                {difference(one ?? null, two ?? null, FORMATS[measure])}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** From the first to the second, with its sign. */
function difference(
  one: number | null,
  two: number | null,
  format: (value: number | null) => string,
): string {
  if (one === null || two === null) return UNKNOWN;
  const change = two - one;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  return `${sign}${format(Math.abs(change))}`;
}
