import { focusOn } from "../../model/filter";
import { useApp } from "../context";
import { Icon } from "../Icon";

/** Show only what is around a node; pressed again, everything. */
export function FocusButton({ id }: { id: string }) {
  const { store, commands, t } = useApp();
  const filter = store.filter.value;
  const isOn = filter.focus?.id === id;
  return (
    <button
      type="button"
      class="button"
      aria-pressed={isOn}
      title={t("focusHint")}
      onClick={() => {
        store.filter.value = { ...filter, focus: isOn ? null : focusOn(id) };
        commands.fit();
      }}
    >
      <Icon name="target" />
      {t("focusHere")}
    </button>
  );
}
