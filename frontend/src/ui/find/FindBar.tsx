import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { NO_FILTER } from "../../model/filter";
import type { Store } from "../../model/store";
import { useApp } from "../context";

/** What is asked of the picture. The first picture does not wait for it: only its room is kept. */
export function FindBar() {
  const { store } = useApp();
  const Asking = useAsking();
  const isOpen = store.asking.value !== "closed";
  if (store.looks.value.kiosk || !(isOpen || isFiltered(store))) return null;
  if (Asking !== null) return <Asking />;
  return isOpen ? <div class="findbar" /> : null;
}

function isFiltered(store: Store): boolean {
  const filter = store.filter.value;
  return (Object.keys(NO_FILTER) as (keyof typeof filter)[]).some(
    (name) => filter[name] !== NO_FILTER[name],
  );
}

function useAsking(): ComponentType | null {
  const [part, setPart] = useState<{ Asking: ComponentType } | null>(null);
  useEffect(() => {
    // Without it the page still shows the mesh; a reload tries again.
    import("./Asking").then(setPart, () => undefined);
  }, []);
  return part?.Asking ?? null;
}
