import { type Box, around, grow, union } from "../lib/box";
import { Occupancy } from "../lib/occupancy";
import type { Label } from "../model/labels";
import type { Selection } from "../model/page";
import type { Brush, Pen } from "./draw/brush";
import { paintEdgeLabels } from "./draw/edgelabels";
import { paintEdges } from "./draw/edges";
import { paintHulls } from "./draw/hulls";
import { paintNodeLabels } from "./draw/nodelabels";
import { paintNode } from "./draw/nodes";
import type { Focus } from "./focus";
import type { GraphCanvas, Painter } from "./graph";
import type { Palette } from "./palette";
import type { Scene } from "./scene";

/** What decides how the scene looks, apart from the scene itself. */
export interface Look {
  palette: Palette;
  labels: ReadonlySet<Label>;
  focus: Focus | null;
  hover: Selection;
  selection: Selection;
}

/** A picture of everything, for an export. */
export interface Sheet {
  /** In the units of the target, before `scale`. */
  width: number;
  height: number;
  /** Pixels of the target for each unit: 2 for a picture twice as sharp. */
  scale: number;
  /** The colour behind the picture; null leaves it clear. */
  background: string | null;
  /** Of another theme than the page's (`paletteOf`). */
  palette?: Palette;
}

type Target = Pick<Brush, "ctx" | "scale" | "hair" | "sight" | "isSheet">;

const MARGIN = 24;

/** Paints the scene: boxes, lines, nodes, then texts where there is room. */
export class ScenePainter implements Painter {
  /** The canvas that is painted on; set once it exists. */
  canvas: GraphCanvas | null = null;

  constructor(
    private readonly scene: Scene,
    public look: Look,
  ) {}

  paint(ctx: CanvasRenderingContext2D, scale: number): void {
    if (this.canvas === null) return;
    const { width, height } = this.canvas.size;
    const corner = this.canvas.toGraph({ x: 0, y: 0 });
    const sight = {
      x0: corner.x,
      y0: corner.y,
      x1: corner.x + width / scale,
      y1: corner.y + height / scale,
    };
    this.paintWith(
      { ctx, scale, hair: 1 / ctx.getTransform().a, sight, isSheet: false },
      this.look,
    );
  }

  /** Paint all of it on a sheet of another size, without what the pointer is at. */
  paintTo(ctx: Pen, sheet: Sheet, whole: Box): void {
    const box = grow(whole, MARGIN);
    const fits = Math.min(sheet.width / (box.x1 - box.x0), sheet.height / (box.y1 - box.y0));
    const look = { ...this.look, palette: sheet.palette ?? this.look.palette, hover: null };
    const centre = { x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 };
    const half = { x: sheet.width / fits / 2, y: sheet.height / fits / 2 };
    const sight = union(
      around([{ x: centre.x - half.x, y: centre.y - half.y }]),
      around([{ x: centre.x + half.x, y: centre.y + half.y }]),
    );
    ctx.save();
    ctx.scale(sheet.scale, sheet.scale);
    if (sheet.background !== null) {
      ctx.fillStyle = sheet.background;
      ctx.fillRect(0, 0, sheet.width, sheet.height);
    }
    ctx.scale(fits, fits);
    ctx.translate(-sight.x0, -sight.y0);
    const hair = 1 / (fits * sheet.scale);
    this.paintWith({ ctx, scale: fits, hair, sight, isSheet: true }, look);
    ctx.restore();
  }

  private paintWith(target: Target, look: Look): void {
    const brush: Brush = { ...target, scene: this.scene, ...look, taken: new Occupancy() };
    paintHulls(brush);
    paintEdges(brush);
    for (const node of this.scene.nodes.values()) paintNode(brush, node);
    paintNodeLabels(brush);
    paintEdgeLabels(brush);
  }
}
