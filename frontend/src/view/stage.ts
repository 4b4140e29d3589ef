import { type Box, around } from "../lib/box";
import type { Mesh } from "../model/mesh";
import type { Selection } from "../model/page";
import { type Insets, extent, frameOf, nudge } from "./camera";
import type { Pen } from "./draw/brush";
import { type Focus, focusOf, neighbourhood } from "./focus";
import { GraphCanvas } from "./graph";
import { hit } from "./hit";
import { type Direction, nextNode } from "./navigate";
import { readPalette } from "./palette";
import { ScenePainter, type Sheet } from "./painter";
import { type Particles, startParticles } from "./particles/client";
import { packFlows } from "./particles/flows";
import { Places } from "./places";
import { DOUBLE_CLICK_MS, listenToPointer } from "./pointer";
import { bendLines, redrawLines, redrawLinesAt } from "./routes";
import { type DrawnNode, type Scene, emptyScene, hullsOf, update } from "./scene";

const CAMERA_MS = 350;

export interface StageEvents {
  hovered(selection: Selection): void;
  selected(selection: Selection): void;
  /** A double click; true when it led to another picture. */
  opened(selection: Selection): boolean;
  /** The parts of the canvas that are covered now. */
  insets(): Insets;
  /** True when nothing should move that does not have to. */
  calm(): boolean;
}

