import { useApp } from "../context";
import { Icon } from "../Icon";
import { SHORTCUT_GROUPS, type Shortcut, shortcutsFor } from "../shortcuts";

/** All keys by what one wants, and the ways to more help. */
export function Shortcuts() {
  const { store, t } = useApp();
  const { isLimited } = store.viewer.value;
  return (
    <>
      <div class="shortcuts">
        {SHORTCUT_GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`helpGroup.${group}`)}</h3>
            <dl>
              {shortcutsFor(store.viewer.value, group).map((shortcut) => (
                <div key={shortcut.text}>
                  <dt>
                    <Keys shortcut={shortcut} />
                  </dt>
                  <dd>{t(shortcut.text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="help-foot">
        <button type="button" class="text-button" onClick={() => (store.dialog.value = "tour")}>
          <Icon name="play" />
          {t("tour.start")}
        </button>
        {!isLimited && (
          <>
            <button type="button" class="button" onClick={() => (store.dialog.value = "diagnosis")}>
              <Icon name="pulse" />
              {t("diagnose")}
            </button>
            <span class="quiet">{t("diagnosisHint")}</span>
          </>
        )}
      </p>
    </>
  );
}

function Keys({ shortcut: { keys, signs } }: { shortcut: Shortcut }) {
  const { t } = useApp();
  const shown = signs ?? keys.map((key) => (key.length === 1 ? key.toUpperCase() : key));
  return (
    <>
      {shown.map((sign) => {
        const text = typeof sign === "string" ? sign : t(sign.word);
        return <kbd key={text}>{text}</kbd>;
      })}
    </>
  );
}
