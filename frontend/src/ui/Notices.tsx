import type { Notice } from "../model/notice";
import { age, clockTime } from "../model/format";
import { changeView } from "../model/steps";
import { visible } from "../model/text";
import { useApp } from "./context";
import { Icon } from "./Icon";

/** Why there is nothing fresh to see: a card on an empty page, a banner over an old graph. */
export function Notices() {
  const { store, t } = useApp();
  const notice = store.notice.value;
  const refusal = store.refusal.value;
  return (
    <div class="notices">
      {notice?.kind === "banner" && <Banner notice={notice} />}
      {store.paused.value && (
        <p class="banner banner-calm" role="status">
          <Icon name="pause" />
          <span>{t("pausedSince", { time: clockTime(store.mesh.value.at) })}</span>
          <button type="button" class="text-button" onClick={() => (store.paused.value = false)}>
            {t("resume")}
          </button>
        </p>
      )}
      {refusal?.parameter === "views" && <Refused />}
      {refusal !== null && refusal.parameter !== "views" && (
        <p class="banner" role="alert">
          <Icon name="warning" />
          <span>
            {refusal.fellBack && <b>{t("fellBack")} </b>}
            <span lang="en">{visible(refusal.text)}</span>
          </span>
          <button type="button" class="text-button" onClick={() => (store.refusal.value = null)}>
            {t("close")}
          </button>
        </p>
      )}
      {notice?.kind === "card" && <Card notice={notice} />}
      {notice?.kind !== "card" && store.laying.value && (
        <section class="card" role="status">
          <span class="spinner" />
          <h2>{t("laying", { n: store.picture.value.nodes.size })}</h2>
        </section>
      )}
    </div>
  );
}

/** The picture asked for is one more than the server draws; the one on screen goes on. */
function Refused() {
  const { store, t } = useApp();
  return (
    <div class="banner" data-reason="views">
      <Icon name="warning" />
      <span>
        <b role="alert">{t("refused.views")}</b>
        <small>{t("refused.viewsHint")}</small>
        <small lang="en">{visible(store.refusal.value?.text ?? "")}</small>
      </span>
      <button type="button" class="text-button" onClick={() => (store.refusal.value = null)}>
        {t("close")}
      </button>
    </div>
  );
}

function Banner({ notice }: { notice: Notice }) {
  const { store, t } = useApp();
  return (
    <div class="banner" data-reason={notice.reason}>
      <Icon name="warning" />
      <span>
        {/* Only the reason is said aloud; an age that is read out every second helps nobody. */}
        <b role="alert">{t("sentence", { text: t(`notice.${notice.reason}.title`) })}</b>{" "}
        {notice.reason !== "gap" && <span>{t("staleBanner", { age: age(store.ageS.value) })}</span>}
        {notice.advice === "" && <small>{t(`notice.${notice.reason}.text`)}</small>}
        {[notice.detail, notice.advice].filter(Boolean).map((text) => (
          <small key={text} lang="en">
            {visible(text)}
          </small>
        ))}
      </span>
      {isAboutSource(notice) && <DiagnoseButton look="text-button" />}
    </div>
  );
}

function Card({ notice }: { notice: Notice }) {
  const { store, t } = useApp();
  const isWaiting = notice.reason === "starting" || notice.reason === "connecting";
  return (
    <section class="card" role="status" data-reason={notice.reason}>
      {isWaiting ? <span class="spinner" /> : <Icon name="warning" />}
      <h2>{t(`notice.${notice.reason}.title`)}</h2>
      {notice.detail !== "" && (
        <p class="detail" lang="en">
          {visible(notice.detail)}
        </p>
      )}
      {!isWaiting && <h3>{t("whatToDo")}</h3>}
      {(notice.advice === "" || store.locale.value !== "en") && (
        <p>{t(`notice.${notice.reason}.text`)}</p>
      )}
      {notice.advice !== "" && (
        <p class="advice" lang="en">
          {visible(notice.advice)}
        </p>
      )}
      {notice.reason === "namespace_filter" && (
        <button type="button" class="button" onClick={() => changeView(store, { namespaces: [] })}>
          {t("selectAll")}
        </button>
      )}
      {notice.reason === "no_traffic" && !store.view.value.idle && (
        <button type="button" class="button" onClick={() => changeView(store, { idle: true })}>
          {t("showIdle")}
        </button>
      )}
      {isAboutSource(notice) && <DiagnoseButton look="button" />}
    </section>
  );
}

/** The diagnosis helps where the server can be asked and something is wrong behind it. */
function isAboutSource({ reason }: Notice): boolean {
  return !["connecting", "offline", "full", "namespace_filter", "not_permitted"].includes(reason);
}

function DiagnoseButton({ look }: { look: "button" | "text-button" }) {
  const { store, t } = useApp();
  // It is about the whole mesh.
  if (store.viewer.value.isLimited) return null;
  return (
    <button type="button" class={look} onClick={() => (store.dialog.value = "diagnosis")}>
      <Icon name="pulse" />
      {t("diagnose")}
    </button>
  );
}
