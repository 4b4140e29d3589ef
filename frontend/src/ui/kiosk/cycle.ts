import { batch } from "@preact/signals";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Commands } from "../../model/commands";
import { parsePage } from "../../model/page";
import { type SavedView, savedViews } from "../../model/saved";
import type { Store } from "../../model/store";
import { useApp } from "../context";
import { placeNodes } from "../placing";

/** How long each view is shown when nobody said so. */
export const USUAL_CYCLE_S = 30;

/** Show saved views in turn; returns the name of the one on screen, null when there is none. */
export function useCycle(): string | null {
  const { store, commands } = useApp();
  const { cycleS } = store.looks.value;
  const [shown, setShown] = useState<SavedView | null>(null);
  // Preact puts off an effect's end until after the next paint, and a page that was asleep runs its
  // timers first: the turn that was due would still come after the wall is gone.
  useLayoutEffect(() => {
    setShown(null);
    if (cycleS === null) return;
    let last: SavedView | null = null;
    let isOver = false;
    const go = async () => {
      const next = await nextView(commands, last);
      if (isOver || next === null) return;
      last = next;
      setShown(next);
      showOnWall(store, next.query);
      void placeNodes(commands, next);
    };
    void go();
    const timer = setInterval(() => void go(), cycleS * 1000);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [cycleS]);
  return shown?.name ?? null;
}

/** The view after `last`; asked for anew each time, so that a wall learns of new ones. */
async function nextView(commands: Commands, last: SavedView | null): Promise<SavedView | null> {
  try {
    const views = await savedViews(commands.shelf);
    const at = views.findIndex(({ id }) => id === last?.id);
    return views[(at + 1) % views.length] ?? null;
  } catch {
    // A server that is away for a while leaves what is shown.
    return null;
  }
}

/** Show another page, as a wall does: all of it, with nothing selected and nothing open. */
function showOnWall(store: Store, query: string): void {
  const page = parsePage(query);
  const { kiosk, cycleS } = store.looks.peek();
  batch(() => {
    store.view.value = page.view;
    store.labels.value = page.labels;
    store.filter.value = page.filter;
    store.selection.value = null;
    store.looks.value = { ...page.looks, camera: null, open: null, kiosk, cycleS };
  });
}
