import { effect } from "@preact/signals";
import type { Store } from "./model/store";

/** Fetch what reads Find and Hide. */
async function learnLanguage(store: Store): Promise<void> {
  const { understand } = await import("./model/query/language");
  store.understand.value = understand;
}

/**
 * Have the language by the time it is needed. Resolves when what the address asks can be answered:
 * what is hidden must not be drawn first.
 */
export function syncLanguage(store: Store): Promise<void> {
  const learning: Promise<void>[] = [];
  effect(() => {
    const { find, hide } = store.filter.value;
    if ((find === "" && hide === "") || learning.length > 0) return;
    // A picture without the filter is better than none, and the next word tries again.
    learning.push(learnLanguage(store).catch(() => void learning.pop()));
  });
  return learning[0] ?? Promise.resolve();
}
