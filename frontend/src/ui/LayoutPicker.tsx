import { LAYOUTS, MOTIONS } from "../model/looks";
import { chooseLayout, chooseMotion } from "../model/steps";
import { useApp } from "./context";
import { Icon, type IconName } from "./Icon";
import { Popover } from "./Popover";

/** How the picture is laid out and moves, and the way back from what was moved by hand. */
export function LayoutPicker() {
  const { store, t } = useApp();
  const { layout } = store.looks.value;
  return (
    <Popover label={t("layout")} text={t(`layout.${layout}`)} icon="layout">
      <Layouts />
      <Motions />
      <BackAndForth />
    </Popover>
  );
}

function Layouts() {
  const { store, t } = useApp();
  const chosen = store.looks.value.layout;
  return (
    <fieldset class="options">
      <legend>{t("layout")}</legend>
      {LAYOUTS.map((layout) => (
        <label key={layout} class="check">
          <input
            type="radio"
            name="layout"
            value={layout}
            checked={layout === chosen}
            onChange={() => chooseLayout(store, layout)}
          />
          <span>
            {t(`layout.${layout}`)}
            <small>{t(`layoutHint.${layout}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Motions() {
  const { store, t } = useApp();
  const chosen = store.looks.value.motion;
  return (
    <fieldset class="options">
      <legend>{t("motion")}</legend>
      <div class="segments">
        {MOTIONS.map((motion) => (
          <label key={motion} class="segment">
            <input
              type="radio"
              name="motion"
              value={motion}
              checked={motion === chosen}
              onChange={() => chooseMotion(store, motion)}
            />
            <span>{t(`motion.${motion}`)}</span>
          </label>
        ))}
      </div>
      <p class="quiet option-hint">
        {t(store.still.value === null ? "motionHint" : `still.${store.still.value}`)}
      </p>
    </fieldset>
  );
}

function BackAndForth() {
  const { commands, t } = useApp();
  return (
    <div class="pair">
      <TextButton icon="undo" text={t("undoMove")} onClick={() => commands.undo()} />
      <TextButton icon="redo" text={t("redoMove")} onClick={() => commands.redo()} />
    </div>
  );
}

function TextButton({
  icon,
  text,
  onClick,
}: {
  icon: IconName;
  text: string;
  onClick: () => void;
}) {
  return (
    <button type="button" class="control" onClick={onClick}>
      <Icon name={icon} />
      {text}
    </button>
  );
}
