import type { Protocol } from "../../model/entities";
import { percent, perSecond, rate, throughput } from "../../model/format";
import { PROTOCOLS, type Total, type Totals, share } from "../../model/totals";
import { type Translate, useApp } from "../context";

export interface ProtocolRow {
  name: string;
  totals: Totals;
}

/** Traffic by protocol: a table for each that there is, with a row for each way. */
export function ProtocolTables({ rows }: { rows: readonly ProtocolRow[] }) {
  const { t } = useApp();
  const present = PROTOCOLS.filter((protocol) => rows.some(({ totals }) => totals[protocol]));
  if (present.length === 0) return <p class="quiet">{t("none")}</p>;
  return (
    <>
      {present.map((protocol) => (
        <ProtocolTable key={protocol} protocol={protocol} rows={rows} />
      ))}
    </>
  );
}

function ProtocolTable({ protocol, rows }: { protocol: Protocol; rows: readonly ProtocolRow[] }) {
  const { t } = useApp();
  const columns = columnsOf(protocol, t);
  return (
    <table class="grid protocols" data-protocol={protocol}>
      <thead>
        <tr>
          <th scope="col">{NAMES[protocol]}</th>
          {columns.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(({ totals }) => totals[protocol])
          .map(({ name, totals }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {columns.map((column) => (
                <td key={column.name} class={column.isBad?.(totals[protocol]) ? "bad" : ""}>
                  {column.show(totals[protocol])}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

const NAMES = { http: "HTTP", grpc: "gRPC", tcp: "TCP" } as const satisfies Record<
  Protocol,
  string
>;

interface Column {
  name: string;
  show: (total: Total | undefined) => string;
  isBad?: (total: Total | undefined) => boolean;
}

function columnsOf(protocol: Protocol, t: Translate): Column[] {
  if (protocol === "tcp") {
    return [
      { name: t("received"), show: (total) => throughput(total?.receivedBps) },
      { name: t("sent"), show: (total) => throughput(total?.sentBps) },
      { name: t("connections"), show: (total) => perSecond(total?.connectionsPerS) },
    ];
  }
  const part = (total: Total | undefined, name: "errorRps" | "clientErrorRps") =>
    percent(share(total?.[name] ?? null, total?.rps ?? null));
  const columns: Column[] = [
    { name: t("rate"), show: (total) => rate(total?.rps) },
    {
      name: t("errors"),
      show: (total) => part(total, "errorRps"),
      isBad: (total) => (total?.errorRps ?? 0) > 0,
    },
  ];
  if (protocol === "grpc") return columns;
  return [...columns, { name: t("clientErrors"), show: (total) => part(total, "clientErrorRps") }];
}
