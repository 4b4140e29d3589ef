import { Occupancy } from "../lib/occupancy";
import type { Label } from "../model/labels";
import type { Selection } from "../model/page";
import type { Brush } from "./draw/brush";
import { paintEdgeLabels } from "./draw/edgelabels";
import { paintEdges } from "./draw/edges";
import { paintHulls } from "./draw/hulls";
import { paintNodeLabels } from "./draw/nodelabels";
import { paintNode } from "./draw/nodes";
import type { Focus } from "./focus";
import type { GraphCanvas, Painter } from "./graph";
import type { Palette } from "./palette";
import type { DrawnNode, Scene } from "./scene";

/** What decides how the scene looks, apart from the scene itself. */
export interface Look {
  palette: Palette;
  labels: ReadonlySet<Label>;
  focus: Focus | null;
  hover: Selection;
  selection: Selection;
}

/** Paints the scene: boxes, lines, nodes, then texts where there is room. */
export class ScenePainter implements Painter {
  /** The canvas that is painted on; set once it exists. */
  canvas: GraphCanvas | null = null;
  private brush: Brush | null = null;

  constructor(
    private readonly scene: Scene,
    public look: Look,
  ) {}

  before(ctx: CanvasRenderingContext2D, scale: number): void {
    if (this.canvas === null) return;
    const { width, height } = this.canvas.size;
    const corner = this.canvas.toGraph({ x: 0, y: 0 });
    const sight = {
      x0: corner.x,
      y0: corner.y,
      x1: corner.x + width / scale,
      y1: corner.y + height / scale,
    };
    this.brush = { ctx, scale, sight, scene: this.scene, ...this.look, taken: new Occupancy() };
    paintHulls(this.brush);
    paintEdges(this.brush);
  }

  node(node: DrawnNode): void {
    if (this.brush !== null) paintNode(this.brush, node);
  }

  after(): void {
    if (this.brush === null) return;
    paintNodeLabels(this.brush);
    paintEdgeLabels(this.brush);
  }
}
