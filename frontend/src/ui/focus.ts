import type { Store } from "../model/store";

/** Hand the keyboard to the picture. */
export function focusPicture(): void {
  document.querySelector<HTMLElement>(".canvas")?.focus();
}

/** Close the panel; whoever was in it with the keyboard goes back to the picture. */
export function leaveSelection(store: Store): void {
  const active = document.activeElement;
  const wasInside = active === null || active === document.body || active.closest("[data-panel]");
  const hadPanel = store.selection.peek() !== null;
  store.selection.value = null;
  if (hadPanel && wasInside) focusPicture();
}
