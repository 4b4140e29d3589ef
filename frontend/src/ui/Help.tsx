import { useEffect, useRef } from "preact/hooks";
import type { Key } from "../locales/translate";
import { useApp } from "./context";
import { IconButton } from "./Toolbar";

const ROWS: readonly (readonly [keys: readonly string[], text: Key])[] = [
  [["/"], "help.search"],
  [["P"], "help.pause"],
  [["0", "F"], "help.fit"],
  [["+", "−"], "help.zoom"],
  [["←", "→", "↑", "↓"], "help.arrows"],
  [["Enter"], "help.open"],
  [["Esc"], "help.escape"],
  [["T"], "help.table"],
  [["?"], "help.help"],
];

const MOUSE: readonly (readonly [key: Key, text: Key])[] = [
  ["key.drag", "help.drag"],
  ["key.double", "help.double"],
  ["key.wheel", "help.wheel"],
];

/** Keys and mouse, in a dialog. */
export function Help({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { t } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <header>
        <h2 id="help-title">{t("help")}</h2>
        <IconButton icon="close" label={t("close")} onClick={close} />
      </header>
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
    </dialog>
  );
}
