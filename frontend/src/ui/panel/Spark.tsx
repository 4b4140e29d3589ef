import { areaPath, linePath, type Values } from "../../lib/line";
import type { History } from "../../model/entities";
import { rate, throughput } from "../../model/format";
import { type HistoryAsk, added, linesOf, newest } from "../../model/history";
import type { Selection } from "../../model/page";
import { useHistory } from "../charts/past";
import { PrometheusLink } from "../PrometheusLink";
import { useApp } from "../context";
import { Fold } from "./Section";

const WIDTH = 300;
const HEIGHT = 44;
const EVERY_MS = 10_000;

interface SparkProps {
  /** Null for the whole picture. */
  about: Selection;
  /** What there is to be drawn: requests with errors, or bytes where there are none. */
  of: "requests" | "bytes";
}

/** The last ten minutes at a glance. */
export function Spark(props: SparkProps) {
  const { t } = useApp();
  return (
    <Fold title={t("lastMinutes", { n: 10 })} name="spark">
      <SparkBody {...props} />
    </Fold>
  );
}

function SparkBody({ about, of }: SparkProps) {
  const { t } = useApp();
  const ask: HistoryAsk = {
    about,
    range: "10m",
    fields: of === "bytes" ? ["bytes"] : ["rps", "errors"],
    end: null,
    byVersion: false,
  };
  const asked = useHistory(ask, EVERY_MS);
  switch (asked.state) {
    case "loading":
      return <p class="quiet spark-wait">{t("historyLoading")}</p>;
    case "failed":
      return <p class="quiet">{t("historyFailed", { reason: asked.reason })}</p>;
    case "ready":
      return (
        <>
          <Lines history={asked.answer} of={of} />
          {asked.failure !== null && (
            <p class="quiet">{t("historyFailed", { reason: asked.failure })}</p>
          )}
        </>
      );
  }
}

interface Drawn {
  name: string;
  kind: "main" | "bad" | "other";
  values: Values;
}

function Lines({ history, of }: { history: History; of: SparkProps["of"] }) {
  const { t } = useApp();
  const drawn = drawnOf(history, of, t);
  const most = Math.max(0, ...drawn.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const [main] = drawn;
  if (main === undefined || newestOf(drawn) === null)
    return <p class="quiet">{t("historyNone")}</p>;
  const show = of === "bytes" ? throughput : rate;
  const told = drawn.map(({ name, values }) => `${name} ${show(newest(values))}`).join(", ");
  const label = `${t("lastMinutes", { n: 10 })}: ${told}; ${t("most")} ${show(most)}`;
  return (
    <figure class="spark">
      <svg
        viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path class="spark-area" d={areaPath(main.values, WIDTH, HEIGHT, most)} />
        {drawn.map(({ kind, values }) => (
          <path key={kind} class={`spark-${kind}`} d={linePath(values, WIDTH, HEIGHT, most)} />
        ))}
      </svg>
      <figcaption>
        {drawn.map(({ kind, name, values }) => (
          <span key={kind} class="spark-key">
            <svg viewBox="0 0 18 6" aria-hidden="true">
              <path class={`spark-${kind}`} d="M0 3h18" />
            </svg>
            {name} <b>{show(newest(values))}</b>
          </span>
        ))}
        <span class="quiet">
          {t("most")} {show(most)}
        </span>
        <span class="quiet">{t("sparkWindow", { n: history.window_s })}</span>
        <PrometheusLink url={history.series[0]?.url ?? null} isShort />
      </figcaption>
    </figure>
  );
}

function newestOf(drawn: readonly Drawn[]): number | null {
  return drawn.map(({ values }) => newest(values)).find((value) => value !== null) ?? null;
}

/** Traffic towards the thing; away from it where nobody calls it. */
function drawnOf(
  history: History,
  of: SparkProps["of"],
  t: ReturnType<typeof useApp>["t"],
): Drawn[] {
  const isKnown = (values: Values) => newest(values) !== null;
  const has = (way: "in" | "out" | null) =>
    history.series.some((line) => line.way === way && isKnown(line.values));
  const way = (["in", null, "out"] as const).find(has);
  if (way === undefined) return [];
  const sum = (field: "rps" | "error_rps" | "received_bps" | "sent_bps") =>
    added(linesOf(history, { field, way }), history.times.length);
  if (of === "bytes") {
    return [
      { name: t("received"), kind: "main", values: sum("received_bps") },
      { name: t("sent"), kind: "other", values: sum("sent_bps") },
    ];
  }
  const requests = sum("rps");
  // Where requests are known and no error is, there was none.
  const errors = sum("error_rps").map((value, i) => (requests[i] == null ? null : (value ?? 0)));
  const name = way === "out" ? t("outbound") : t("requests");
  return [
    { name, kind: "main", values: requests },
    { name: t("errors"), kind: "bad", values: errors },
  ];
}
