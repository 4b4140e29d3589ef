import { type Box, around } from "../lib/box";
import type { Point } from "../lib/curve";
import type { Viewpoint } from "../model/looks";
import { type Insets, extent, frameOf, nudge } from "./camera";
import type { GraphCanvas } from "./graph";
import type { DrawnNode, Scene } from "./scene";

const CAMERA_MS = 350;
const ZOOM_MS = 180;
/** How long the camera must stand still before where it stands is told. */
const STILL_MS = 250;

export interface CameraEvents {
  /** The parts of the canvas that are covered now. */
  insets(): Insets;
  /** True when nothing should move that does not have to. */
  calm(): boolean;
  /** Where somebody moved the camera; null when it shows everything by itself again. */
  stood(at: Viewpoint | null): void;
}

/**
 * Moves the camera. It is free, and shows the whole picture, until somebody moves it; then it is
 * theirs, and nothing that happens in the mesh moves it.
 */
export class Cameraman {
  isFree = true;
  /** True when the picture is another one, which is to be shown whole. */
  private isDue = true;
  /** True while a viewpoint waits for the picture that it was taken of. */
  private isWaiting = false;
  /** True while the picture makes room for what is selected, or for the panel over it. */
  private isAside = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly graph: GraphCanvas,
    private readonly scene: Scene,
    private readonly on: CameraEvents,
  ) {}

  /** Show everything, and go on doing so. */
  fit(animated = true): void {
    const { isDue } = this;
    this.free();
    // Only a picture that is still to come is shown whole once more.
    this.isDue = isDue;
    this.frameWhole(animated);
  }

  /** Somebody moves the camera: it stays where they leave it. */
  take(): void {
    this.isFree = false;
    this.tellSoon();
  }

  /** Give the camera free; the next picture is shown whole. */
  free(): void {
    this.isDue = true;
    if (this.isFree) return;
    this.isFree = true;
    clearTimeout(this.timer);
    this.on.stood(null);
  }

  /** Stand where an address or a saved view says. */
  stand(at: Viewpoint | null, isOtherPicture: boolean): void {
    clearTimeout(this.timer);
    this.isFree = at === null;
    this.isWaiting = at !== null;
    if (at !== null) this.graph.look(at, at.k, 0);
    else if (isOtherPicture) this.isDue = true;
    else this.fit();
  }

  /** Another picture comes: unless a viewpoint came with it, it is shown whole. */
  turn(): void {
    if (!this.isWaiting) this.free();
    this.isWaiting = false;
    this.isDue = true;
  }

  /** The same picture is laid out in another way, or another part of it: that is shown whole. */
  rearranged(): void {
    this.isDue = true;
  }

  /** The picture has settled. Newcomers that are in sight already are no reason to move. */
  settled(animated: boolean): void {
    const isShown = !this.isDue && this.isInSight(this.whole());
    this.isDue = false;
    if (this.isFree && !isShown) this.frameWhole(animated);
  }

  /** Bring these nodes into sight. */
  reveal(nodes: readonly DrawnNode[]): void {
    this.take();
    this.frame(extent(nodes, []), true);
  }

  /** Move the picture a little if these are outside of it or behind a panel. */
  nudge(nodes: readonly DrawnNode[]): void {
    const ends = nodes.map((node) => this.graph.toScreen(node));
    if (ends.length === 0) return;
    const { x, y } = nudge(around(ends), this.graph.size, this.on.insets());
    if (x === 0 && y === 0) return;
    this.isAside = true;
    this.graph.pan(x, y, this.on.calm() ? 0 : CAMERA_MS);
  }

  /** Nothing is selected any more: what made room for it comes back. */
  comeBack(): void {
    if (this.isFree && this.isAside) this.frameWhole(true);
  }

  pan({ x, y }: Point): void {
    this.take();
    this.graph.pan(x, y, this.on.calm() ? 0 : ZOOM_MS);
  }

  /** Look at a point of the graph from as near as now. */
  lookAt(point: Point): void {
    this.take();
    this.graph.look(point, this.graph.camera().k, 0);
  }

  zoomBy(factor: number): void {
    this.take();
    this.graph.zoomBy(factor, this.on.calm() ? 0 : ZOOM_MS);
  }

  /** The camera has moved a step, whoever moves it. */
  moved(): void {
    if (!this.isFree) this.tellSoon();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private tellSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.on.stood(this.viewpoint()), STILL_MS);
  }

  private viewpoint(): Viewpoint {
    const { width, height } = this.graph.size;
    const { x, y } = this.graph.toGraph({ x: width / 2, y: height / 2 });
    return { x, y, k: this.graph.camera().k };
  }

  private whole(): Box | null {
    return extent(this.scene.nodes.values(), [...this.scene.hulls, ...this.scene.clusters]);
  }

  private isInSight(box: Box | null): boolean {
    if (box === null) return true;
    const { width, height } = this.graph.size;
    const insets = this.on.insets();
    const low = this.graph.toScreen({ x: box.x0, y: box.y0 });
    const high = this.graph.toScreen({ x: box.x1, y: box.y1 });
    const isWide = low.x >= insets.left && high.x <= width - insets.right;
    return isWide && low.y >= insets.top && high.y <= height - insets.bottom;
  }

  private frameWhole(animated: boolean): void {
    const { left, right, top, bottom } = this.on.insets();
    this.isAside = left + right + top + bottom > 0;
    this.frame(this.whole(), animated);
  }

  private frame(box: Box | null, animated: boolean): void {
    if (box === null) return;
    const { centre, scale } = frameOf(box, this.graph.size, this.on.insets());
    this.graph.look(centre, scale, animated && !this.on.calm() ? CAMERA_MS : 0);
  }
}
