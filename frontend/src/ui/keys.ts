import { SHORTCUTS, type Shortcut, type KeyTargets, isFor } from "./shortcuts";

export type { KeyTargets } from "./shortcuts";

/** Keys that work anywhere on the page, except while somebody types. */
export function handleKey(event: KeyboardEvent, targets: KeyTargets): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const shortcut = SHORTCUTS.find(({ keys }) => keys.includes(event.key));
  if (shortcut?.act === undefined || !isPossible(shortcut, targets)) return;
  event.preventDefault();
  shortcut.act(targets, event.key);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog[open]") !== null) return true;
  return target instanceof HTMLInputElement
    ? !["checkbox", "radio"].includes(target.type)
    : target.matches("select, textarea");
}

function isPossible(shortcut: Shortcut, { store }: KeyTargets): boolean {
  const { where = "page" } = shortcut;
  if (!isFor(shortcut, store.viewer.peek())) return false;
  // A wall has no dialogs and no lists; a key pressed by accident must not open one for a week.
  if (store.looks.peek().kiosk) return where === "everywhere";
  return where !== "picture" || document.activeElement?.classList.contains("canvas") === true;
}
