import { age, count, duration, rate } from "../model/format";
import { isFresh, sourceWord } from "../model/notice";
import { Cadence } from "./Cadence";
import { useApp } from "./context";
import { Icon } from "./Icon";
import { SourceInfo } from "./SourceInfo";

/** The bar at the bottom: is it live, how old, how much. */
export function StatusBar({ table }: { table: { isOpen: boolean; toggle(): void } }) {
  const { store, t } = useApp();
  const { nodes, edges, rps } = store.summary.value;
  return (
    <footer class="statusbar">
      <Connection />
      <Source />
      <Cadence />
      {store.viewer.value.isLimited && (
        <span class="stat limited" title={t("limitedHint")}>
          <Icon name="eye" />
          <span class="wide">{t("limited")}</span>
          <span class="visually-hidden">{t("limitedHint")}</span>
        </span>
      )}
      <span class="spring" />
      <SourceInfo />
      <span class="stat">
        {t("nodes")} <b>{count(nodes)}</b>
      </span>
      <span class="stat">
        {t("edges")} <b>{count(edges)}</b>
      </span>
      <span class="stat">
        {t("requests")} <b>{rate(rps)}</b>
      </span>
      {!store.viewer.value.isLimited && (
        <button
          type="button"
          class="text-button"
          title={t("diagnosisHint")}
          onClick={() => (store.dialog.value = "diagnosis")}
        >
          <Icon name="pulse" />
          <span class="wide">{t("diagnosis")}</span>
        </button>
      )}
      <button
        type="button"
        class="text-button"
        aria-pressed={table.isOpen}
        title={t("tableHint")}
        onClick={() => table.toggle()}
      >
        <Icon name="table" />
        <span class="wide">{t("table")}</span>
      </button>
    </footer>
  );
}

function Connection() {
  const { store, commands, t } = useApp();
  const link = store.link.value;
  if (link.state === "waiting") {
    const seconds = Math.max(0, Math.ceil((link.retryAt - store.now.value) / 1000));
    return (
      <span class="stat link-waiting">
        <i class="lamp lamp-bad" />
        {t("reconnecting", { s: seconds })}
        <button type="button" class="text-button" onClick={() => commands.reconnect()}>
          {t("retryNow")}
        </button>
      </span>
    );
  }
  // A connection over which nothing new comes is not called live.
  const isLive = link.state === "open" && !store.paused.value && isFresh(store.mesh.value);
  const text = link.state === "open" ? (isLive ? "live" : "connected") : "connecting";
  return (
    <span class={`stat link-${link.state}`}>
      <i class={isLive ? "lamp lamp-live" : "lamp"} />
      {t(text)}
    </span>
  );
}

function Source() {
  const { store, t } = useApp();
  const source = store.source.value;
  if (source === null) return null;
  const word = sourceWord(store.mesh.value);
  const said = [source.detail, source.advice].filter(Boolean).join(" ");
  return (
    <span class="stat source">
      <span class={word === "ok" ? "wide" : "warn-text"} lang="en" title={said}>
        <span lang={store.locale.value}>{t(`source.${word}`)}</span>
      </span>
      {store.ageS.value !== null && (
        <span class="data-age">{t("dataAge", { age: age(store.ageS.value) })}</span>
      )}
      {source.query_ms !== null && <span class="quiet wide">{duration(source.query_ms)}</span>}
    </span>
  );
}
