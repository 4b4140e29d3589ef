import "../../styles/wall.css";
import type { Edge } from "../../model/entities";
import { age, clockTime, count, duration, percent, rate, windowName } from "../../model/format";
import { nameOf } from "../../model/names";
import { toggleKiosk } from "../../model/steps";
import { elided, visible } from "../../model/text";
import { useApp } from "../context";
import { isFullScreenPossible, toggleFullScreen } from "../fullscreen";
import { IconButton } from "../Toolbar";
import { HealthChip } from "../HealthChip";
import { USUAL_CYCLE_S, useCycle } from "./cycle";
import { useAwakeScreen, useQuiet } from "./screen";

const LONGEST_PLACE = 48;
const LONGEST_NAME = 34;
const AT_ONCE = 3;
const PAGE_S = 8;

/** What a wall says over the picture: which one it is, how it is, and how old. */
export function WallHead() {
  const { store, t } = useApp();
  const isQuiet = useQuiet();
  useAwakeScreen();
  const shown = useCycle();
  const { cycleS } = store.looks.value;
  const { scope, graphType, windowS } = store.mesh.value;
  const place = scope.length === 0 ? t("allNamespaces") : scope.map(visible).join(", ");
  const { rps, nodes, attention } = store.summary.value;
  return (
    <header class="wall-head">
      <h1>{elided(shown === null ? place : visible(shown), LONGEST_PLACE)}</h1>
      <p class="wall-about">
        {t(`type.${graphType}`)} · {windowName(windowS)} · {t("nodes")} {count(nodes)} · {rate(rps)}
      </p>
      {attention > 0 && (
        <p class="wall-attention">
          {t("needsAttention")} <b>{count(attention)}</b>
        </p>
      )}
      <span class="spring" />
      {store.ageS.value !== null && (
        <p class={store.notice.value === null ? "wall-age" : "wall-age warn-text"}>
          {t("dataAge", { age: age(store.ageS.value) })}
        </p>
      )}
      <p class="wall-clock">{clockTime(store.now.value / 1000)}</p>
      <div class={isQuiet ? "wall-buttons wall-quiet" : "wall-buttons"}>
        <IconButton
          icon="again"
          label={t("kiosk.cycle", { s: cycleS ?? USUAL_CYCLE_S })}
          pressed={cycleS !== null}
          onClick={() => {
            const next = cycleS === null ? USUAL_CYCLE_S : null;
            store.looks.value = { ...store.looks.peek(), cycleS: next };
          }}
        />
        {isFullScreenPossible() && (
          <IconButton
            icon="expand"
            label={t("fullScreen")}
            onClick={() => void toggleFullScreen()}
          />
        )}
        <IconButton icon="close" label={t("kiosk.leave")} onClick={() => toggleKiosk(store)} />
      </div>
    </header>
  );
}

/** The worst edges, a few at a time: a wall cannot be scrolled. */
export function WallFoot() {
  const { store, t } = useApp();
  const { troubled, slowest } = store.summary.value;
  const edges = troubled.length > 0 ? troubled : slowest;
  const pages = Math.max(1, Math.ceil(edges.length / AT_ONCE));
  const page = Math.floor(store.now.value / 1000 / PAGE_S) % pages;
  const first = page * AT_ONCE;
  const from = edges.length === 0 ? 0 : first + 1;
  const to = Math.min(edges.length, first + AT_ONCE);
  return (
    <footer class="wall-foot">
      <h2>
        {t(troubled.length > 0 ? "troubled" : "slowest")}
        {pages > 1 && <small>{t("kiosk.part", { from, to, of: count(edges.length) })}</small>}
      </h2>
      <ol>
        {edges.slice(first, first + AT_ONCE).map((edge) => (
          <WallEdge key={edge.id} edge={edge} />
        ))}
        {troubled.length === 0 && <li class="wall-well">{t("noErrors")}</li>}
      </ol>
    </footer>
  );
}

function WallEdge({ edge }: { edge: Edge }) {
  const { store, t } = useApp();
  const name = (id: string) => elided(nameOf(store.mesh.value.nodes, id), LONGEST_NAME);
  const { error_ratio, latency_ms, rps } = edge;
  return (
    <li>
      <HealthChip health={edge.health} />
      <b>{t("edgeName", { source: name(edge.source), target: name(edge.target) })}</b>
      {error_ratio !== null && error_ratio > 0 && (
        <span class="bad">
          {t("errors")} {percent(error_ratio)}
        </span>
      )}
      {latency_ms.p95 !== null && <span>p95 {duration(latency_ms.p95)}</span>}
      {rps !== null && <span>{rate(rps)}</span>}
    </li>
  );
}
