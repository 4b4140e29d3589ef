import type { Box } from "../../lib/box";
import type { Occupancy } from "../../lib/occupancy";
import type { Health } from "../../model/entities";
import type { Label } from "../../model/labels";
import type { Selection } from "../../model/page";
import type { Focus } from "../focus";
import type { Palette } from "../palette";
import type { DrawnEdge, DrawnNode, Scene } from "../scene";

/** What painters ask of a canvas: whatever offers this can be painted on, such as an SVG. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "arc"
  | "beginPath"
  | "bezierCurveTo"
  | "closePath"
  | "fill"
  | "fillRect"
  | "fillStyle"
  | "fillText"
  | "font"
  | "globalAlpha"
  | "lineCap"
  | "lineJoin"
  | "lineTo"
  | "lineWidth"
  | "measureText"
  | "moveTo"
  | "restore"
  | "roundRect"
  | "save"
  | "scale"
  | "setLineDash"
  | "stroke"
  | "strokeStyle"
  | "strokeText"
  | "textAlign"
  | "textBaseline"
  | "translate"
>;

/** Everything a painter needs for one frame. Coordinates are the graph's; `scale` is the zoom. */
export interface Brush {
  ctx: Pen;
  scale: number;
  /** The width of one pixel of the target, in the graph's units. */
  hair: number;
  /** The part of the graph that is on the screen. */
  sight: Box;
  scene: Scene;
  palette: Palette;
  labels: ReadonlySet<Label>;
  focus: Focus | null;
  hover: Selection;
  selection: Selection;
  /** Rectangles of the screen that texts have taken, in pixels. */
  taken: Occupancy;
  /** True for a file, in which nothing can be clicked. */
  isSheet: boolean;
}

export const FONT = 'Inter, "Segoe UI", system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif';

/** How strongly things outside the focus are drawn. */
export const FAINT = 0.16;

/** The same by health: who looks at one thing must not miss that another one fails. */
const DIMMED: Readonly<Partial<Record<Health, number>>> = { failing: 0.5, degraded: 0.36 };

export function dimmed(health: Health): number {
  return DIMMED[health] ?? FAINT;
}

export function isNodeInFocus(brush: Brush, node: DrawnNode): boolean {
  return brush.focus === null || brush.focus.nodes.has(node.id);
}

export function isEdgeInFocus(brush: Brush, edge: DrawnEdge): boolean {
  return brush.focus === null || brush.focus.edges.has(edge.id);
}

/** A rectangle of the graph as pixels of the screen, for the occupancy of texts. */
export function onScreen({ scale, sight }: Brush, box: Box): Box {
  return {
    x0: (box.x0 - sight.x0) * scale,
    y0: (box.y0 - sight.y0) * scale,
    x1: (box.x1 - sight.x0) * scale,
    y1: (box.y1 - sight.y0) * scale,
  };
}

const widths = new Map<string, number>();

/** The width of `text` at a font size of one pixel; measured once per text and weight. */
export function textWidth(ctx: Pen, text: string, weight: number): number {
  const key = `${weight} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  // Numbers change every tick; without an end the cache would grow for ever.
  if (widths.size > 20_000) widths.clear();
  ctx.font = `${weight} 100px ${FONT}`;
  const width = ctx.measureText(text).width / 100;
  widths.set(key, width);
  return width;
}

// A wall is read from across a room. There is one picture on a page, and every text on it grows.
let enlargement = 1;

/** Make all texts larger, or as usual again. */
export function enlargeTexts(by: number): void {
  enlargement = by;
}

/** True on a wall, where nothing is to be touched. */
export function isWall(): boolean {
  return enlargement > 1;
}

/** The size of texts in the graph's units: constant on the screen, growing slowly when near. */
export function textSize(scale: number, px: number): number {
  return (px * enlargement * Math.sqrt(Math.max(1, scale))) / scale;
}
