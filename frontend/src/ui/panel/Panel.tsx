import { useEffect } from "preact/hooks";
import { useApp } from "../context";
import { lazily } from "../lazily";
import { Overview } from "./Overview";

const Selected = lazily(async () => (await import("./Selected")).Selected);

/**
 * The side panel: the chosen node, edge or namespace, or the whole picture when nothing is chosen.
 * Its inside is no part of the first picture, and is fetched when that is there.
 */
export function Panel() {
  const { store } = useApp();
  const isEmpty = store.mesh.value.nodes.size === 0;
  useEffect(() => {
    if (isEmpty) return;
    // Whoever clicks later finds it there, also when the server is gone by then.
    for (const part of [import("./Selected"), import("./OverviewDetails")]) {
      part.catch(() => undefined);
    }
  }, [isEmpty]);
  if (store.selection.value !== null) return <Selected />;
  return isEmpty ? null : <Overview />;
}
