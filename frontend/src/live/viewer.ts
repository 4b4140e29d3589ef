import { effect } from "@preact/signals";
import type { Store } from "../model/store";
import { viewerFrom } from "../model/viewer";
import type { Me } from "../wire/types";

/**
 * Ask again who looks whenever the server is back: it also hangs up when what somebody may do or
 * see has changed.
 */
export function watchViewer(
  store: Store,
  fetchMe: (signal: AbortSignal) => Promise<Me>,
): () => void {
  let wasAway = false;
  return effect(() => {
    const { state } = store.link.value;
    if (state === "waiting") wasAway = true;
    if (state !== "open" || !wasAway) return;
    wasAway = false;
    // As good as known: the server keeps to what is true in any case.
    askViewer(store, fetchMe).catch(() => undefined);
  });
}

/** Learn from the server who looks. */
export async function askViewer(
  store: Store,
  fetchMe: (signal: AbortSignal) => Promise<Me>,
): Promise<void> {
  store.viewer.value = viewerFrom(await fetchMe(AbortSignal.timeout(PATIENCE_MS)));
}

const PATIENCE_MS = 10_000;
