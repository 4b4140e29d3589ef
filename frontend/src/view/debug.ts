import { pointAt } from "../lib/curve";
import type { Selection } from "../model/page";
import type { Store } from "../model/store";
import { hit } from "./hit";
import type { Stage } from "./stage";

/** Where something is, in pixels of the page. */
export interface Spot {
  id: string;
  x: number;
  y: number;
}

/** A read-only look at the canvas for tests: what is drawn where. */
export interface DebugHandle {
  readonly settled: boolean;
  readonly frames: number;
  readonly seq: number;
  readonly epoch: string;
  readonly zoom: number;
  /** What the pointer rests on, or a finger asked about. */
  readonly hover: Selection;
  nodes(): Spot[];
  /** The middle of each line. */
  edges(): Spot[];
  /** The sign that collapses a namespace; null where it is not painted. */
  sign(namespace: string): Spot | null;
  /** What a click at a point of the page would choose. */
  hit(x: number, y: number): Selection;
}

declare global {
  interface Window {
    meshviz?: { readonly graph: DebugHandle };
  }
}

export function debugHandle(stage: Stage, store: Store, host: HTMLElement): DebugHandle {
  const corner = () => host.getBoundingClientRect();
  const onPage = (id: string, point: { x: number; y: number }): Spot => {
    const { left, top } = corner();
    const { x, y } = stage.graph.toScreen(point);
    return { id, x: x + left, y: y + top };
  };
  return Object.freeze({
    get settled() {
      return stage.isSettled && stage.scene.nodes.size > 0;
    },
    get frames() {
      return stage.graph.frames;
    },
    get seq() {
      return store.mesh.peek().seq;
    },
    get epoch() {
      return store.mesh.peek().epoch;
    },
    get zoom() {
      return stage.graph.camera().k;
    },
    get hover() {
      return store.hover.peek();
    },
    nodes: () =>
      [...stage.scene.nodes.values()].filter((n) => n.placed).map((n) => onPage(n.id, n)),
    edges: () => [...stage.scene.edges.values()].map((e) => onPage(e.id, pointAt(e.curve, 0.5))),
    sign: (namespace: string) => {
      const sign = stage.scene.hulls.find((hull) => hull.namespace === namespace)?.sign;
      if (!sign) return null;
      return onPage(namespace, { x: (sign.x0 + sign.x1) / 2, y: (sign.y0 + sign.y1) / 2 });
    },
    hit: (x: number, y: number) => {
      const { left, top } = corner();
      return hit(
        stage.scene,
        stage.graph.toGraph({ x: x - left, y: y - top }),
        stage.graph.camera().k,
      );
    },
  });
}
