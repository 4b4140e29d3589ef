import { effect, signal } from "@preact/signals";
import type { Motion, Stillness } from "../model/looks";
import type { Store } from "../model/store";
import type { Stage } from "./stage";

/** More edges than this do not move by themselves: their dots would be fog. */
const MOST_EDGES = 6_000;
/** How long dots rest that could not keep up, before they try again. */
const REST_MS = 60_000;

/** Why dots stand still although nobody switched them off; null when they may move. */
export function stillness(
  motion: Motion,
  { isReduced, isLate, edges }: { isReduced: boolean; isLate: boolean; edges: number },
): Stillness | null {
  if (motion === "off") return null;
  // An address that somebody sent does not outdo what the viewer's own system says.
  if (isReduced) return "reduced";
  return motion === "auto" && (isLate || edges > MOST_EDGES) ? "load" : null;
}

/** Let the dots move as long as they should: see `stillness`; and numbers that stand still do not. */
export function followMotion(
  stage: Stage,
  store: Store,
  reduced: MediaQueryList,
): { late: () => void; stop: () => void } {
  const isReduced = signal(reduced.matches);
  const isLate = signal(false);
  const heard = () => (isReduced.value = reduced.matches);
  reduced.addEventListener("change", heard);
  let rest: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const { motion } = store.looks.value;
    const edges = store.picture.value.edges.size;
    const now = { isReduced: isReduced.value, isLate: isLate.value, edges };
    store.still.value = stillness(motion, now);
    const isSeen = store.looks.value.open === null;
    stage.setMotion(store.moves.value && isSeen);
  });
  return {
    late: () => {
      isLate.value = true;
      clearTimeout(rest);
      rest = setTimeout(() => (isLate.value = false), REST_MS);
    },
    stop: () => {
      stop();
      clearTimeout(rest);
      reduced.removeEventListener("change", heard);
    },
  };
}
