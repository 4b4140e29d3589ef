import { effect } from "@preact/signals";
import type { Viewpoint } from "../model/looks";
import type { Store } from "../model/store";
import type { Stage } from "./stage";

/**
 * Keep the camera and the store the same, both ways: what somebody moves is written, so that the
 * address carries it, and what comes from an address or a saved view is gone to. A camera belongs
 * to its picture: whoever goes to another one sees that whole, unless a camera comes with it.
 */
export function followCamera(
  stage: Stage,
  store: Store,
): { write: (camera: Viewpoint | null) => void; stop: () => void } {
  let ours: Viewpoint | null = null;
  let shown = "";
  const write = (camera: Viewpoint | null) => {
    ours = camera;
    if (camera !== store.looks.peek().camera) store.looks.value = { ...store.looks.peek(), camera };
  };
  const stop = effect(() => {
    const { camera, layout } = store.looks.value;
    const { graphType, namespaces } = store.view.value;
    const picture = [layout, graphType, ...namespaces].join("/");
    const isOther = picture !== shown;
    shown = picture;
    if (camera !== ours) {
      ours = camera;
      stage.stand(camera, isOther);
    } else if (isOther && camera !== null) {
      stage.stand(null, true);
      write(null);
    }
  });
  return { write, stop };
}
