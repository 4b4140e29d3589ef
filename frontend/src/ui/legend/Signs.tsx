import type { ComponentChildren } from "preact";
import type { MtlsState, NodeKind } from "../../model/entities";
import { type Legend, legendOf } from "../../model/legend";
import { useApp } from "../context";
import { Icon, type IconName } from "../Icon";

const CIRCLE = "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z";

/** Outlines of the node kinds, as the canvas draws them, on a grid of 20. */
const OUTLINES: Readonly<Record<NodeKind, string>> = {
  workload: CIRCLE,
  app: "M5.5 3.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2Z",
  service: "M10 3.5 17 15.5H3Z",
  namespace: "M4 5h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z",
  operation: "M10 3 17 8.1 14.3 16.3 5.7 16.3 3 8.1Z",
  waypoint: "M10 2.5 17.5 10 10 17.5 2.5 10Z",
  gateway: "M6.5 4h7l3.5 6-3.5 6h-7L3 10Z",
  external: "M6 15a3 3 0 0 1-.4-6 4.4 4.4 0 0 1 8.4-.6A3.3 3.3 0 0 1 14.2 15Z",
  passthrough: CIRCLE,
  blackhole: `${CIRCLE}M7 7l6 6M13 7l-6 6`,
  outside: "M6.5 5.5h7a4.5 4.5 0 0 1 0 9h-7a4.5 4.5 0 0 1 0-9ZM6.4 10v.1M10 10v.1M13.6 10v.1",
  unknown: CIRCLE,
};

/** The legend of what is on the screen now, in as many columns as there is to say. */
export function Signs() {
  const { store } = useApp();
  const legend = legendOf(store.picture.value);
  return (
    <div class="legend-body">
      <Lines legend={legend} />
      <Nodes legend={legend} />
      <Dots legend={legend} />
      {store.labels.value.includes("mtls") && <Locks locks={legend.locks} />}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </div>
  );
}

function Lines({ legend: { healths, hasTcp } }: { legend: Legend }) {
  const { t } = useApp();
  if (healths.length === 0 && !hasTcp) return null;
  return (
    <Part title={t("legend.edges")}>
      {healths.map((health) => (
        <li key={health}>
          <Line look={health} />
          {t(`health.${health}`)}
        </li>
      ))}
      {hasTcp && (
        <li>
          <Line look="tcp" />
          {t("legend.tcp")}
        </li>
      )}
      <li class="quiet">{t("legend.width")}</li>
    </Part>
  );
}

function Line({ look }: { look: string }) {
  return (
    <svg viewBox="0 0 34 10" class={`line line-${look}`} aria-hidden="true">
      <path d="M1 5h32" />
    </svg>
  );
}

function Nodes({ legend }: { legend: Legend }) {
  const { t } = useApp();
  if (legend.kinds.length === 0) return null;
  return (
    <Part title={t("legend.nodes")}>
      {legend.kinds.map((kind) => (
        <li key={kind}>
          {kind === "unknown" ? <Sign look="sign">?</Sign> : <Outline look={kind} kind={kind} />}
          {t(`kind.${kind}`)}
        </li>
      ))}
      {legend.rims.map((health) => (
        <li key={health}>
          <Outline look={`rim-${health}`} kind="workload" />
          {t(`health.${health}`)}
        </li>
      ))}
      {legend.hasIdleNodes && (
        <li>
          <Outline look="idle" kind="workload" />
          {t("legend.idle")}
        </li>
      )}
      {legend.hasOutside && (
        <li>
          <Outline look="external" kind="workload" />
          {t("legend.outside")}
        </li>
      )}
      {legend.troubles.length > 0 && (
        <li>
          <Sign look="sign sign-trouble">!</Sign>
          {t("legend.trouble")}
        </li>
      )}
      {legend.hasVersions && (
        <li>
          <Sign look="sign sign-version">v1</Sign>
          {t("legend.version")}
        </li>
      )}
    </Part>
  );
}

function Outline({ look, kind }: { look: string; kind: NodeKind }) {
  return (
    <svg viewBox="0 0 20 20" class={`outline outline-${look}`} aria-hidden="true">
      <path d={OUTLINES[kind]} />
    </svg>
  );
}

function Sign({ look, children }: { look: string; children: string }) {
  return (
    <span class={look} aria-hidden="true">
      {children}
    </span>
  );
}

/** Dots mean something only while they move. */
function Dots({ legend: { hasErrors } }: { legend: Legend }) {
  const { store, t } = useApp();
  const { edges } = store.picture.value;
  if (!store.moves.value || edges.size === 0) return null;
  return (
    <Part title={t("legend.traffic")}>
      <li>
        <svg viewBox="0 0 20 20" class="mark mark-dot" aria-hidden="true">
          <circle cx="10" cy="10" r="3.5" />
        </svg>
        {t("legend.dot")}
      </li>
      {hasErrors && (
        <li>
          <svg viewBox="0 0 20 20" class="mark mark-error" aria-hidden="true">
            <path d="M10 4.5 15.5 10 10 15.5 4.5 10Z" />
          </svg>
          {t("legend.errorDot")}
        </li>
      )}
    </Part>
  );
}

const LOCK_ICONS: Readonly<Record<Exclude<MtlsState, "unknown">, IconName>> = {
  mtls: "lock",
  mixed: "unlock",
  plaintext: "unlock",
};

function Locks({ locks }: { locks: readonly MtlsState[] }) {
  const { t } = useApp();
  if (locks.length === 0) return null;
  return (
    <Part title={t("legend.security")}>
      {locks.map((state) =>
        state === "unknown" ? (
          <li key={state} class="quiet">
            {t("legend.noLock")}
          </li>
        ) : (
          <li key={state}>
            <span class={`lock-${state}`}>
              <Icon name={LOCK_ICONS[state]} />
            </span>
            {t(`mtls.${state}`)}
          </li>
        ),
      )}
    </Part>
  );
}
