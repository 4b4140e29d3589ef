import { type Key, en } from "../../locales/en";
import { codeName } from "../../model/codes";
import type { NodeResponse } from "../../model/entities";
import { UNKNOWN, percent, perSecond, rate } from "../../model/format";
import { visible } from "../../model/text";
import { type Translate, useApp } from "../context";
import { Figure } from "./Traced";

/**
 * What came back: every code with its flags, its rate, and its share of the requests, or of the
 * connections. Connections have no codes: what became of them is in their flags alone.
 */
export function Responses({
  responses,
  requests,
}: {
  responses: readonly NodeResponse[];
  /** All requests per second. */
  requests: number | null;
}) {
  const { t } = useApp();
  if (responses.length === 0) return <p class="quiet">{t("none")}</p>;
  const rows = [...responses].sort((a, b) => b.rps - a.rps);
  const ends = rows.filter(({ protocol }) => protocol === "tcp");
  const connections = ends.reduce((sum, { rps }) => sum + rps, 0);
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
        {rows.map((row) => (
          <ResponseRow
            key={`${row.protocol} ${row.code} ${row.flags}`}
            row={row}
            total={row.protocol === "tcp" ? connections : requests}
          />
        ))}
      </tbody>
    </table>
  );
}

function ResponseRow({ row, total }: { row: NodeResponse; total: number | null }) {
  const { t } = useApp();
  const { code, flags, rps, error, protocol } = row;
  const name = visible(codeName(code, protocol) ?? t("noResponse"));
  const title = [name, visible(flags)].filter(Boolean).join(" ");
  return (
    <tr class={error ? "bad" : ""}>
      <th scope="row">{name}</th>
      <td>
        <Flags flags={flags} />
      </td>
      <td>
        <Figure field="responses" name={title}>
          {protocol === "tcp" ? perSecond(rps) : rate(rps)}
        </Figure>
      </td>
      <td>
        <Figure field="responses" name={`${title} %`}>
          {total ? percent(rps / total) : UNKNOWN}
        </Figure>
      </td>
    </tr>
  );
}

/** Envoy's flags as the proxies write them, and what each means. */
function Flags({ flags }: { flags: string }) {
  const { t } = useApp();
  if (flags === "" || flags === "-") return <>–</>;
  return (
    <>
      {visible(flags)}
      <small>{meaning(flags, t)}</small>
    </>
  );
}

function meaning(flags: string, t: Translate): string {
  return flags
    .split(",")
    .map((flag) => `flag.${flag}`)
    .filter((key): key is Key => Object.hasOwn(en, key))
    .map((key) => t(key))
    .join(", ");
}
