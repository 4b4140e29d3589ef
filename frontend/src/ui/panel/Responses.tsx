import { codeName } from "../../model/codes";
import type { NodeResponse } from "../../model/entities";
import { percent, rate } from "../../model/format";
import { useApp } from "../context";

// Envoy's flags as the proxies write them; the meaning is one hover away.
const FLAGS: Readonly<Record<string, string>> = {
  DC: "downstream connection terminated",
  DI: "delay injected by fault rule",
  FI: "fault injected",
  LR: "connection reset locally",
  NC: "upstream cluster not found",
  NR: "no route configured",
  RL: "rate limited",
  UAEX: "denied by external authorization",
  UC: "upstream connection terminated",
  UF: "upstream connection failure",
  UH: "no healthy upstream",
  UO: "upstream overflow (circuit breaker)",
  UR: "upstream reset",
  URX: "retry limit exceeded",
  UT: "upstream request timeout",
};

/** What came back: every code with its flags, its rate, and its share as a bar. */
export function Responses({
  responses,
  total,
}: {
  responses: readonly NodeResponse[];
  total: number | null;
}) {
  const { t } = useApp();
  if (responses.length === 0) return <p class="quiet">{t("none")}</p>;
  const rows = [...responses].sort((a, b) => b.rps - a.rps);
  return (
    <table class="grid responses">
      <thead>
        <tr>
          <th scope="col">{t("code")}</th>
          <th scope="col">{t("flags")}</th>
          <th scope="col">{t("rate")}</th>
          <th scope="col">%</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ code, flags, rps, error, protocol }) => (
          <tr key={`${protocol} ${code} ${flags}`} class={error ? "bad" : ""}>
            <th scope="row">{codeName(code, protocol) ?? t("noResponse")}</th>
            <td title={meaning(flags)}>{flags || "–"}</td>
            <td>{rate(rps)}</td>
            <td>{total ? percent(rps / total) : "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function meaning(flags: string): string {
  return flags
    .split(",")
    .map((flag) => FLAGS[flag] ?? "")
    .filter(Boolean)
    .join(", ");
}
