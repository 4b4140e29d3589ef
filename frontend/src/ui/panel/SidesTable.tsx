import type { Edge, Side } from "../../model/entities";
import { age, duration, percent, rate } from "../../model/format";
import { type Translate, useApp } from "../context";

const QUANTILES = ["p50", "p90", "p95", "p99"] as const;
// Quantiles are asked less often than rates; worth a word only when one could notice.
const BEHIND_S = 10;

/**
 * The edge as the answering and as the calling proxy measured it. Where they differ, retries,
 * timeouts or the network lie between.
 */
export function SidesTable({ edge }: { edge: Edge }) {
  const { store, t } = useApp();
  const { age_s = null, slow_age_s = null } = store.source.value ?? {};
  const isBehind = age_s !== null && slow_age_s !== null && slow_age_s > age_s + BEHIND_S;
  return (
    <>
      <table class="grid">
        <thead>
          <tr>
            <th />
            <th scope="col">{t("serverSide")}</th>
            <th scope="col">{t("clientSide")}</th>
          </tr>
        </thead>
        <tbody>
          {rows(t).map(([name, show]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{show(edge.server)}</td>
              <td>{show(edge.client)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isBehind && <p class="quiet">{t("slowAge", { age: age(slow_age_s) })}</p>}
    </>
  );
}

type Row = readonly [name: string, show: (side: Side | null) => string];

function rows(t: Translate): Row[] {
  return [
    [t("rate"), (side) => rate(side?.rps)],
    [t("errors"), (side) => percent(side?.error_ratio)],
    [t("average"), (side) => duration(side?.latency_ms.avg)],
    ...QUANTILES.map((quantile): Row => [quantile, (side) => duration(side?.latency_ms[quantile])]),
  ];
}
