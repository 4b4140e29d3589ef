import type { TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { linkTo } from "../model/links";
import { LONGEST_NAME, type SavedView } from "../model/saved";
import { visible } from "../model/text";
import { maySave, mayTidy } from "../model/viewer";
import { useApp } from "./context";
import { copyText } from "./copy";
import { placeNodes } from "./placing";
import { type Shelving, whatIsShown } from "./shelving";
import { IconButton } from "./Toolbar";

interface RowProps {
  view: SavedView;
  shelving: Shelving;
  /** True while this view is on screen. */
  isOpen: boolean;
}

/** One kept view: its name opens it, the buttons change it. */
export function SavedRow({ view, shelving, isOpen }: RowProps) {
  const { store, commands, t } = useApp();
  const [isRenaming, setRenaming] = useState(false);
  const viewer = store.viewer.value;
  const rename = useRef<HTMLSpanElement>(null);
  const name = visible(view.name);
  const open = (event: MouseEvent) => {
    // Other clicks open a tab or a window, as on any link.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    commands.visit(view.query);
    void placeNodes(commands, view);
  };
  const endRenaming = () => {
    setRenaming(false);
    requestAnimationFrame(() => rename.current?.querySelector("button")?.focus());
  };
  if (isRenaming) return <Rename view={view} shelving={shelving} end={endRenaming} />;
  return (
    <li class={isOpen ? "saved-row saved-open" : "saved-row"}>
      <a href={addressOf(view)} title={name} aria-current={isOpen || undefined} onClick={open}>
        <span class="saved-name">{name}</span>
        {view.shared && <Shared view={view} />}
      </a>
      <CopyLink view={view} />
      {!view.mine && mayTidy(viewer) && <RemoveOther view={view} shelving={shelving} />}
      {view.mine && maySave(viewer) && (
        <>
          <IconButton
            icon="save"
            label={t("savedOverwriteOf", { name })}
            onClick={() => void shelving.overwrite(view, whatIsShown(commands))}
          />
          {commands.shelf.user !== null && (
            <IconButton
              icon="people"
              label={t("savedShareOf", { name })}
              pressed={view.shared}
              onClick={() => void shelving.share(view, !view.shared)}
            />
          )}
          <span ref={rename}>
            <IconButton
              icon="pencil"
              label={t("savedRenameOf", { name })}
              onClick={() => setRenaming(true)}
            />
          </span>
          <IconButton
            icon="trash"
            label={t("savedRemoveOf", { name })}
            onClick={() => void shelving.remove(view)}
          />
        </>
      )}
    </li>
  );
}

/** Deletes what somebody else shares: nobody can bring that back, so it takes two presses. */
function RemoveOther({ view, shelving }: Omit<RowProps, "isOpen">) {
  const { t } = useApp();
  const [isSure, setSure] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (isSure) box.current?.querySelector("button")?.focus();
  }, [isSure]);
  const label = t("savedRemoveOther", {
    name: visible(view.name),
    owner: visible(view.owner ?? ""),
  });
  const keep = () => {
    setSure(false);
    requestAnimationFrame(() => box.current?.querySelector("button")?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isSure) return;
    // The list stays open.
    event.stopPropagation();
    keep();
  };
  return (
    <span ref={box} class="saved-sure" onKeyDown={onKeyDown}>
      {isSure ? (
        <>
          <button
            type="button"
            class="text-button"
            aria-label={label}
            onClick={() => void shelving.remove(view)}
          >
            {t("savedRemoveSure")}
          </button>
          <IconButton icon="close" label={t("savedKeep")} onClick={keep} />
        </>
      ) : (
        <IconButton icon="trash" label={label} onClick={() => setSure(true)} />
      )}
    </span>
  );
}

function addressOf(view: SavedView): string {
  return location.pathname + view.query;
}

function Shared({ view }: { view: SavedView }) {
  const { t } = useApp();
  const text = view.mine
    ? t("savedShared")
    : t("savedSharedBy", { name: visible(view.owner ?? "") });
  return <small class="saved-mark">{text}</small>;
}

function CopyLink({ view }: { view: SavedView }) {
  const { commands, t } = useApp();
  const [isCopied, setCopied] = useState(false);
  const name = visible(view.name);
  const copy = async () => {
    const places = await commands.shelf.places(view.id).catch(() => null);
    await copyText((await linkTo(location.origin + addressOf(view), places)).address);
    setCopied(true);
  };
  return (
    <>
      <IconButton
        icon={isCopied ? "done" : "link"}
        label={isCopied ? t("copied") : t("savedLinkOf", { name })}
        onClick={() => void copy()}
      />
      <span class="visually-hidden" role="status">
        {isCopied && t("copied")}
      </span>
    </>
  );
}

/** The name as a field: Enter keeps it, Escape or leaving it does not. */
function Rename({ view, shelving, end }: { view: SavedView; shelving: Shelving; end: () => void }) {
  const { t } = useApp();
  const [name, setName] = useState(view.name);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const keep = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const isSame = name.trim() === view.name || name.trim() === "";
    if (isSame || (await shelving.rename(view, name))) end();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    // The list stays open.
    event.stopPropagation();
    end();
  };
  return (
    <li class="saved-row">
      <form class="saved-form" onSubmit={(event) => void keep(event)} onKeyDown={onKeyDown}>
        <input
          ref={field}
          class="field"
          aria-label={t("savedRenameOf", { name: visible(view.name) })}
          value={name}
          maxLength={LONGEST_NAME}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          {t("save")}
        </button>
      </form>
    </li>
  );
}
