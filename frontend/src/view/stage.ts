import type { Box } from "../lib/box";
import type { Point } from "../lib/curve";
import type { Layout, Viewpoint } from "../model/looks";
import type { Mesh } from "../model/mesh";
import type { Selection } from "../model/page";
import type { Places as SavedPlaces } from "../model/saved";
import { extent } from "./camera";
import { type CameraEvents, Cameraman } from "./cameraman";
import type { Pen } from "./draw/brush";
import { type Focus, focusOf, neighbourhood } from "./focus";
import { GraphCanvas } from "./graph";
import { hit, signAt } from "./hit";
import { readSaved, writtenSaved } from "./layout/keepsake";
import { type Direction, Walk } from "./navigate";
import { outline } from "./outlines";
import { readPalette } from "./palette";
import { ScenePainter, type Sheet } from "./painter";
import { type Particles, startParticles } from "./particles/client";
import { packFlows } from "./particles/flows";
import { Places } from "./places";
import { DOUBLE_CLICK_MS, listenToPointer } from "./pointer";
import { bendLines, redrawLines, redrawLinesAt } from "./routes";
import { type DrawnNode, type Hull, type Scene, emptyScene, update, writeLabels } from "./scene";

/** The zoom from which a line may say its numbers; see draw/edgelabels.ts. */
const NUMBERS_FROM = 0.25;
/** How long a pointer must rest on something before the rest steps back. */
const HOVER_MS = 120;

/** How long the panel of what was chosen outside the picture may take to be there. */
const PANEL_MS = 60;
/** How long a wish to see a node waits for it: later it would come as a surprise. */
const AWAITED_MS = 5_000;

export interface StageEvents extends CameraEvents {
  hovered(selection: Selection): void;
  selected(selection: Selection): void;
  /** A double click; true when it led to another picture. */
  opened(selection: Selection): boolean;
  /** A click on the sign of a namespace's box: it is to become one node. */
  collapsed(namespace: string): void;
  /** Nothing can be drawn until the first layout is there; false when it is. */
  laying(isLaying: boolean): void;
  /** The dots cannot keep up. */
  late(): void;
}

/** The picture: scene, places, canvas and dots, kept in step. Knows nothing of the store. */
export class Stage {
  readonly scene: Scene = emptyScene();
  readonly graph: GraphCanvas;
  readonly camera: Cameraman;
  private readonly painter: ScenePainter;
  private readonly particles: Particles;
  private readonly places: Places;
  private readonly observer: ResizeObserver;
  private readonly stopPointer: () => void;
  private readonly walk = new Walk();
  private found: Focus | null = null;
  /** What the pointer has rested on. */
  private lit: Selection = null;
  private lighting: ReturnType<typeof setTimeout> | undefined;
  private shown = "";
  private layout: { layout: Layout; focus: string | null } = { layout: "force", focus: null };
  private mesh: Mesh | null = null;
  private clickedAt = -Infinity;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private revealing: ReturnType<typeof setTimeout> | undefined;
  /** What is to be brought into sight when it is there, unless that takes too long. */
  private awaited: { ids: readonly string[]; until: number } | null = null;

