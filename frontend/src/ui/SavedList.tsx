import type { TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatPage, parsePage } from "../model/page";
import { LONGEST_NAME, named } from "../model/saved";
import { elided, visible } from "../model/text";
import { maySave } from "../model/viewer";
import { useApp } from "./context";
import { SavedRow } from "./SavedRow";
import { type Shelving, useShelf, whatIsShown } from "./shelving";

/** Everything that is kept: to open, and to change what is one's own. */
export function SavedList() {
  const { store, commands, t } = useApp();
  const { user } = commands.shelf;
  const isWriter = maySave(store.viewer.value);
  const shelving = useShelf(commands.shelf);
  const current = usePageQuery();
  const views = shelving.views ?? [];
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => keepFocus(root.current), [shelving.deed]);
  return (
    <div class="saved-box" ref={root}>
      {isWriter ? <SaveForm shelving={shelving} /> : <p>{t("savedReading")}</p>}
      <Said shelving={shelving} />
      {shelving.views !== null && views.length === 0 && (
        <p class="quiet">{t(isWriter ? "savedNone" : "savedNoneShared")}</p>
      )}
      <ul class="saved-list" aria-label={t("saved")}>
        {views.map((view) => (
          <SavedRow
            key={view.id}
            view={view}
            shelving={shelving}
            isOpen={usual(view.query) === usual(current)}
          />
        ))}
      </ul>
      {isWriter && (
        <p class="quiet saved-where">
          {user === null ? t("savedInBrowser") : t("savedOnServer", { name: visible(user) })}
        </p>
      )}
    </div>
  );
}

/** What had the focus may be gone with its row: go to the way back, or to the first field. */
function keepFocus(root: HTMLElement | null): void {
  if (document.activeElement !== document.body) return;
  const back = root?.querySelector<HTMLElement>(".saved-said button");
  (back ?? root?.querySelector<HTMLElement>(".field"))?.focus();
}

/** The query as this version of the page writes it. */
function usual(query: string): string {
  return formatPage(parsePage(query));
}

/** The page's address, which follows what is on screen a moment later. */
function usePageQuery(): string {
  const { store } = useApp();
  const [query, setQuery] = useState(location.search);
  const { view, labels, selection, filter, looks } = store;
  useEffect(() => {
    setQuery(location.search);
  }, [view.value, labels.value, selection.value, filter.value, looks.value]);
  return query;
}

/** Keep what is on screen; under a name that is there already, in its place. */
function SaveForm({ shelving }: { shelving: Shelving }) {
  const { commands, t } = useApp();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const before = named(shelving.views ?? [], name);
  useEffect(() => field.current?.focus(), []);
  const save = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() === "") return;
    const isDone =
      before === undefined
        ? await shelving.add({ name, ...whatIsShown(commands), shared })
        : await shelving.overwrite(before, whatIsShown(commands));
    if (!isDone) return;
    setName("");
    // Every sharing is a decision of its own.
    setShared(false);
  };
  return (
    <form class="saved-form" onSubmit={(event) => void save(event)}>
      <input
        ref={field}
        class="field"
        aria-label={t("savedName")}
        placeholder={t("savedName")}
        value={name}
        maxLength={LONGEST_NAME}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="button" aria-disabled={name.trim() === ""}>
        {before === undefined ? t("save") : t("savedOverwrite")}
      </button>
      {commands.shelf.user !== null && before === undefined && (
        <label class="check saved-share">
          <input
            type="checkbox"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <span>{t("savedShare")}</span>
        </label>
      )}
    </form>
  );
}

/** What was done, with a way back, or why it could not be. */
function Said({ shelving: { complaint, deed } }: { shelving: Shelving }) {
  const { t } = useApp();
  return (
    <>
      <p class={complaint === null ? "visually-hidden" : "saved-complaint"} role="alert">
        {complaint !== null && t(`savedFailed.${complaint}`)}
      </p>
      <p class={deed === null ? "visually-hidden" : "saved-said"} role="status">
        {deed !== null && t(`savedDone.${deed.word}`, { name: elided(visible(deed.name), 30) })}
        {deed?.undo && (
          <button type="button" class="text-button" onClick={deed.undo}>
            {t("undo")}
          </button>
        )}
      </p>
    </>
  );
}
