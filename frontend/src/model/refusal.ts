import { batch } from "@preact/signals";
import type { ServerMessage } from "./entities";
import { windowName } from "./format";
import type { Mesh } from "./mesh";
import type { Store } from "./store";
import type { View } from "./view";

/**
 * Note what the server would not do. Where the view on screen goes on, the page asks for that one
 * again: its address and controls must not claim a view that is not there.
 */
export function refuse(store: Store, error: Extract<ServerMessage, { type: "error" }>): void {
  const { parameter } = error;
  const text = `${parameter}: ${error.detail} (${error.accepted})`;
  const mesh = store.mesh.peek();
  batch(() => {
    store.refusal.value = { text, parameter, fellBack: false };
    const isShown = store.link.peek().state === "open" && mesh.source !== null;
    if (parameter === "views" && isShown) {
      store.view.value = viewOn(mesh, store.defaultWindow.peek());
    }
  });
}

/** The view that the mesh is of; the default window goes without its name. */
export function viewOn(mesh: Mesh, defaultWindow: string | null): View {
  const window = windowName(mesh.windowS);
  return {
    graphType: mesh.overview?.asked ?? mesh.graphType,
    window: window === defaultWindow ? null : window,
    namespaces: mesh.scope,
    perspective: mesh.perspective,
    idle: mesh.idle,
    waypoints: mesh.waypoints,
    operations: mesh.operations,
    collapsed: mesh.collapsed,
  };
}
