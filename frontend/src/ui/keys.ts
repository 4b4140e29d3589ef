import type { Commands } from "../model/commands";
import { enterNode } from "../model/steps";
import type { Store } from "../model/store";
import { leaveSelection } from "./focus";

export interface KeyTargets {
  store: Store;
  commands: Commands;
  toggleTable(): void;
  focusPanel(): void;
}

/** Keys that work anywhere on the page, except while somebody types. */
export function handleKey(event: KeyboardEvent, targets: KeyTargets): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = actionFor(event.key, targets);
  if (act === null) return;
  event.preventDefault();
  act();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog[open]") !== null) return true;
  return target instanceof HTMLInputElement
    ? !["checkbox", "radio"].includes(target.type)
    : target.matches("select, textarea");
}

function actionFor(key: string, targets: KeyTargets): (() => void) | null {
  const { store, commands } = targets;
  switch (key) {
    case "/":
      return () => document.getElementById("search")?.focus();
    case "p":
      return () => (store.paused.value = !store.paused.peek());
    case "f":
    case "0":
      return () => commands.fit();
    case "+":
    case "=":
      return () => commands.zoomBy(1.4);
    case "-":
      return () => commands.zoomBy(1 / 1.4);
    case "t":
      return () => targets.toggleTable();
    case "?":
      return () => (store.dialog.value = "help");
    case "d":
      return () => (store.dialog.value = "diagnosis");
    case "Escape":
      return () => clear(store);
    case "Enter":
      return isOnCanvas() ? () => enter(targets) : null;
    default:
      return null;
  }
}

/** Into a namespace, else to the details of what is selected. */
function enter(targets: KeyTargets): void {
  const { store } = targets;
  if (!enterNode(store, store.selection.peek())) targets.focusPanel();
}

function clear(store: Store): void {
  leaveSelection(store);
  store.search.value = "";
}

function isOnCanvas(): boolean {
  return document.activeElement?.classList.contains("canvas") ?? false;
}
