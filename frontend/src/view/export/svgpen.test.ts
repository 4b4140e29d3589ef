// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { edge, node } from "../../testing/make";
import { scene } from "../../testing/scene";
import { ScenePainter } from "../painter";
import type { Palette } from "../palette";
import { SvgPen, escaped, solid } from "./svgpen";

const measure = (_: string, text: string) => ({ width: text.length * 50 }) as TextMetrics;
const colours = {
  healthy: "#0f0",
  degraded: "#fa0",
  failing: "#f00",
  idle: "#888",
  unknown: "#999",
};
const palette: Palette = {
  health: colours,
  tcp: "#00f",
  background: "#000",
  node: "#111",
  ink: "#fff",
  inkSoft: "#aaa",
  accent: "#0ff",
  hull: "rgb(125 150 200 / 5.5%)",
  hullLine: "rgb(140 165 215 / 20%)",
  badge: "#222",
  dot: "#afa",
  errorDot: "#f00",
};

const EVIL = `<script>"'&</text>`;

function painted(): Document {
  const drawn = scene(
    [node("a", { name: EVIL, kind: "gateway" }), node("b", { health: "failing", version: "v1" })],
    [edge("a", "b", { health: "failing", error_ratio: 0.5 })],
    { a: [0, 0], b: [300, 40] },
  );
  const look = { palette, labels: new Set(["rps"] as const), focus: null, hover: null };
  const pen = new SvgPen(measure);
  const sheet = { width: 800, height: 600, scale: 1, background: "#000" };
  const whole = { x0: -50, y0: -50, x1: 350, y1: 90 };
  new ScenePainter(drawn, { ...look, selection: null }).paintTo(pen, sheet, whole);
  const text = pen.file(800, 600, EVIL);
  return new DOMParser().parseFromString(text, "text/html");
}

it("writes nodes, edges and texts as vectors", () => {
  const file = painted();
  const texts = [...file.querySelectorAll("svg text")].map((text) => text.textContent);

  expect(file.querySelectorAll("svg path").length).toBeGreaterThan(4);
  expect(texts).toContain("1 rps");
  expect(texts).toContain("v1");
  expect(file.querySelector("svg path[stroke='#f00'][stroke-dasharray]")).not.toBeNull();
});

it("lets no name become markup", () => {
  const file = painted();

  expect(file.querySelector("script")).toBeNull();
  expect([...file.querySelectorAll("svg text")].map((text) => text.textContent)).toContain(EVIL);
});

it("draws circles, boxes and lines where a canvas would", () => {
  const pen = new SvgPen(measure);
  pen.scale(2);
  pen.translate(10, 5);
  pen.beginPath();
  pen.arc(0, 0, 4, 0, 2 * Math.PI);
  pen.fill();
  pen.save();
  pen.fillStyle = "#123456";
  pen.fillRect(1, 1, 3, 3);
  pen.restore();
  pen.beginPath();
  pen.lineTo(0, 0);
  pen.lineTo(1, 1);
  pen.globalAlpha = 0.5;
  pen.setLineDash([3, 1]);
  pen.stroke();

  expect(pen.file(10, 10, "t").split("\n").slice(2, -2)).toEqual([
    '<path d="M28 10A8 8 0 0 1 12 10A8 8 0 0 1 28 10" fill="#000000"/>',
    '<rect x="22" y="12" width="6" height="6" fill="#123456"/>',
    '<path d="M20 10L22 12" fill="none" stroke="#000000" stroke-opacity="0.5" stroke-width="2" stroke-dasharray="6 2"/>',
  ]);
});

it("tells transparency apart from the colour", () => {
  expect(solid("rgb(125 150 200 / 5.5%)")).toEqual({ colour: "rgb(125,150,200)", alpha: 0.055 });
  expect(solid("rgba(1, 2, 3, 0.5)")).toEqual({ colour: "rgb(1,2,3)", alpha: 0.5 });
  expect(solid("#7d96c833")).toEqual({ colour: "#7d96c8", alpha: 0.2 });
  expect(solid("#abc")).toEqual({ colour: "#abc", alpha: 1 });
});

it("writes no character that XML does not know", () => {
  expect(escaped("a\u0000b\u001b\ud800c & <d>")).toBe("a\ufffdb\ufffd\ufffdc &amp; &lt;d&gt;");
});
