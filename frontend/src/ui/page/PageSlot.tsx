import { useEffect } from "preact/hooks";
import { useApp } from "../context";
import { lazily } from "../lazily";

const EntityPage = lazily(async () => (await import("./EntityPage")).EntityPage);

/** The place of a node's or edge's own page, over the picture, which stays as it is. */
export function PageSlot() {
  const { store } = useApp();
  const { open } = store.looks.value;
  useBehind(open !== null);
  return open === null ? null : <EntityPage key={open} id={open} />;
}

/** Nobody can go with the keyboard to what is covered; who comes back finds the picture in focus. */
function useBehind(isCovered: boolean): void {
  useEffect(() => {
    if (!isCovered) return;
    const picture = document.querySelector<HTMLElement>(".canvas");
    picture?.toggleAttribute("inert", true);
    return () => {
      picture?.toggleAttribute("inert", false);
      picture?.focus();
    };
  }, [isCovered]);
}
