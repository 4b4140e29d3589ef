import type { Key } from "../locales/translate";
import { useApp } from "./context";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

const ROWS: readonly (readonly [keys: readonly string[], text: Key])[] = [
  [["/"], "help.search"],
  [["P"], "help.pause"],
  [["0", "F"], "help.fit"],
  [["+", "−"], "help.zoom"],
  [["←", "→", "↑", "↓"], "help.arrows"],
  [["Enter"], "help.open"],
  [["Esc"], "help.escape"],
  [["T"], "help.table"],
  [["D"], "help.diagnosis"],
  [["?"], "help.help"],
];

const MOUSE: readonly (readonly [key: Key, text: Key])[] = [
  ["key.drag", "help.drag"],
  ["key.double", "help.double"],
  ["key.wheel", "help.wheel"],
];

/** Keys and mouse, in a dialog. */
export function Help() {
  const { store, t } = useApp();
  return (
    <Dialog name="help" title={t("help")}>
      <dl>
        {ROWS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
        {MOUSE.map(([key, text]) => (
          <div key={text}>
            <dt>
              <kbd>{t(key)}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <p class="help-foot">
        <button type="button" class="button" onClick={() => (store.dialog.value = "diagnosis")}>
          <Icon name="pulse" />
          {t("diagnose")}
        </button>
        <span class="quiet">{t("diagnosisHint")}</span>
      </p>
    </Dialog>
  );
}
