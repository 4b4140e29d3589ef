import type { Key } from "../locales/translate";
import type { Commands } from "../model/commands";
import {
  chooseLayout,
  chooseMotion,
  closePage,
  openSelection,
  reach,
  toggleFocus,
  toggleKiosk,
} from "../model/steps";
import type { Store } from "../model/store";
import type { Viewer } from "../model/viewer";
import { leaveSelection } from "./focus";
import { toggleFullScreen } from "./fullscreen";

export interface KeyTargets {
  store: Store;
  commands: Commands;
  toggleTable(): void;
  focusPanel(): void;
}

export const SHORTCUT_GROUPS = ["find", "move", "show", "page"] as const;

/** A key and what it does: the page acts on this list, and the help shows it. */
export interface Shortcut {
  group: (typeof SHORTCUT_GROUPS)[number];
  /** As the browser names them (`KeyboardEvent.key`). */
  keys: readonly string[];
  /** As they are printed on keys, where that is something else. */
  signs?: readonly (string | { word: Key })[];
  text: Key;
  /** Only while the picture has the focus; or also on a wall. Otherwise on the whole page. */
  where?: "page" | "picture" | "everywhere";
  /** Only for who sees the whole mesh. */
  who?: "whole";
  /** Missing where the picture itself listens: arrows, and what is done with a pointer. */
  act?: (targets: KeyTargets, key: string) => void;
}

export const SHORTCUTS: readonly Shortcut[] = [
  {
    group: "find",
    keys: ["/"],
    text: "help.search",
    act: () => document.getElementById("search")?.focus(),
  },
  {
    group: "find",
    keys: ["q"],
    text: "help.ask",
    act: ({ store }) => (store.asking.value = "typing"),
  },
  {
    group: "find",
    keys: ["n"],
    text: "help.focus",
    act: ({ store, commands }) => {
      if (toggleFocus(store)) commands.fit();
    },
  },
  {
    group: "find",
    keys: ["1", "2", "3"],
    text: "help.hops",
    act: ({ store, commands }, key) => {
      if (reach(store, Number(key))) commands.fit();
    },
  },
  {
    group: "find",
    keys: [],
    signs: ["←", "→", "↑", "↓"],
    text: "help.arrows",
  },
  {
    group: "find",
    keys: ["Enter"],
    text: "help.open",
    where: "picture",
    act: enter,
  },
  {
    group: "find",
    keys: ["i"],
    text: "help.details",
    where: "picture",
    act: (targets) => targets.focusPanel(),
  },
  {
    group: "find",
    keys: [],
    signs: [{ word: "key.double" }],
    text: "help.double",
  },
  {
    group: "find",
    keys: ["Escape"],
    signs: ["Esc"],
    text: "help.escape",
    where: "everywhere",
    act: ({ store }) => leave(store),
  },
  {
    group: "move",
    keys: ["0", "f"],
    signs: ["0", "F"],
    text: "help.fit",
    where: "everywhere",
    act: ({ commands }) => commands.fit(),
  },
  {
    group: "move",
    keys: ["+", "="],
    signs: ["+"],
    text: "zoomIn",
    act: ({ commands }) => commands.zoomBy(1.4),
  },
  {
    group: "move",
    keys: ["-"],
    signs: ["−"],
    text: "zoomOut",
    act: ({ commands }) => commands.zoomBy(1 / 1.4),
  },
  { group: "move", keys: [], signs: ["Shift", "←", "→", "↑", "↓"], text: "help.pan" },
  { group: "move", keys: [], signs: [{ word: "key.drag" }], text: "help.drag" },
  { group: "move", keys: [], signs: ["Ctrl", "Z"], text: "help.undo" },
  { group: "move", keys: [], signs: [{ word: "key.wheel" }], text: "help.wheel" },
  {
    group: "show",
    keys: ["p"],
    text: "help.pause",
    act: ({ store }) => (store.paused.value = !store.paused.peek()),
  },
  { group: "show", keys: ["l"], text: "help.layout", act: ({ store }) => chooseLayout(store) },
  { group: "show", keys: ["m"], text: "help.motion", act: ({ store }) => chooseMotion(store) },
  { group: "show", keys: ["t"], text: "help.table", act: (targets) => targets.toggleTable() },
  {
    group: "page",
    keys: ["k"],
    text: "kiosk.enter",
    where: "everywhere",
    act: ({ store }) => toggleKiosk(store),
  },
  {
    group: "page",
    keys: ["F"],
    signs: ["Shift", "F"],
    text: "fullScreen",
    where: "everywhere",
    act: () => void toggleFullScreen(),
  },
  {
    group: "page",
    keys: ["d"],
    text: "help.diagnosis",
    who: "whole",
    act: ({ store }) => (store.dialog.value = "diagnosis"),
  },
  {
    group: "page",
    keys: ["?"],
    text: "help.help",
    act: ({ store }) => (store.dialog.value = "help"),
  },
];

/** Whether a key is there for somebody. */
export function isFor({ who }: Shortcut, { isLimited }: Viewer): boolean {
  return who === undefined || !isLimited;
}

/** The keys of a group that are there for somebody. */
export function shortcutsFor(viewer: Viewer, group: Shortcut["group"]): readonly Shortcut[] {
  return SHORTCUTS.filter((shortcut) => shortcut.group === group && isFor(shortcut, viewer));
}

/** Into a namespace, to the page of what is selected, or to the overview where nothing is. */
function enter(targets: KeyTargets): void {
  const { store } = targets;
  if (!openSelection(store, store.selection.peek())) targets.focusPanel();
}

function leave(store: Store): void {
  if (store.looks.peek().kiosk) return toggleKiosk(store);
  if (store.looks.peek().open !== null) return closePage(store);
  leaveSelection(store);
  store.search.value = "";
}