  constructor(
    private readonly host: HTMLElement,
    layers: { dots: HTMLCanvasElement; graph: HTMLElement },
    private readonly on: StageEvents,
  ) {
    const look = { labels: new Set<never>(), focus: null, hover: null, selection: null };
    this.painter = new ScenePainter(this.scene, { palette: readPalette(host), ...look });
    this.particles = startParticles(layers.dots, () => on.late());
    let cameraman: Cameraman | null = null;
    this.graph = new GraphCanvas(layers.graph, this.painter, (camera) => {
      this.particles.tell({ kind: "camera", camera });
      cameraman?.moved();
    });
    this.camera = cameraman = new Cameraman(this.graph, this.scene, on);
    this.painter.canvas = this.graph;
    this.places = new Places(this.scene, {
      moving: () => this.nodesMoving(),
      settled: () => this.nodesSettled(),
      calm: () => on.calm(),
      centre: () => this.centre(),
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
    const picture = [mesh.graphType, ...mesh.scope].join("/");
    if (picture !== this.shown) this.camera.turn();
    this.shown = picture;
    this.mesh = mesh;
    const isOther = this.useView();
    const boxes = new Map(this.scene.hulls.map((hull) => [hull.namespace, hull]));
    const change = update(this.scene, mesh);
    if (change.members) {
      this.keepMiddles(boxes, isOther);
      this.places.arrange();
      this.on.laying(this.isBare());
    }
    // From far no number is written: most ticks change nothing there that could be seen.
    if (change.looks || this.graph.camera().k > NUMBERS_FROM || this.isAsked()) this.refocus();
    this.flow();
  }

  private isBare(): boolean {
    const nodes = [...this.scene.nodes.values()];
    return nodes.length > 0 && nodes.every((node) => !node.placed);
  }

  private isAsked(): boolean {
    const { selection, hover } = this.painter.look;
    return selection !== null || hover !== null;
  }

  /**
   * A namespace that becomes one node stands where the middle of its box was; in another picture
   * only where it was never placed.
   */
  private keepMiddles(boxes: ReadonlyMap<string | null, Hull>, isOther: boolean): void {
    for (const { id, node, placed } of this.scene.nodes.values()) {
      const box = placed || node.kind !== "namespace" ? undefined : boxes.get(node.namespace);
      if (box === undefined) continue;
      const middle = { x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 };
      this.places.suggest(id, middle, isOther);
    }
  }

  /** Lay the picture out in another way; what was placed in this way before stands as it did. */
  setLayout(layout: Layout, focus: string | null): void {
    const isOther = layout !== this.layout.layout || focus !== this.layout.focus;
    this.layout = { layout, focus };
    if (isOther) {
      this.camera.rearranged();
      this.refocus();
      this.flow();
    }
    if (!this.useView() || this.scene.nodes.size === 0) return;
    this.places.arrange();
  }

  private useView(): boolean {
    if (this.mesh === null) return false;
    const { graphType, scope } = this.mesh;
    return this.places.useView({ ...this.layout, graphType, scope });
  }

  /** The node that rings go round: what the picture is cut out round, else what is selected. */
  private centre(): string | null {
    const { selection } = this.painter.look;
    return this.layout.focus ?? (selection?.kind === "node" ? selection.id : null);
  }

  setLook(change: Partial<Pick<ScenePainter["look"], "labels" | "hover" | "selection">>): void {
    this.painter.look = { ...this.painter.look, ...change };
    if ("hover" in change) this.lightSoon();
    if (!("selection" in change)) return this.graph.redraw();
    this.refocus();
    this.flow();
  }

  /** Light what the pointer rests on, with its neighbours; the rest steps back. */
  private lightSoon(): void {
    clearTimeout(this.lighting);
    const { hover } = this.painter.look;
    this.lighting = setTimeout(() => {
      this.lit = hover;
      this.refocus();
      this.flow();
    }, HOVER_MS);
  }

  setFound(found: Focus | null): void {
    this.found = found;
    this.refocus();
    this.flow();
  }

  /** Write everything again, after the language changed. */
  rename(): void {
    if (this.mesh !== null) writeLabels(this.scene, this.mesh);
    this.graph.redraw();
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
    const whole = this.extent;
    if (whole === null) return;
    this.painter.paintTo(ctx, sheet, whole);
    // What can be clicked is where the screen has it, not the sheet.
    this.graph.redraw();
  }

  /** How wide and high the whole picture is, in the graph's units; null while it is empty. */
  get extent(): Box | null {
    return extent(this.scene.nodes.values(), [...this.scene.hulls, ...this.scene.clusters]);
  }

  setMotion(on: boolean): void {
    this.particles.tell({ kind: "motion", on });
  }

  fit(animated = true): void {
    this.camera.fit(animated);
  }

  /** Bring these nodes into sight; those that are only coming, when they have found a place. */
  reveal(ids: readonly string[]): void {
    const nodes = ids.flatMap((id) => this.scene.nodes.get(id) ?? []);
    const placed = nodes.filter((node) => node.placed);
    this.awaited = placed.length > 0 ? null : { ids, until: performance.now() + AWAITED_MS };
    if (placed.length === 0) return;
    // The panel of what is found covers a part of the picture, once it is there.
    clearTimeout(this.revealing);
    this.revealing = setTimeout(() => {
      this.revealing = undefined;
      this.camera.reveal(placed);
    }, PANEL_MS);
  }

  private revealAwaited(): void {
    const { awaited } = this;
    if (awaited === null) return;
    this.awaited = null;
    if (performance.now() < awaited.until) this.reveal(awaited.ids);
  }

  /**
   * Bring what is selected into sight, when the panel that may cover it is there. After a click
   * the picture, and the panel over it, wait for the second click of a double click.
   */
  lookSoon(): void {
    clearTimeout(this.looking);
    const wait = Math.max(PANEL_MS, this.clickedAt + DOUBLE_CLICK_MS - performance.now());
    this.looking = setTimeout(() => {
      // Where things are is known when the camera has arrived.
      if (this.revealing !== undefined || this.graph.isGliding) return this.lookSoon();
      this.stopLooking();
      if (this.painter.look.selection === null) this.camera.comeBack();
      else this.camera.nudge(this.selectedNodes());
    }, wait);
  }

  tidy(): void {
    this.camera.free();
    this.places.tidy();
  }

  /** Take the last move of a node back, or tidying up. */
  undo(): void {
    this.places.undo();
  }

  redo(): void {
    this.places.redo();
  }

  /** Where the nodes stand, to be kept with a view. */
  keepsake(): SavedPlaces | null {
    const saved = this.places.saved();
    return saved === null ? null : writtenSaved(saved);
  }

  /** Put the nodes where they stood when a view was kept. */
  place(places: SavedPlaces): void {
    const saved = readSaved(places);
    if (saved === null || !this.places.open(saved)) return;
    // Who moved no camera is shown all of it, wherever it stands now.
    if (this.camera.isFree) this.camera.free();
  }

  zoomBy(factor: number): void {
    this.camera.zoomBy(factor);
  }

  pan(by: Point): void {
    this.camera.pan(by);
  }

  stand(at: Viewpoint | null, isOtherPicture: boolean): void {
    this.camera.stand(at, isOtherPicture);
  }

  /** Select the next node along the calls, and keep it in sight. */
  step(way: Direction): void {
    const { selection } = this.painter.look;
    const from = selection?.kind === "node" ? this.scene.nodes.get(selection.id) : undefined;
    const next = this.walk.next(this.scene, from ?? null, way);
    if (next !== null) this.on.selected({ kind: "node", id: next.id });
  }

  get isSettled(): boolean {
    const isStill = this.looking === undefined && this.revealing === undefined;
    return this.places.isSettled && !this.graph.isGliding && isStill;
  }

  stop(): void {
    this.stopLooking();
    clearTimeout(this.lighting);
    clearTimeout(this.revealing);
    this.camera.stop();
    this.stopPointer();
    this.observer.disconnect();
    this.places.stop();
    this.particles.stop();
    this.graph.stop();
  }

  /** The selected node, both ends of the edge or all of the namespace, as far as they are placed. */
  private selectedNodes(): DrawnNode[] {
    const { selection } = this.painter.look;
    if (selection === null) return [];
    return this.nodesOf(selection).filter((each) => each.placed);
  }

  private nodesOf({ kind, id }: NonNullable<Selection>): DrawnNode[] {
    const { nodes, edges } = this.scene;
    if (kind === "namespace") {
      return [...nodes.values()].filter(({ node }) => node.namespace === id);
    }
    if (kind === "node") return [nodes.get(id)].filter((each) => each !== undefined);
    const edge = edges.get(id);
    return edge === undefined ? [] : [edge.source, edge.target];
  }

  private listen(): () => void {
    return listenToPointer(this.host, {
      hitAt: (point) => hit(this.scene, this.graph.toGraph(point), this.graph.camera().k),
      nodeOf: (target) =>
        target?.kind === "node" ? (this.scene.nodes.get(target.id) ?? null) : null,
      toGraph: (point) => this.graph.toGraph(point),
      hovered: (target) => this.on.hovered(target),
      clicked: (target, point) => this.clicked(target, point),
      opened: (target) => this.opened(target),
      dragged: (node) => this.dragged(node),
      dropped: (node) => this.dropped(node),
      panned: () => {
        this.awaited = null;
        this.camera.take();
      },
    });
  }

  private clicked(target: Selection, point: Point): void {
    const collapsing = signAt(this.scene, this.graph.toGraph(point));
    if (collapsing !== null) {
      // The box is gone, and with it what the pointer rested on.
      this.on.hovered(null);
      return this.on.collapsed(collapsing);
    }
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
    outline(this.scene);
    this.graph.redraw();
    this.flow();
  }

  private dropped(node: DrawnNode): void {
    Object.assign(node, { x: Math.round(node.x), y: Math.round(node.y) });
    this.places.pin(node);
    this.nodesAtRest();
  }

  private nodesMoving(): void {
    redrawLines(this.scene);
    outline(this.scene);
    this.graph.redraw();
    this.flow();
  }

  private nodesAtRest(): void {
    bendLines(this.scene);
    outline(this.scene);
    this.refocus();
    this.flow();
  }

  private nodesSettled(): void {
    this.on.laying(false);
    this.nodesAtRest();
    this.camera.settled(this.graph.frames > 2);
    this.revealAwaited();
  }

  private refocus(): void {
    const { selection } = this.painter.look;
    const { focus: centre } = this.layout;
    const focus =
      this.lit === null
        ? focusOf(this.scene, selection, this.found, centre)
        : focusOf(this.scene, this.lit, this.found);
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
    if (this.camera.isFree) this.fit(false);
  }
}
