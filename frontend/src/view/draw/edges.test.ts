import { expect, it } from "vitest";
import { Occupancy } from "../../lib/occupancy";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import type { Selection } from "../../model/page";
import type { Palette } from "../palette";
import type { Brush } from "./brush";
import { paintEdges } from "./edges";

/** A canvas that notes width, in pixels of the screen, and clearness of every line, and counts heads. */
class NotedCanvas {
  widths: number[] = [];
  alphas: number[] = [];
  heads = 0;
  lineWidth = 0;
  globalAlpha = 1;

  constructor(private readonly scale: number) {}

  stroke = () => {
    this.widths.push(this.lineWidth * this.scale);
    this.alphas.push(this.globalAlpha);
  };
  fill = () => void (this.heads += 1);
  beginPath = () => undefined;
  moveTo = () => undefined;
  lineTo = () => undefined;
  closePath = () => undefined;
  bezierCurveTo = () => undefined;
  setLineDash = () => undefined;
}

const SCALE = 0.5;
const palette = { health: {}, tcp: "blue", accent: "white" } as unknown as Palette;

function paint(
  calm: number,
  troubled: number,
  rpsOf: (index: number) => number = () => 100,
  selection: Selection = null,
): NotedCanvas {
  const count = calm + troubled;
  const nodes = ["a", ...Array.from({ length: count }, (_, i) => `n${i}`)].map((id) => node(id));
  const edges = Array.from({ length: count }, (_, i) =>
    edge("a", `n${i}`, { health: i < calm ? "healthy" : "failing", rps: rpsOf(i) }),
  );
  const places = Object.fromEntries(nodes.map(({ id }, i) => [id, [i * 60, i * 60]] as const));
  const ctx = new NotedCanvas(SCALE);
  const brush = {
    ctx,
    scale: SCALE,
    hair: 1 / SCALE,
    sight: { x0: -1e6, y0: -1e6, x1: 1e6, y1: 1e6 },
    scene: scene(nodes, edges, places),
    palette,
    labels: new Set(),
    focus: null,
    hover: null,
    selection,
    taken: new Occupancy(),
  } as unknown as Brush;
  paintEdges(brush);
  return ctx;
}

it("draws the traffic of a few edges by the width of their lines, each with its head", () => {
  const { widths, heads } = paint(20, 1);

  expect(widths).toHaveLength(21);
  expect(Math.min(...widths)).toBeGreaterThan(1);
  expect(heads).toBe(21);
});

it("draws a crowd of lines no wider than a pixel, as one path, and trouble as ever", () => {
  const { widths, heads } = paint(600, 2);

  expect(widths).toHaveLength(3);
  expect(widths[0]).toBeLessThanOrEqual(1);
  expect(widths[1]).toBeGreaterThan(1);
  expect(heads).toBe(2);
});

it("lets the quiet lines among many step back, by rank, and leaves trouble clear", () => {
  // Each of four rates a quarter of the lines; the quietest are painted first.
  const { alphas } = paint(200, 1, (i) => 10 ** (i % 4));
  const clearness = [...new Set(alphas.slice(0, -1))];

  expect(clearness).toHaveLength(4);
  expect(Math.max(...clearness)).toBeGreaterThan(2 * Math.min(...clearness));
  expect(alphas.at(-1)).toBe(0.9);
  // So many can be told apart as they are.
  expect(new Set(paint(40, 0, (i) => 10 ** (i % 4)).alphas).size).toBe(1);
});

it("keeps what is chosen clear among any number of lines", () => {
  const chosen = { kind: "edge", id: "a|n0|http" } as const;

  const { alphas } = paint(600, 0, (i) => 10 ** (i % 4), chosen);

  expect(alphas.at(-1)).toBe(0.9);
});
