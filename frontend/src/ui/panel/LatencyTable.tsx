import type { Edge } from "../../model/entities";
import { age, duration } from "../../model/format";
import { useApp } from "../context";

// Quantiles are asked less often than rates; worth a word only when one could notice.
const BEHIND_S = 10;

const ROWS = ["avg", "p50", "p90", "p95", "p99"] as const;

/** Latency as the answering and as the calling proxy measured it; the gap is network and retries. */
export function LatencyTable({ edge }: { edge: Edge }) {
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
          {ROWS.map((row) => (
            <tr key={row}>
              <th scope="row">{row === "avg" ? t("average") : row}</th>
              <td>{duration(edge.server?.latency_ms[row])}</td>
              <td>{duration(edge.client?.latency_ms[row])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isBehind && <p class="quiet">{t("slowAge", { age: age(slow_age_s) })}</p>}
    </>
  );
}
