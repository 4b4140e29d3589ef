import { fetchStatus } from "./live/api";
import type { Store } from "./model/store";

const PATIENCE_MS = 3_000;

/**
 * Learn which look-back windows there are: the page says so, else the server is asked. The share
 * of the time that Prometheus may be busy is on the page only.
 */
export async function learnWindows(store: Store, page: DOMStringMap): Promise<void> {
  const budget = Number(page.queryBudget);
  if (budget > 0) store.queryBudget.value = budget;
  if (page.windows !== undefined) {
    offer(store, page.windows.split(","), page.defaultWindow ?? null);
    return;
  }
  try {
    const status = await fetchStatus(AbortSignal.timeout(PATIENCE_MS));
    offer(store, status.windows, status.default_window);
  } catch {
    // The websocket's own state tells the viewer what is wrong.
  }
}

function offer(store: Store, windows: readonly string[], standard: string | null): void {
  store.windows.value = windows;
  store.defaultWindow.value = standard;
  const view = store.view.peek();
  // An old bookmark may name a window that this server does not offer.
  if (view.window !== null && !windows.includes(view.window)) {
    store.view.value = { ...view, window: null };
  }
}
