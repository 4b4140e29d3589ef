import ForceGraph from "force-graph";
import type { Point } from "../lib/curve";
import { FARTHEST, NEAREST } from "./camera";
import type { Camera } from "./particles/player";

/** What the canvas asks its owner to paint, in the graph's coordinates. */
export interface Painter {
  paint(ctx: CanvasRenderingContext2D, scale: number): void;
}

/**
 * The only file that knows force-graph. It gives camera, pan and zoom, and a canvas that is
 * painted only when something changed. It is told of no nodes: digesting a large graph would hold
 * up the page for nothing, since all painting is our own. Places come from our own layout worker, and what is under
 * the pointer from our own geometry: force-graph's own test may lag 800 ms behind the picture.
 */
export class GraphCanvas {
  frames = 0;
  private readonly graph: ForceGraph;
  private glidesUntil = 0;

  constructor(host: HTMLElement, painter: Painter, moved: (camera: Camera) => void) {
    const graph = new ForceGraph(host);
    this.graph = graph
      .cooldownTicks(0)
      .enablePointerInteraction(false)
      .enableNodeDrag(false)
      .autoPauseRedraw(true)
      .minZoom(FARTHEST)
      .maxZoom(NEAREST)
      .onRenderFramePre((ctx, scale) => {
        this.frames += 1;
        painter.paint(ctx, scale);
      })
      .onZoom(() => moved(this.camera()));
    // force-graph picks a zoom of its own while it is at exactly 1; never let it be.
    graph.zoom(0.999);
  }

  resize(width: number, height: number): void {
    if (width !== this.graph.width()) this.graph.width(width);
    if (height !== this.graph.height()) this.graph.height(height);
  }

  get size(): { width: number; height: number } {
    return { width: this.graph.width(), height: this.graph.height() };
  }

  redraw(): void {
    // Setting any style marks the picture as changed; this one is not used otherwise.
    this.graph.nodeColor("color");
  }

  camera(): Camera {
    return { k: this.graph.zoom(), ...this.toScreen({ x: 0, y: 0 }) };
  }

  toScreen({ x, y }: Point): Point {
    return this.graph.graph2ScreenCoords(x, y);
  }

  toGraph({ x, y }: Point): Point {
    return this.graph.screen2GraphCoords(x, y);
  }

  /** Move the camera so that `centre` is in the middle, `scale` near. */
  look(centre: Point, scale: number, ms: number): void {
    this.glidesUntil = performance.now() + ms;
    this.graph.zoom(scale, ms);
    this.graph.centerAt(centre.x, centre.y, ms);
  }

  /** Move the picture by so many pixels. */
  pan(dx: number, dy: number, ms: number): void {
    this.glidesUntil = performance.now() + ms;
    const { x, y } = this.graph.centerAt();
    const scale = this.graph.zoom();
    this.graph.centerAt(x - dx / scale, y - dy / scale, ms);
  }

  zoomBy(factor: number, ms: number): void {
    const scale = Math.min(NEAREST, Math.max(FARTHEST, this.graph.zoom() * factor));
    this.glidesUntil = performance.now() + ms;
    this.graph.zoom(scale, ms);
  }

  get isGliding(): boolean {
    return performance.now() < this.glidesUntil + 50;
  }

  stop(): void {
    this.graph._destructor();
  }
}
