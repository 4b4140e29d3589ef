import type { Edge, Protocol, Side } from "../../model/entities";
import { duration, percent, perSecond, rate, throughput } from "../../model/format";
import { type Translate, useApp } from "../context";
import { SlowNote } from "./SlowNote";
import { Figure } from "./Traced";

const SIDES = ["server", "client"] as const;

/**
 * The edge as the answering and as the calling proxy measured it. Where they differ, retries,
 * timeouts or the network lie between.
 */
export function SidesTable({ edge }: { edge: Edge }) {
  const { t } = useApp();
  return (
    <>
      <table class="grid sides">
        <thead>
          <tr>
            <th />
            {SIDES.map((name) => (
              <th key={name} scope="col">
                {t(name === "server" ? "serverSide" : "clientSide")}
                {edge[name] === null && <small>{t("silent")}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(edge.protocol, t).map(({ field, name, show }) => (
            <tr key={field}>
              <th scope="row">{name}</th>
              {SIDES.map((side) => (
                <td key={side}>
                  <Figure
                    field={`${side}.${field}`}
                    name={`${name}, ${t(side === "server" ? "serverSide" : "clientSide")}`}
                  >
                    {show(edge[side])}
                  </Figure>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <SlowNote />
    </>
  );
}

interface Row {
  field: string;
  name: string;
  show: (side: Side | null) => string;
}

/** The numbers that the protocol has. */
function rowsOf(protocol: Protocol, t: Translate): Row[] {
  if (protocol === "tcp") return [...bytes(t), ...connections(t), ...errors(t)];
  return [
    { field: "rps", name: t("rate"), show: (side) => rate(side?.rps) },
    ...errors(t),
    ...(protocol === "http" ? clientErrors(t) : []),
    ...latencies(t),
    ...bytes(t),
    ...(protocol === "grpc" ? messages(t) : []),
  ];
}

function errors(t: Translate): Row[] {
  return [{ field: "error_ratio", name: t("errors"), show: (side) => percent(side?.error_ratio) }];
}

function clientErrors(t: Translate): Row[] {
  const show = (side: Side | null) => percent(side?.client_error_ratio);
  return [{ field: "client_error_ratio", name: t("clientErrors"), show }];
}

function latencies(t: Translate): Row[] {
  return (["avg", "p50", "p90", "p95", "p99"] as const).map((name) => ({
    field: `latency_ms.${name}`,
    name: name === "avg" ? t("average") : name,
    show: (side) => duration(side?.latency_ms[name]),
  }));
}

function bytes(t: Translate): Row[] {
  return [
    { field: "received_bps", name: t("received"), show: (side) => throughput(side?.received_bps) },
    { field: "sent_bps", name: t("sent"), show: (side) => throughput(side?.sent_bps) },
  ];
}

function messages(t: Translate): Row[] {
  const to = (side: Side | null) => perSecond(side?.received_mps);
  const back = (side: Side | null) => perSecond(side?.sent_mps);
  return [
    { field: "received_mps", name: t("messagesReceived"), show: to },
    { field: "sent_mps", name: t("messagesSent"), show: back },
  ];
}

function connections(t: Translate): Row[] {
  const opened = (side: Side | null) => perSecond(side?.connections_per_s);
  const closed = (side: Side | null) => perSecond(side?.connections_closed_per_s);
  return [
    { field: "connections_per_s", name: t("connections"), show: opened },
    { field: "connections_closed_per_s", name: t("connectionsClosed"), show: closed },
  ];
}
