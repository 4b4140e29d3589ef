import { useApp } from "./context";
import { Icon } from "./Icon";

/** Finds nodes while one types; Enter brings them into sight. */
export function Search() {
  const { store, commands, t } = useApp();
  const found = store.matches.value;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && found !== null) commands.reveal([...found.nodes]);
    if (event.key === "Escape") {
      store.search.value = "";
      event.stopPropagation();
    }
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        autocomplete="off"
        spellcheck={false}
        aria-label={t("searchHint")}
        placeholder={t("searchHint")}
        value={store.search.value}
        onInput={(event) => (store.search.value = event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {found === null ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <span class="search-count" role="status">
          {t("searchFound", { n: found.nodes.size })}
        </span>
      )}
    </div>
  );
}
