import { useEffect, useRef } from "preact/hooks";
import { useApp } from "./context";
import { LayoutPicker } from "./LayoutPicker";
import { IconButton } from "./Toolbar";

/** The elements that the picture needs; whoever mounts it returns how to take it away. */
export type MountPicture = (elements: {
  host: HTMLElement;
  dots: HTMLCanvasElement;
  graph: HTMLElement;
}) => () => void;

/** The picture's place on the page. It can be focused, and steered with the arrow keys. */
export function Canvas({ mount }: { mount: MountPicture }) {
  const { store, t } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const dots = useRef<HTMLCanvasElement>(null);
  const graph = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current || !dots.current || !graph.current) return;
    return mount({ host: host.current, dots: dots.current, graph: graph.current });
  }, []);
  const isOld = store.notice.value?.kind === "banner";
  return (
    <div
      ref={host}
      class={isOld ? "canvas canvas-old" : "canvas"}
      tabIndex={0}
      role="application"
      aria-label={t("graph")}
      aria-describedby="graph-hint"
    >
      <canvas ref={dots} class="dots" />
      <div ref={graph} class="graph" />
    </div>
  );
}

/** Zoom, fit, layout and tidy, at the corner of the picture. */
export function CameraButtons() {
  const { commands, t } = useApp();
  return (
    <div class="camera" role="group" aria-label={t("graph")}>
      <IconButton icon="plus" label={t("zoomIn")} onClick={() => commands.zoomBy(1.4)} />
      <IconButton icon="minus" label={t("zoomOut")} onClick={() => commands.zoomBy(1 / 1.4)} />
      <IconButton icon="fit" label={t("fit")} onClick={() => commands.fit()} />
      <LayoutPicker />
      <IconButton icon="tidy" label={t("tidy")} onClick={() => commands.tidy()} />
    </div>
  );
}
