import { useEffect, useState } from "preact/hooks";
import type { Queries, Query } from "../../model/entities";
import type { Selection } from "../../model/page";
import type { Key } from "../../locales/translate";
import { type Translate, useApp } from "../context";
import { Icon } from "../Icon";

type Answer =
  { state: "loading" } | { state: "failed"; reason: string } | { state: "ready"; queries: Queries };

/** The PromQL behind each number; asked for when opened. */
export function Promql({ selection }: { selection: NonNullable<Selection> }) {
  const { t } = useApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="promql" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("promql")}</summary>
      {isOpen && <QueryList selection={selection} />}
    </details>
  );
}

function QueryList({ selection }: { selection: NonNullable<Selection> }) {
  const { commands, t } = useApp();
  const [answer, setAnswer] = useState<Answer>({ state: "loading" });
  useEffect(() => {
    const controller = new AbortController();
    commands.queries(selection, controller.signal).then(
      (queries) => setAnswer({ state: "ready", queries }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setAnswer({ state: "failed", reason: error instanceof Error ? error.message : "" });
      },
    );
    return () => controller.abort();
  }, [selection.kind, selection.id]);
  if (answer.state === "loading") return <p class="quiet">{t("promqlLoading")}</p>;
  if (answer.state === "failed") {
    return <p class="warn-text">{t("promqlFailed", { reason: answer.reason })}</p>;
  }
  return (
    <ul class="queries">
      {answer.queries.queries.map((query) => (
        <QueryRow key={`${query.field} ${query.reporter} ${query.promql}`} query={query} />
      ))}
    </ul>
  );
}

function QueryRow({ query }: { query: Query }) {
  const { t } = useApp();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(query.promql);
    setCopied(true);
  };
  return (
    <li>
      <p>
        <b>{title(query.field, t)}</b> <code>{query.field}</code>{" "}
        <span class="protocol">{query.reporter}</span>
        <span class="spring" />
        <button type="button" class="text-button" onClick={() => void copy()}>
          <Icon name="copy" />
          {isCopied ? t("copied") : t("copy")}
        </button>
        {query.url !== null && isWeb(query.url) && (
          <a
            class="text-button"
            href={query.url}
            target="_blank"
            rel="noreferrer"
            aria-label={t("openPrometheus")}
            title={t("openPrometheus")}
          >
            <Icon name="open" />
          </a>
        )}
      </p>
      <p class="quiet">{query.meaning}</p>
      <pre tabIndex={0}>{query.promql}</pre>
    </li>
  );
}

/** The words that the panel uses for each field of the wire. */
const WORDS: Readonly<Record<string, Key>> = {
  rps: "rate",
  error_ratio: "errors",
  client_error_ratio: "clientErrors",
  responses: "responses",
  mtls: "security",
  principals: "identities",
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
};

/** A field in words, with its direction on nodes; a field that is new here stays as it is. */
function title(field: string, t: Translate): string {
  const [, side, rest = field] = /^(in|out)\.(.*)$/.exec(field) ?? [];
  const word = WORDS[rest];
  const text = word === undefined ? rest : t(word);
  if (side === undefined) return text;
  return `${t(side === "in" ? "inbound" : "outbound")}: ${text}`;
}

/** A link from the server's settings must never run code in this page. */
function isWeb(url: string): boolean {
  return /^https?:\/\//.test(url);
}

/** Copy, also on pages without TLS, where browsers withhold the clipboard API. */
async function copyText(text: string): Promise<void> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  if (clipboard !== undefined) return clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  // Deprecated, and the only way that works over plain HTTP.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand("copy");
  field.remove();
}
