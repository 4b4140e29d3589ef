import { GRAPH_TYPES } from "../model/entities";
import { windowName } from "../model/format";
import { LABELS } from "../model/labels";
import { changeView, chooseType } from "../model/steps";
import { elided, visible } from "../model/text";
import { Checklist } from "./Checklist";
import { CollapseButton } from "./CollapseButton";
import { useApp } from "./context";
import { Popover } from "./Popover";

/** Which kind of thing a node stands for. */
export function TypePicker() {
  const { store, t } = useApp();
  const chosen = store.view.value.graphType;
  return (
    <div class="segments" role="radiogroup" aria-label={t("graphType")}>
      {GRAPH_TYPES.map((type) => (
        <label key={type} class="segment">
          <input
            type="radio"
            name="graph-type"
            value={type}
            checked={type === chosen}
            onChange={() => chooseType(store, type)}
          />
          <span>{t(`type.${type}`)}</span>
        </label>
      ))}
    </div>
  );
}

/** How far rates look back. */
export function WindowPicker() {
  const { store, t } = useApp();
  const shown = store.mesh.value.windowS;
  const current = store.view.value.window ?? store.defaultWindow.value ?? windowName(shown || 60);
  const windows = store.windows.value.length > 0 ? store.windows.value : [current];
  return (
    <label class="control select" title={t("windowHint")}>
      <span class="select-label">{t("window")}</span>
      <select
        aria-label={t("window")}
        value={current}
        onChange={(event) => changeView(store, { window: event.currentTarget.value })}
      >
        {windows.map((name) => (
          <option key={name} value={name} selected={name === current}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which namespaces are drawn; none chosen means all. */
export function NamespacePicker() {
  const { store, t } = useApp();
  const chosen = store.view.value.namespaces;
  const known = new Set([...store.mesh.value.namespaces, ...chosen]);
  const choose = (namespaces: readonly string[]) => changeView(store, { namespaces });
  const toggle = (name: string) =>
    choose(chosen.includes(name) ? chosen.filter((n) => n !== name) : [...chosen, name].sort());
  const text =
    chosen.length === 0
      ? t("allNamespaces")
      : chosen.length === 1
        ? elided(visible(chosen[0] ?? ""), 24)
        : t("namespacesCount", { n: chosen.length });
  const choices = [...known].sort().map((name) => ({
    value: name,
    text: visible(name),
    isChosen: chosen.includes(name),
  }));
  return (
    <Popover label={t("namespaces")} text={text} icon="layers">
      <Checklist
        choices={choices}
        toggle={toggle}
        more={(name) => <CollapseButton namespace={name} />}
      />
      <button
        type="button"
        class="text-button"
        // A disabled button with the focus would swallow the Escape that closes the list.
        aria-disabled={chosen.length === 0}
        onClick={() => chosen.length > 0 && choose([])}
      >
        {t("selectAll")}
      </button>
    </Popover>
  );
}

/** What is written on the edges. */
export function LabelPicker() {
  const { store, t } = useApp();
  const chosen = store.labels.value;
  const choices = LABELS.map((label) => ({
    value: label,
    text: t(`label.${label}`),
    isChosen: chosen.includes(label),
  }));
  const toggle = (value: string) => {
    store.labels.value = LABELS.filter((label) =>
      label === value ? !chosen.includes(label) : chosen.includes(label),
    );
  };
  const text = chosen.length === 0 ? t("labelsNone") : t("labelsCount", { n: chosen.length });
  return (
    <Popover label={t("labels")} text={text} icon="tag">
      <Checklist choices={choices} toggle={toggle} />
    </Popover>
  );
}
