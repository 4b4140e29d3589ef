import { batch, effect } from "@preact/signals";
import { type Selection, sameSelection } from "../model/page";
import { openSelection, toggleCollapsed } from "../model/steps";
import type { Store } from "../model/store";
import type { Insets } from "./camera";
import { debugHandle } from "./debug";
import { listenToKeys } from "./keys";
import { followMotion } from "./motion";
import { Stage } from "./stage";
import { followCamera } from "./standpoint";

/** A layout that takes no longer needs no word. */
const PATIENCE_MS = 400;

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
  let patience: ReturnType<typeof setTimeout> | undefined;
  const stage = new Stage(host, layers, {
    hovered: (target) => {
      if (!sameSelection(target, store.hover.peek())) store.hover.value = target;
    },
    selected: (target) => batch(() => choose(target)),
    opened: (target) => openSelection(store, target),
    insets,
    calm: () => reduced.matches,
    stood: (camera) => standpoint.write(camera),
    collapsed: (namespace) => toggleCollapsed(store, namespace),
    late: () => motion.late(),
    laying: (isLaying) => {
      clearTimeout(patience);
      if (isLaying) patience = setTimeout(() => (store.laying.value = true), PATIENCE_MS);
      else store.laying.value = false;
    },
  });
  const motion = followMotion(stage, store, reduced);
  const standpoint = followCamera(stage, store);
  const stops = [...bind(stage, store), standpoint.stop, motion.stop, listenToKeys(host, stage)];
  window.meshviz = { graph: debugHandle(stage, store, host) };
  return {
    stage,
    stop: () => {
      clearTimeout(patience);
      store.laying.value = false;
      for (const stop of stops) stop();
      stage.stop();
    },
  };
}

function bind(stage: Stage, store: Store): (() => void)[] {
  return [
    effect(() => stage.setLook({ labels: new Set(store.labels.value) })),
    effect(() => stage.setLook({ hover: store.hover.value })),
    effect(() => {
      stage.setLook({ selection: store.selection.value });
      stage.lookSoon();
    }),
    effect(() => stage.setFound(store.matches.value)),
    effect(() => stage.setLayout(store.looks.value.layout, store.filter.value.focus?.id ?? null)),
    effect(() => stage.show(store.picture.value)),
    // The style sheet switches with an attribute that is set in the same round: read it after.
    store.dark.subscribe(() => queueMicrotask(() => stage.restyle())),
    // Numbers on the lines are written in the page's language, and so are names that it gives.
    store.locale.subscribe(() => queueMicrotask(() => stage.rename())),
  ];
}
