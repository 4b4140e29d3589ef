import { useState } from "preact/hooks";
import type { Key } from "../../locales/translate";
import type { Query } from "../../model/entities";
import { age } from "../../model/format";
import { ageNowS, isTold } from "../../model/provenance";
import { visible } from "../../model/text";
import { type Translate, useApp } from "../context";
import { CopyButton } from "../CopyButton";
import { PrometheusLink } from "../PrometheusLink";
import { useOrigins } from "./origins";
import { Facts } from "./Facts";

/** The PromQL behind all of the panel's numbers; asked for when opened. */
export function Promql() {
  const { t } = useApp();
  const { load } = useOrigins();
  const [isOpen, setOpen] = useState(false);
  const toggled = (open: boolean) => {
    setOpen(open);
    if (open) load();
  };
  return (
    <details class="promql" onToggle={(event) => toggled(event.currentTarget.open)}>
      <summary>{t("promql")}</summary>
      {isOpen && <QueryList />}
    </details>
  );
}

function QueryList() {
  const { t } = useApp();
  const { answer } = useOrigins();
  switch (answer.state) {
    case "none":
    case "loading":
      return <p class="quiet">{t("promqlLoading")}</p>;
    case "failed":
      return <p class="warn-text">{t("promqlFailed", { reason: answer.reason })}</p>;
    case "ready": {
      const { queries } = answer.origins.queries;
      const told = queries.filter(({ promql }) => isTold(promql));
      return (
        <>
          {told.length > 0 && (
            <ul class="queries">
              {told.map((query) => (
                <QueryItem
                  key={`${query.field} ${query.reporter} ${query.promql}`}
                  title={title(query.field, t)}
                  query={query}
                  pictureAgeS={answer.origins.pictureAgeS}
                />
              ))}
            </ul>
          )}
          {told.length < queries.length && (
            <p class="untold">{t("promqlUntoldCount", { n: queries.length - told.length })}</p>
          )}
        </>
      );
    }
  }
}

interface QueryItemProps {
  query: Query;
  /** How old the picture was when the query came. */
  pictureAgeS: number | null;
  /** What it answers, where that is not said above. */
  title?: string;
}

/** One query: what it means, who reported, how fresh, how many series, and its text. */
export function QueryItem({ query, pictureAgeS, title }: QueryItemProps) {
  const { store, t } = useApp();
  const { field, meaning, reporter, promql, url, series } = query;
  return (
    <li>
      {title !== undefined && (
        <p>
          <b>{title}</b> <code>{field}</code>
        </p>
      )}
      <p class="quiet" lang="en">
        {visible(meaning)}
      </p>
      <Facts
        rows={[
          [t("reporter"), t(`reporter.${reporter}`)],
          [t("asOf"), age(ageNowS(query, pictureAgeS, store.ageS.value))],
          [t("seriesCount"), seriesText(series, t)],
        ]}
      />
      {isTold(promql) ? (
        <>
          <pre tabIndex={0}>{visible(promql)}</pre>
          <p>
            <CopyButton text={() => promql} />
            <PrometheusLink url={url} />
          </p>
        </>
      ) : (
        <p class="untold">{t("promqlUntold")}</p>
      )}
    </li>
  );
}

/** A query without series adds nothing now: a bare 0 beside the number would look like its value. */
function seriesText(series: number | null, t: Translate): string {
  if (series === null) return t("seriesUnknown");
  return series === 0 ? t("seriesNone") : String(series);
}

/** The words that the panel uses for each field of the wire. */
const WORDS: Readonly<Record<string, Key>> = {
  rps: "rate",
  error_ratio: "errors",
  client_error_ratio: "clientErrors",
  responses: "responses",
  mtls: "security",
  principals: "identities",
  hosts: "hosts",
  "latency_ms.avg": "label.avg",
  "latency_ms.p50": "label.p50",
  "latency_ms.p90": "label.p90",
  "latency_ms.p95": "label.p95",
  "latency_ms.p99": "label.p99",
  sent_bps: "sent",
  received_bps: "received",
  sent_mps: "messagesSent",
  received_mps: "messagesReceived",
  connections_per_s: "connections",
  connections_closed_per_s: "connectionsClosed",
  network_ms: "gap.network_ms",
  unreached_rps: "gap.unreached_rps",
  timed_out_rps: "gap.timed_out_rps",
  abandoned_rps: "gap.abandoned_rps",
  retried_rps: "gap.retried_rps",
};

const PARTS: Readonly<Record<string, Key>> = {
  in: "inbound",
  out: "outbound",
  server: "serverSide",
  client: "clientSide",
  gap: "difference",
};

/** A field in words, with the part it stands in; a field that is new here stays as it is. */
function title(field: string, t: Translate): string {
  const [, part = "", rest = field] = /^(in|out|server|client|gap)\.(.*)$/.exec(field) ?? [];
  const word = Object.hasOwn(WORDS, rest) ? WORDS[rest] : undefined;
  const text = word === undefined ? rest : t(word);
  const before = PARTS[part];
  return before === undefined ? text : `${t(before)}: ${text}`;
}
