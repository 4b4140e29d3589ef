import { batch, effect } from "@preact/signals";
import { type Selection, sameSelection } from "../model/page";
import { openSelection } from "../model/steps";
import type { Store } from "../model/store";
import type { Insets } from "./camera";
import { debugHandle } from "./debug";
import type { Direction } from "./navigate";
import { Stage } from "./stage";

const STEPS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** Put the picture into `host` and keep it in step with the store. */
export function mountStage(
  host: HTMLElement,
  layers: { dots: HTMLCanvasElement; graph: HTMLElement },
  store: Store,
  insets: () => Insets,
): { stage: Stage; stop: () => void } {
  const reduced = window.matchMedia("(prefers-reduced-motion: reduce)");
  const choose = (selection: Selection) => {
    if (!sameSelection(selection, store.selection.peek())) store.selection.value = selection;
  };
  const stage = new Stage(host, layers, {
    hovered: (target) => {
      if (!sameSelection(target, store.hover.peek())) store.hover.value = target;
    },
    selected: (target) => batch(() => choose(target)),
    opened: (target) => openSelection(store, target),
    insets,
    calm: () => reduced.matches,
  });
  const stops = [...bind(stage, store, reduced), listenToKeys(host, stage)];
  window.meshviz = { graph: debugHandle(stage, store, host) };
  return {
    stage,
    stop: () => {
      for (const stop of stops) stop();
      stage.stop();
    },
  };
}

function bind(stage: Stage, store: Store, reduced: MediaQueryList): (() => void)[] {
  return [
    effect(() => stage.setLook({ labels: new Set(store.labels.value) })),
    effect(() => stage.setLook({ hover: store.hover.value })),
    effect(() => {
      stage.setLook({ selection: store.selection.value });
      stage.lookSoon();
    }),
    effect(() => stage.setFound(store.matches.value)),
    effect(() => stage.show(store.picture.value)),
    // The style sheet switches with an attribute that is set in the same round: read it after.
    store.dark.subscribe(() => queueMicrotask(() => stage.restyle())),
    effect(() => {
      // Numbers that stand still must not look alive.
      const fresh = store.notice.value === null && !store.paused.value;
      const isSeen = store.looks.value.open === null;
      stage.setMotion(fresh && isSeen && !reduced.matches);
    }),
  ];
}

function listenToKeys(host: HTMLElement, stage: Stage): () => void {
  const controller = new AbortController();
  host.addEventListener(
    "keydown",
    (event) => {
      const way = STEPS[event.key];
      if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      stage.step(way);
    },
    { signal: controller.signal },
  );
  return () => controller.abort();
}
