import { effect } from "@preact/signals";
import { recall, remember } from "../../lib/storage";
import type { Store } from "../../model/store";

const KEY = "meshviz.tour";

/** Show the tour on the first visit, when there is something to be shown. */
export function offerTour(store: Store, query: string): void {
  if (!isDue(query)) return;
  const stop = effect(() => {
    if (store.picture.value.nodes.size === 0 || store.looks.value.kiosk) return;
    if (store.dialog.peek() === null) store.dialog.value = "tour";
    queueMicrotask(() => stop());
  });
}

/** Once is enough, however it was left. */
export function rememberTour(): void {
  remember(KEY, "seen");
}

/** An address that asks for something was sent by somebody who wants that to be seen. */
function isDue(query: string): boolean {
  if (new URLSearchParams(query).get("tour") === "1") return true;
  return query === "" && !navigator.webdriver && recall(KEY) === null;
}
