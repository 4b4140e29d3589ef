import type { Edge } from "../../model/entities";
import { duration } from "../../model/format";
import { useApp } from "../context";

const ROWS = ["avg", "p50", "p90", "p95", "p99"] as const;

/** Latency as the answering and as the calling proxy measured it; the gap is network and retries. */
export function LatencyTable({ edge }: { edge: Edge }) {
  const { t } = useApp();
  return (
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
  );
}