/** The picture: scene, places, canvas and dots, kept in step. Knows nothing of the store. */
export class Stage {
  readonly scene: Scene = emptyScene();
  readonly graph: GraphCanvas;
  private readonly painter: ScenePainter;
  private readonly particles: Particles;
  private readonly places: Places;
  private readonly observer: ResizeObserver;
  private readonly stopPointer: () => void;
  private found: Focus | null = null;
  /** True until somebody moves the camera: then it is theirs. */
  private cameraIsFree = true;
  private shown = { type: "", scope: "" };
  private clickedAt = -Infinity;
  private looking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    layers: { dots: HTMLCanvasElement; graph: HTMLElement },
    private readonly on: StageEvents,
  ) {
    const look = { labels: new Set<never>(), focus: null, hover: null, selection: null };
    this.painter = new ScenePainter(this.scene, { palette: readPalette(host), ...look });
    this.particles = startParticles(layers.dots);
    this.graph = new GraphCanvas(layers.graph, this.painter, (camera) => {
      this.particles.tell({ kind: "camera", camera });
    });
    this.painter.canvas = this.graph;
    this.places = new Places(this.scene, {
      moving: () => this.nodesMoving(),
      settled: () => this.nodesSettled(),
      calm: () => on.calm(),
    });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.resize();
    this.stopPointer = this.listen();
    this.restyle();
  }

  /** Show a mesh: metrics change in place; only new or lost ids cost a layout. */
  show(mesh: Mesh): void {
    if (mesh.source === null) return;
    const scope = mesh.scope.join();
    const isOtherPicture = mesh.graphType !== this.shown.type || scope !== this.shown.scope;
    if (isOtherPicture) this.cameraIsFree = true;
    this.shown = { type: mesh.graphType, scope };
    this.places.useView(mesh.graphType, mesh.scope);
    if (update(this.scene, mesh).members) this.places.arrange();
    this.refocus();
    this.flow();
  }

  setLook(change: Partial<Pick<ScenePainter["look"], "labels" | "hover" | "selection">>): void {
    this.painter.look = { ...this.painter.look, ...change };
    if ("selection" in change) this.refocus();
    else this.graph.redraw();
    if ("selection" in change) this.flow();
  }

  setFound(found: Focus | null): void {
    this.found = found;
    this.refocus();
    this.flow();
  }

  /** Read the colours again, after the theme changed. */
  restyle(): void {
    const palette = readPalette(this.host);
    this.painter.look = { ...this.painter.look, palette };
    this.particles.tell({
      kind: "colours",
      request: palette.dot,
      tcp: palette.tcp,
      error: palette.errorDot,
    });
    this.graph.redraw();
  }

  /**
   * Paint the whole picture on another canvas, as for an export: all nodes, whatever part of them
   * is on the screen, as large as fits. Texts keep their size of the screen.
   */
  paintTo(ctx: Pen, sheet: Sheet): void {
    const whole = extent(this.scene.nodes.values(), this.scene.hulls);
    if (whole !== null) this.painter.paintTo(ctx, sheet, whole);
  }

  /** How wide and high the whole picture is, in the graph's units; null while it is empty. */
  get extent(): Box | null {
    return extent(this.scene.nodes.values(), this.scene.hulls);
  }

  setMotion(on: boolean): void {
    this.particles.tell({ kind: "motion", on });
  }

  fit(animated = true): void {
    this.cameraIsFree = true;
    this.frame([...this.scene.nodes.values()], animated, true);
  }

  /** Bring these nodes into sight. */
  reveal(ids: readonly string[]): void {
    const nodes = ids.flatMap((id) => this.scene.nodes.get(id) ?? []);
    this.cameraIsFree = false;
    this.frame(nodes, true, false);
  }

  /**
   * Bring what is selected into sight, when the panel that may cover it is there. After a click
   * the picture, and the panel over it, wait for the second click of a double click.
   */
  lookSoon(): void {
    clearTimeout(this.looking);
    const wait = Math.max(0, this.clickedAt + DOUBLE_CLICK_MS - performance.now());
    this.looking = setTimeout(() => {
      this.stopLooking();
      this.bringIntoSight();
    }, wait);
  }

  /** Move the picture a little if what is selected is outside of it or behind a panel. */
  private bringIntoSight(): void {
    const ends = this.selectedNodes().map((node) => this.graph.toScreen(node));
    if (ends.length === 0) return;
    const { x, y } = nudge(around(ends), this.graph.size, this.on.insets());
    if (x !== 0 || y !== 0) this.graph.pan(x, y, this.on.calm() ? 0 : CAMERA_MS);
  }

  tidy(): void {
    this.cameraIsFree = true;
    this.places.tidy();
  }

  zoomBy(factor: number): void {
    this.cameraIsFree = false;
    this.graph.zoomBy(factor, this.on.calm() ? 0 : 180);
  }

  /** Select the next node in a direction, and keep it in sight. */
  step(way: Direction): void {
    const { selection } = this.painter.look;
    const from = selection?.kind === "node" ? this.scene.nodes.get(selection.id) : undefined;
    const next = nextNode(this.scene, from ?? null, way);
    if (next !== null) this.on.selected({ kind: "node", id: next.id });
  }

  get isSettled(): boolean {
    return this.places.isSettled && !this.graph.isGliding && this.looking === undefined;
  }

  stop(): void {
    this.stopLooking();
    this.stopPointer();
    this.observer.disconnect();
    this.places.stop();
    this.particles.stop();
    this.graph.stop();
  }

  private frame(nodes: readonly DrawnNode[], animated: boolean, whole: boolean): void {
    const box = extent(nodes, whole ? this.scene.hulls : []);
    if (box === null) return;
    const { centre, scale } = frameOf(box, this.graph.size, this.on.insets());
    this.graph.look(centre, scale, animated && !this.on.calm() ? CAMERA_MS : 0);
  }

  /** The selected node, or both ends of the selected edge, as far as they are placed. */
  private selectedNodes(): DrawnNode[] {
    const { selection } = this.painter.look;
    if (selection === null) return [];
    const edge = this.scene.edges.get(selection.id);
    const node = this.scene.nodes.get(selection.id);
    const nodes = selection.kind === "edge" ? [edge?.source, edge?.target] : [node];
    return nodes.filter((each) => each !== undefined).filter((each) => each.placed);
  }

  private listen(): () => void {
    return listenToPointer(this.host, {
      hitAt: (point) => hit(this.scene, this.graph.toGraph(point), this.graph.camera().k),
      nodeOf: (target) =>
        target?.kind === "node" ? (this.scene.nodes.get(target.id) ?? null) : null,
      toGraph: (point) => this.graph.toGraph(point),
      hovered: (target) => this.on.hovered(target),
      clicked: (target) => this.clicked(target),
      opened: (target) => this.opened(target),
      dragged: (node) => this.dragged(node),
      dropped: (node) => this.dropped(node),
      panned: () => (this.cameraIsFree = false),
    });
  }

  private clicked(target: Selection): void {
    this.clickedAt = performance.now();
    // A panel that opens under the pointer must not catch the second click.
    this.host.classList.add("clicked");
    this.on.selected(target);
    this.lookSoon();
  }

  private opened(target: Selection): void {
    this.stopLooking();
    if (this.on.opened(target)) return;
    if (target !== null) this.reveal([...neighbourhood(this.scene, target).nodes]);
  }

  private stopLooking(): void {
    clearTimeout(this.looking);
    this.looking = undefined;
    this.host.classList.remove("clicked");
  }

  private dragged(node: DrawnNode): void {
    redrawLinesAt(this.scene, node);
    this.scene.hulls = hullsOf(this.scene.nodes.values());
    this.graph.redraw();
    this.flow();
  }

  private dropped(node: DrawnNode): void {
    Object.assign(node, { x: Math.round(node.x), y: Math.round(node.y) });
    this.places.pin(node);
    this.nodesSettled();
  }

  private nodesMoving(): void {
    redrawLines(this.scene);
    this.scene.hulls = hullsOf(this.scene.nodes.values());
    this.graph.redraw();
    this.flow();
  }

  private nodesSettled(): void {
    bendLines(this.scene);
    this.scene.hulls = hullsOf(this.scene.nodes.values());
    this.refocus();
    this.flow();
    if (this.cameraIsFree) this.fit(this.graph.frames > 2);
  }

  private refocus(): void {
    const focus = focusOf(this.scene, this.painter.look.selection, this.found);
    this.painter.look = { ...this.painter.look, focus };
    this.graph.redraw();
  }

  private flow(): void {
    const flows = packFlows(this.scene, this.painter.look.focus);
    this.particles.tell({ kind: "flows", flows });
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    this.graph.resize(width, height);
    this.particles.tell({ kind: "size", width, height, ratio: window.devicePixelRatio });
    if (this.cameraIsFree) this.fit(false);
  }
}
