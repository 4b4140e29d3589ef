import { type Edge, HEALTHS } from "../../model/entities";
import { duration, percent, rate } from "../../model/format";
import { visible } from "../../model/text";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../context";
import { Icon } from "../Icon";
import { EdgeList, Section, Tile } from "./parts";

const MOST = 12;

/** The whole picture in numbers, and where to look first; closed, it only counts. */
export function Overview() {
  const { store, t } = useApp();
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  useEscape(isOpen, () => {
    setOpen(false);
    toggle.current?.focus();
  });
  const { troubled, attention } = store.summary.value;
  const worst = troubled[0]?.health ?? (attention > 0 ? "degraded" : "healthy");
  return (
    <aside class="overview" aria-label={t("overview")} data-panel>
      <button
        ref={toggle}
        type="button"
        class="overview-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <i class={`dot dot-${worst}`} />
        {t("needsAttention")}
        <b>{attention}</b>
        <Icon name="down" />
      </button>
      {isOpen && <Details />}
    </aside>
  );
}

function useEscape(isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      // A dialog on top takes its own Escape.
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) close();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen]);
}

function Details() {
  const { store, t } = useApp();
  const { nodes, edges, rps, edgesByHealth, troubled, unencrypted, slowest } = store.summary.value;
  const warnings = store.warnings.value;
  return (
    <div class="overview-body">
      <div class="tiles">
        <Tile name={t("nodes")} value={String(nodes)} />
        <Tile name={t("edges")} value={String(edges)} />
        <Tile name={t("requests")} value={rate(rps)} />
      </div>
      <Section title={t("edgesByHealth")}>
        <HealthBar counts={HEALTHS.map((health) => ({ health, count: edgesByHealth[health] }))} />
      </Section>
      {warnings.length > 0 && (
        <ul class="warn-text">
          {warnings.map((warning) => (
            <li key={warning} lang="en">
              {visible(warning)}
            </li>
          ))}
        </ul>
      )}
      {troubled.length === 0 ? (
        <p class="all-well">{t("noErrors")}</p>
      ) : (
        <Listed title={`${t("troubled")} (${troubled.length})`} edges={troubled} />
      )}
      {unencrypted.length > 0 && (
        <Listed
          title={`${t("notEncrypted")} (${unencrypted.length})`}
          edges={unencrypted}
          figure={({ mtls }) => `${percent(mtls.ratio)} mTLS`}
        />
      )}
      {slowest.length > 0 && (
        <Listed
          title={t("slowest")}
          edges={slowest}
          figure={({ latency_ms }) => `p95 ${duration(latency_ms.p95)}`}
        />
      )}
    </div>
  );
}

interface ListedProps {
  title: string;
  edges: readonly Edge[];
  figure?: (edge: Edge) => string;
}

function Listed({ title, edges, ...rest }: ListedProps) {
  const { t } = useApp();
  const left = edges.length - MOST;
  return (
    <Section title={title}>
      <EdgeList edges={edges.slice(0, MOST)} end="both" {...rest} />
      {left > 0 && <p class="quiet">{t("rowsLeft", { n: left })}</p>}
    </Section>
  );
}

function HealthBar({
  counts,
}: {
  counts: readonly { health: (typeof HEALTHS)[number]; count: number }[];
}) {
  const { t } = useApp();
  const present = counts.filter(({ count }) => count > 0);
  return (
    <ul class="health-counts">
      {present.map(({ health, count }) => (
        <li key={health}>
          <i class={`dot dot-${health}`} />
          {t(`health.${health}`)}
          <b>{count}</b>
        </li>
      ))}
    </ul>
  );
}
