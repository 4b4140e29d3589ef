import "@patternfly/react-core/dist/styles/base-no-reset.css";
import "./page.css";
import {
  action,
  GRAPH_LAYOUT_END_EVENT,
  TopologyView,
  Visualization,
  VisualizationProvider,
  VisualizationSurface,
} from "@patternfly/react-topology";
import { useLayoutEffect } from "react";
import { createRoot } from "react-dom/client";
import type { ServerMessage } from "../../../frontend/src/wire/types";
import { components, elements, layouts } from "./looks";
import { apply, type Mesh, meshOf } from "./mesh";
import { modelOf } from "./model";

/** What the bench asks; meshviz says the same in `window.meshviz.graph`. */
interface Told {
  settled: boolean;
  seq: number;
}

declare global {
  interface Window {
    rival?: Told;
  }
}

const PADDING = 90;
const asked = new URLSearchParams(location.search);
const isMoving = asked.get("motion") === "on";
const told: Told = { settled: false, seq: 0 };
window.rival = told;

const root = createRoot(document.body);
const controller = new Visualization();
controller.registerComponentFactory(components);
controller.registerElementFactory(elements);
controller.registerLayoutFactory(layouts);

// Always the same element, so that what is told below draws nothing anew.
const picture = (
  <VisualizationProvider controller={controller}>
    <TopologyView>
      <VisualizationSurface />
    </TopologyView>
  </VisualizationProvider>
);

/** Tells what is on the page now: React writes this together with what the library has changed. */
function Telling({ settled, seq }: Told) {
  useLayoutEffect(() => {
    Object.assign(told, { settled, seq });
  }, [settled, seq]);
  return picture;
}

controller.addEventListener(
  GRAPH_LAYOUT_END_EVENT,
  action(() => {
    controller.getGraph().fit(PADDING);
    root.render(<Telling settled seq={told.seq} />);
  }),
);

let mesh: Mesh | undefined;
const socket = new WebSocket(`ws://${location.host}/ws/graph`);
socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
  const message = JSON.parse(data) as ServerMessage;
  if (message.type === "snapshot") {
    mesh = meshOf(message);
    begin(mesh);
  } else if (message.type === "delta" && mesh) {
    apply(mesh, message);
    // The way of Kiali's updates: the whole model anew, merged by the library.
    controller.fromModel(modelOf(mesh, isMoving));
    root.render(<Telling settled={told.settled} seq={mesh.seq} />);
  }
});

function begin(first: Mesh): void {
  const layout = asked.get("layout") ?? "dagre";
  controller.fromModel({ graph: { id: "graph", type: "graph", layout } }, false);
  controller.fromModel(modelOf(first, isMoving));
  root.render(<Telling settled={false} seq={first.seq} />);
  // The library fits its picture to a surface that it has measured on the page.
  requestAnimationFrame(() => requestAnimationFrame(action(() => controller.getGraph().layout())));
}
